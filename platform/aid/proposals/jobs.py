"""What is done about proposals out of anybody's way. Each looks at the request anew, and may run twice."""

from aid.followups.enums import FollowUpKind
from aid.help_requests.enums import RequestState
from aid.notifications.services import send, send_many
from aid.proposals import services, texts
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal
from aid.proposals.times import starts_at
from tenants.jobs import town_job

TRIES = 3


@town_job(name="proposals.ask_volunteers", retry=TRIES)
def ask_volunteers(*, request: int) -> None:
    """Ask every volunteer of the kind and the area."""
    services.ask_volunteers(request)


@town_job(name="proposals.tell_others", retry=TRIES)
def tell_others(*, request: int) -> None:
    """Tell those who have not answered that somebody goes. Who said no is left in peace."""
    found = services.locked_request(request)
    if found is not None and found.state == RequestState.AGREED:
        words = texts.already_taken(found)
        asked = Proposal.objects.filter(request=found).asked().select_related("volunteer__person")
        send_many([(one.volunteer.person, "taken", f"taken:{one.pk}", words) for one in asked])


@town_job(name="proposals.tell_cancelled", retry=TRIES)
def tell_cancelled(*, request: int) -> None:
    """Tell who was going that nobody needs to; or, where nobody had said yes, those who had not answered."""
    found = services.locked_request(request)
    if found is None or found.state != RequestState.CANCELLED:
        return
    words = texts.cancelled(found)
    if found.volunteer:
        if found.person.deceased_on is not None:
            words = texts.who_was_awaited_died(found)
        # By `send`: who cannot be written to is called, lest they go for nothing.
        send(
            person=found.volunteer.person,
            kind="cancelled",
            key=f"cancelled:{found.pk}",
            words=words,
            needed_by=starts_at(found),
        )
        return
    asked = Proposal.objects.filter(request=found).asked().select_related("volunteer__person")
    letters = [(one.volunteer.person, "cancelled", f"cancelled:proposal:{one.pk}", words) for one in asked]
    send_many(letters, needed_by=starts_at(found))


@town_job(name="proposals.notice_silence", retry=TRIES)
def notice_silence(*, request: int) -> None:
    """Tell the town that nobody has answered."""
    found = services.locked_request(request)
    if found is not None and found.state == RequestState.OPEN:
        services.tell_town(found, FollowUpKind.UNANSWERED, texts.nobody_answered(found))


@town_job(name="proposals.ask_whether_done", retry=TRIES)
def ask_whether_done(*, request: int) -> None:
    """Ask who went how it was."""
    found = services.locked_request(request)
    if found is not None and found.state == RequestState.AGREED:
        proposal = Proposal.objects.get(request=found, answer=Answer.YES)
        words = texts.is_it_done(proposal, found)
        send(person=found.volunteer.person, kind="end", key=f"end:{proposal.pk}", words=words)


@town_job(name="proposals.notice_no_end", retry=TRIES)
def notice_no_end(*, request: int) -> None:
    """Tell the town that nobody said how it ended."""
    found = services.locked_request(request)
    if found is not None and found.state == RequestState.AGREED:
        services.tell_town(found, FollowUpKind.NOT_CLOSED, texts.NO_END)
