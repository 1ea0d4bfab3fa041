"""What is done about proposals out of anybody's way. Each looks at the request anew, and may run twice."""

from aid.followups.enums import FollowUpKind
from aid.help_requests.enums import AGREE, GOING, LOOKING, RequestState
from aid.help_requests.models import RequestStep
from aid.notifications.services import send, send_many
from aid.proposals import services, texts
from aid.proposals.models import Proposal
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
    if found is not None and found.state in GOING:
        services.tell_others(found)


@town_job(name="proposals.ask_again", retry=TRIES)
def ask_again(*, request: int) -> None:
    """Somebody who was to go cannot: ask whoever was told that it was taken, then whoever was not asked yet."""
    services.ask_again(request)


@town_job(name="proposals.tell_cancelled", retry=TRIES)
def tell_cancelled(*, request: int) -> None:
    """Tell who was going that nobody needs to; or, where nobody had said yes, those who had not answered."""
    found = services.locked_request(request)
    if found is None or found.state != RequestState.CANCELLED:
        return
    words, going = texts.cancelled(found), services.who_goes(found)
    for one in going:
        if found.person.deceased_on is not None:
            words = texts.who_was_awaited_died(found, one.volunteer.person)
        # By `send`: who cannot be written to is called, lest they go for nothing.
        send(person=one.volunteer.person, kind="cancelled", key=one.key("called_off"), words=words)
    # Those who had not answered were told already that somebody goes.
    if found.volunteer is None:
        waiting = Proposal.objects.filter(request=found).waiting().select_related("volunteer__person")
        send_many([(one.volunteer.person, "cancelled", one.key("cancelled:proposal"), words) for one in waiting])


@town_job(name="proposals.notice_silence", retry=TRIES)
def notice_silence(*, request: int) -> None:
    """Tell the town that nobody has answered."""
    found = services.locked_request(request)
    if found is not None and found.state in LOOKING:
        services.tell_town(found, FollowUpKind.UNANSWERED, texts.nobody_answered(found))


@town_job(name="proposals.ask_whether_done", retry=TRIES)
def ask_whether_done(*, request: int, since: int = 0) -> None:
    """Ask who went how it was."""
    found = services.locked_request(request)
    if found is not None and found.state in GOING and not _has_been_agreed_anew(request, since):
        # The first one says it for all who went.
        proposal = services.who_goes(found)[0]
        words = texts.is_it_done(proposal, found)
        send(person=proposal.volunteer.person, kind="end", key=proposal.key("end"), words=words)


@town_job(name="proposals.notice_no_end", retry=TRIES)
def notice_no_end(*, request: int, since: int = 0) -> None:
    """Tell the town that nobody said how it ended."""
    found = services.locked_request(request)
    if found is not None and found.state in GOING and not _has_been_agreed_anew(request, since):
        services.tell_town(found, FollowUpKind.NOT_CLOSED, texts.NO_END)


def _has_been_agreed_anew(request: int, since: int) -> bool:
    """Whether somebody said yes after a line of its journal, perhaps to another day: that yes has its own jobs."""
    return bool(since) and RequestStep.objects.filter(request=request, name=AGREE.name, pk__gt=since).exists()
