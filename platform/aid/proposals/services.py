"""The verbs of proposals: ask volunteers, say yes, say no.

Locks are taken in one order everywhere: where a service is counted the person (help_requests), then the request, then
its volunteer, then its proposals. So answers to one request come one after the other, however many at once, and none
waits for another that waits for it.
"""

import contextlib
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from aid.followups.enums import FollowUpKind
from aid.followups.services import ask, settle
from aid.help_requests import transitions
from aid.help_requests.enums import AGREE, GIVE_UP, RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import SUBJECT
from aid.help_requests.services import finish as finish_request
from aid.moderation.sanctions import is_excluded
from aid.moderation.texts import ASKED_BY_EXCLUDED
from aid.notifications.services import messages_by_key, send_many
from aid.offers.services import volunteers_for
from aid.onboarding.models import Volunteer
from aid.proposals import texts
from aid.proposals.codes import give_codes
from aid.proposals.enums import Answer, Outcome
from aid.proposals.models import Proposal
from aid.proposals.times import part_of_day, starts_at


@transaction.atomic
def ask_volunteers(request_id: int) -> int:
    """Ask every volunteer who was not asked yet about a request that is open; how many that makes.

    Where there is nobody to ask, or who asks is excluded, the town is told at once.
    """
    request = locked_request(request_id)
    if request is None or request.state != RequestState.OPEN:
        return 0
    if is_excluded(request.person):
        tell_town(request, FollowUpKind.UNANSWERED, ASKED_BY_EXCLUDED)
        return 0
    known = Proposal.objects.filter(request=request).values("volunteer")
    volunteers = volunteers_for(
        kind=request.kind,
        commune=request.commune,
        asker=request.person,
        day=request.day,
        moment=part_of_day(request),
    )
    asked = [Proposal(request=request, volunteer=volunteer) for volunteer in volunteers.exclude(pk__in=known)]
    give_codes(asked, request.pk)
    made = Proposal.objects.bulk_create(asked)
    words_for = texts.proposal_words(request)
    letters = [(one.volunteer.person, "proposal", _key(one), words_for(one)) for one in made]
    written = send_many(letters, needed_by=starts_at(request))
    if not written and not Proposal.objects.filter(request=request).exclude(pk__in=[one.pk for one in made]).exists():
        words = texts.NOBODY_TO_WRITE_TO if made else texts.NOBODY_TO_ASK
        tell_town(request, FollowUpKind.UNANSWERED, words)
    return len(made)


@transaction.atomic
def accept(proposal: Proposal, *, by_account: Account | None = None) -> Outcome:
    """Say yes, themselves or by telephone to an agent. The first one wins and both are told (listeners).

    The others learn that somebody goes already. Saying yes again changes nothing.
    """
    proposal = _locked(proposal)
    outcome = proposal.outcome
    if outcome is Outcome.TO_ANSWER:
        volunteer = proposal.volunteer
        transitions.take(
            proposal.request, AGREE, by_account=by_account, by_person=volunteer.person, volunteer=volunteer
        )
        return Outcome.ACCEPTED
    if outcome is Outcome.TOO_LATE and proposal.answer == Answer.ASKED:
        _answer(proposal, Answer.TOO_LATE)
    return outcome


@transaction.atomic
def decline(proposal: Proposal) -> Outcome:
    """Say no. Who has said yes calls the town instead: somebody counts on them."""
    proposal = _locked(proposal)
    if proposal.answer == Answer.ASKED:
        _answer(proposal, Answer.NO)
    return proposal.outcome


@transaction.atomic
def tell_done(proposal: Proposal, *, minutes: int, words: str = "") -> Outcome:
    """The volunteer says that it is done, and how long it took."""
    # Who finishes a request locks its person first: nothing is locked here before.
    if proposal.outcome is Outcome.TO_CLOSE:
        with contextlib.suppress(transitions.NotAllowedError):
            finish_request(proposal.request, minutes=minutes, words=words, by_person=proposal.volunteer.person)
    return Proposal.objects.with_page_related_data().get(pk=proposal.pk).outcome


@transaction.atomic
def tell_not_held(proposal: Proposal, *, words: str) -> Outcome:
    """The volunteer says that the meeting did not take place, and why: the town looks into it."""
    proposal = _locked(proposal)
    if proposal.outcome is Outcome.TO_CLOSE:
        request = transitions.take(
            proposal.request, GIVE_UP, by_person=proposal.volunteer.person, words=words, closing_words=words
        )
        tell_town(request, FollowUpKind.NOT_CLOSED, texts.not_held(words))
        return Outcome.NOT_HELD
    return proposal.outcome


def with_messages(proposals: Iterable[Proposal]) -> list[Proposal]:
    """These proposals, each with the message that made it as `message`, or None; in one query."""
    proposals = list(proposals)
    found = messages_by_key([_key(one) for one in proposals])
    for one in proposals:
        one.message = found.get(_key(one))
    return proposals


def mark_yes(request: HelpRequest) -> Proposal:
    """Keep the yes of who goes, whichever door it came by: the desk may agree for somebody who was never asked."""
    proposal, _ = Proposal.objects.update_or_create(
        request=request, volunteer=request.volunteer, defaults={"answer": Answer.YES, "answered_at": timezone.now()}
    )
    return proposal


def locked_request(request_id: int) -> HelpRequest | None:
    """The request as it is, until the end of the transaction; None if it is gone."""
    # Locked first, then read: its person or its volunteer may be another while it waits (aid.privacy.merging).
    list(HelpRequest.objects.select_for_update().filter(pk=request_id).values_list("pk"))
    return HelpRequest.objects.with_list_related_data().filter(pk=request_id).first()


def tell_town(request: HelpRequest, kind: FollowUpKind, words: str) -> None:
    """Have somebody at the town look at a request."""
    ask(kind=kind, person=request.person, subject=(SUBJECT, request.pk), words=words)


def untell_town(request: HelpRequest, outcome: str) -> None:
    """Close what the town was asked to look at, since the request has moved on."""
    for kind in (FollowUpKind.UNANSWERED, FollowUpKind.NOT_CLOSED, FollowUpKind.ONBOARDING):
        settle(subject=(SUBJECT, request.pk), kind=kind, outcome=outcome)


def _key(proposal: Proposal) -> str:
    return f"proposal:{proposal.pk}"


def _locked(proposal: Proposal) -> Proposal:
    HelpRequest.objects.select_for_update(of=["self"]).get(pk=proposal.request_id)
    # The volunteer too: who is suspended at this instant says no yes, or had said it and it is reviewed.
    volunteer = Volunteer.objects.select_for_update(of=["self"], no_key=True).filter(proposals=proposal.pk)
    list(volunteer.values_list("pk"))
    found = Proposal.objects.with_page_related_data().select_for_update(of=["self"])
    return found.get(pk=proposal.pk)


def _answer(proposal: Proposal, answer: Answer) -> None:
    proposal.answer = answer
    proposal.answered_at = timezone.now()
    proposal.save(update_fields=["answer", "answered_at"])
