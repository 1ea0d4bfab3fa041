"""Who may open a proposal: who holds its link, in this town."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from aid.cards.words import word_for
from aid.help_requests.access import was_met_lately
from aid.people.models import Person
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal, ProposalQuerySet
from core.links import number_of


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
    """What somebody may still answer, and what they said yes to; with what a page about each shows."""
    theirs = Proposal.objects.filter(volunteer__person=person)
    return (theirs.to_answer() | theirs.filter(answer=Answer.YES)).with_page_related_data()


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
    return proposal.answer == Answer.YES and was_met_lately(proposal.request)


def worrying_about(proposal: Proposal) -> Person:
    """About whom they may say that they worry. Raises Http404."""
    if not may_worry(proposal):
        raise Http404
    return proposal.request.person
