"""« Oui » and « non » that come back by SMS."""

from django.utils import timezone

from aid.help_requests.enums import RequestState
from aid.notifications import replies
from aid.notifications.services import channel_of
from aid.people.enums import Channel
from aid.proposals.enums import Outcome
from aid.proposals.models import Proposal, ProposalQuerySet
from aid.proposals.services import accept, decline
from aid.proposals.texts import NEWS_BY_SMS
from core.text import fold

# « Oui mais pas à 14 h » is for somebody to read.
LONGEST_ANSWER = 3
BUT = "mais"
NEWS = {
    Outcome.ACCEPTED: "yes",
    Outcome.CANDIDATE: "candidate",
    Outcome.DECLINED: "no",
    Outcome.TOO_LATE: "too_late",
}


def register() -> None:
    """Read what comes back by SMS. Called when the app is ready."""
    replies.register(answer_by_sms)


def answer_by_sms(phone: str, text: str) -> str | None:
    """Take a yes or a no from the phone of a volunteer with one proposal to answer; give the words to send back.

    None for other words, and for who has nothing to answer.
    """
    says_yes = _is_yes(text)
    if says_yes is None:
        return None
    theirs = Proposal.objects.filter(volunteer__person__phone=phone)
    waiting = list(theirs.to_answer().select_related("volunteer__person")[:2])
    if len(waiting) > 1:
        return NEWS_BY_SMS["several"]
    if waiting:
        outcome = accept(waiting[0]) if says_yes else decline(waiting[0])
        if outcome is Outcome.ACCEPTED and channel_of(waiting[0].volunteer.person) == Channel.SMS:
            return ""  # the SMS that tells whom to go to is enough
        return NEWS_BY_SMS[NEWS.get(outcome, "not_now")]
    late = _latest_taken(theirs) if says_yes else None
    return NEWS_BY_SMS[NEWS.get(accept(late), "not_now")] if late else None


def _is_yes(text: str) -> bool | None:
    words = fold(text).split()
    return None if len(words) > LONGEST_ANSWER or BUT in words else replies.is_yes(text)


def _latest_taken(proposals: ProposalQuerySet) -> Proposal | None:
    """What a yes that has just come too late was about."""
    taken = proposals.asked().filter(request__state=RequestState.AGREED, request__ends_at__gt=timezone.now())
    return taken.order_by("-pk").first()
