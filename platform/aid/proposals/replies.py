"""« Oui » and « non » that come back by SMS."""

from django.utils import timezone

from aid.help_requests.enums import GOING
from aid.notifications import replies
from aid.notifications.channels import channel_of
from aid.notifications.enums import REPLY
from aid.notifications.models import Message
from aid.people.enums import Purpose, Way
from aid.proposals import texts
from aid.proposals.codes import part_from_code
from aid.proposals.enums import GOES, Outcome
from aid.proposals.models import Proposal, ProposalQuerySet
from aid.proposals.services import accept, decline
from core.text import fold

# After these a yes or a no is about what was proposed; after any other SMS it may answer what that one asks.
ABOUT_PROPOSALS = frozenset(["proposal", "taken", "cancelled", REPLY])
# « Oui mais pas à 14 h » is for somebody to read.
LONGEST_ANSWER = 3
BUT = "mais"
NEWS = {
    Outcome.ACCEPTED: "yes",
    Outcome.CANDIDATE: "candidate",
    Outcome.DECLINED: "no",
    Outcome.TOO_LATE: "too_late",
    Outcome.NOT_CHOSEN: "too_late",
}


def register() -> None:
    """Read what comes back by SMS. Called when the app is ready."""
    replies.register(answer_by_sms)


def answer_by_sms(phone: str, text: str, question: Message | None) -> str | None:
    """Take a yes or a no from the phone of a volunteer: to the proposal whose code they give, else to the one that they
    have just read, where no other waits. Give the words to send back, which may be the codes to use.

    None for other words, for who has nothing to answer, where the last SMS asked something else, and where two
    volunteers read at this number and no code says which of them writes: somebody reads those.
    """
    words, code = part_from_code(fold(text))
    says_yes = _is_yes(words)
    if says_yes is None:
        return None
    theirs = Proposal.objects.filter(volunteer__person__phone=phone).standing().with_page_related_data()
    waiting = list(theirs.to_answer().order_by("pk"))
    if code:
        return _by_code(code, theirs, waiting, says_yes=says_yes)
    if question is None or question.kind not in ABOUT_PROPOSALS or len({one.volunteer_id for one in waiting}) > 1:
        return None
    if len(waiting) > 1 or (waiting and question.key != waiting[0].key("proposal")):
        return texts.ask_for_code(waiting)
    chosen = waiting[0] if waiting else _taken(theirs, question) if says_yes else None
    return _answered(chosen, says_yes=says_yes) if chosen else None


def _by_code(code: str, theirs: ProposalQuerySet, waiting: list[Proposal], *, says_yes: bool) -> str | None:
    is_theirs = [one for one in waiting if one.code == code]
    chosen = is_theirs[0] if is_theirs else theirs.filter(code=code).order_by("-pk").first()
    if chosen is not None:
        return _answered(chosen, says_yes=says_yes)
    return texts.unknown_code(code, waiting) if theirs.exists() else None


def _answered(proposal: Proposal, *, says_yes: bool) -> str | None:
    outcome = accept(proposal) if says_yes else decline(proposal)
    # Who changes their mind is called: somebody counts on them, or another may go by now.
    if outcome in (GOES if not says_yes else {Outcome.DECLINED}):
        return None
    if outcome is Outcome.ACCEPTED and channel_of(proposal.volunteer.person, Purpose.REQUESTS) == Way.SMS:
        return ""  # the SMS that tells whom to go to is enough
    is_full = outcome is Outcome.NOT_CHOSEN and proposal.offer_id is not None
    return texts.NEWS_BY_SMS["full" if is_full else NEWS.get(outcome, "not_now")]


def _is_yes(folded: str) -> bool | None:
    words = folded.split()
    return None if len(words) > LONGEST_ANSWER or BUT in words else replies.is_yes(folded)


def _taken(proposals: ProposalQuerySet, question: Message) -> Proposal | None:
    """What a yes that comes too late is about: the last SMS proposed it, or said that somebody else goes."""
    taken = proposals.asked().filter(request__state__in=GOING, request__ends_at__gt=timezone.now())
    return next((one for one in taken if question.key in {one.key("proposal"), one.key("taken")}), None)
