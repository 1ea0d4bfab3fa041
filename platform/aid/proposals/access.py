"""Who may open a proposal: who holds its link, in this town."""

from datetime import timedelta
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from aid.cards.words import word_for
from aid.help_requests.enums import GIVEN, GOING, LOOKING, RequestState
from aid.help_requests.models import HelpRequest, HelpRequestQuerySet
from aid.people.models import Person
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal, ProposalQuerySet
from core.links import number_of

# How long after a rendezvous a volunteer may still say that they worry.
MET_LATELY = timedelta(days=60)
# Who said yes, be it that they then met nobody.
WENT = (Answer.YES, Answer.NOT_HELD)
MET = (*GOING, *GIVEN, RequestState.UNMET)


def proposal_or_404(token: str) -> Proposal:
    """The proposal that a link opens, with what its page shows. Absent and forged links get the same 404."""
    number = number_of("answer", token)
    if number is None:
        raise Http404
    known = Proposal.objects.with_page_related_data()
    proposal = known.filter(pk=number).first()
    if proposal is None:
        raise Http404
    card = proposal.volunteer.person
    if card.merged_into_id is None:
        return proposal
    # Asked twice, once a card: the answer is the one that was kept.
    return known.filter(request=proposal.request, volunteer__person=card.merged_into_id).first() or proposal


def proposals_of(person: Person) -> ProposalQuerySet:
    """What somebody may still answer, put themselves forward for, or said yes to; with what a page about each shows."""
    theirs = Proposal.objects.filter(volunteer__person=person)
    awaited = theirs.waiting().filter(answer=Answer.CANDIDATE, request__state__in=LOOKING)
    return (theirs.to_answer() | theirs.yes() | awaited).with_page_related_data()


def proposal_of(person: Person, request_uid: UUID) -> Proposal:
    """What somebody was asked about a request, whatever became of it. Raises Http404."""
    theirs = Proposal.objects.filter(volunteer__person=person).with_page_related_data()
    return get_object_or_404(theirs, request__uid=request_uid)


def word_at_the_door(proposal: Proposal) -> str:
    """What its volunteer says at the door, as long as they are awaited; empty where there is nothing. Journalled."""
    asked = proposal.request
    return word_for(proposal.volunteer, asked.person) if asked.ends_at > timezone.now() else ""


def may_worry(proposal: Proposal) -> bool:
    """Whether its volunteer said yes, and goes there or went lately; one who is suspended since may still worry."""
    return proposal.answer in WENT and _was_met_lately(proposal.request)


def worrying_about(proposal: Proposal) -> Person:
    """About whom they may say that they worry. Raises Http404."""
    if not may_worry(proposal):
        raise Http404
    return proposal.request.person


def met_lately(helper: Person) -> HelpRequestQuerySet:
    """The rendezvous that somebody said yes to, to come or of the last sixty days, with who lives."""
    said_yes = Proposal.objects.yes().filter(volunteer__person=helper).values("request")
    since = timezone.now() - MET_LATELY
    agreed = HelpRequest.objects.filter(
        pk__in=said_yes, state__in=MET, ends_at__gte=since, person__isnull=False, person__deceased_on=None
    )
    return agreed.select_related("person__merged_into", "kind").order_by("-ends_at", "-pk")


def came_lately(person: Person) -> list[Person]:
    """Who said yes to somebody's requests, to come or in the last sixty days: each once, the latest first."""
    since = timezone.now() - MET_LATELY
    met = Proposal.objects.yes().filter(request__person=person, request__state__in=MET, request__ends_at__gte=since)
    helpers = (one.volunteer.person for one in met.select_related("volunteer__person").order_by("-request__ends_at"))
    return list({one.pk: one for one in helpers if one.is_living}.values())


def _was_met_lately(request: HelpRequest) -> bool:
    """The same of one request, as it is in memory, for who said yes to it."""
    is_recent = request.ends_at >= timezone.now() - MET_LATELY
    is_living = request.person is not None and request.person.deceased_on is None
    return is_living and request.state in MET and is_recent
