"""What is done about proposals out of anybody's way. Each looks at the request anew, and may run twice."""

from aid.followups.enums import FollowUpKind
from aid.help_requests.enums import AGREE, GOING, LOOKING, RequestState
from aid.help_requests.models import RequestStep
from aid.notifications.services import send, send_many
from aid.proposals import deaths, meeting, modes, services, texts
from aid.proposals.models import Proposal
from aid.proposals.times import starts_at, starts_by
from tenants.jobs import town_job
from tenants.rounds import each_morning

TRIES = 3


@town_job(name="proposals.ask_volunteers", retry=TRIES)
def ask_volunteers(*, request: int) -> None:
    """Ask volunteers of the kind and the area: all, or a first wave."""
    services.ask_volunteers(request)


@town_job(name="proposals.send_messages", retry=TRIES)
def send_messages(*, request: int) -> None:
    """Send the volunteers whom somebody chose what was written to them."""
    from aid.proposals.direct import send_messages as send_those_of

    send_those_of(request)


@town_job(name="proposals.settle_offer", retry=TRIES)
def settle_offer(*, offer: int) -> None:
    """What was offered for a day is full, or called off: tell whoever it concerns."""
    from aid.proposals.one_off import settle

    settle(offer)


@town_job(name="proposals.part", retry=TRIES)
def part(*, one: int, other: int) -> None:
    """Two do not want to meet any more: look at what is between them."""
    from aid.proposals.parting import part as part_these

    part_these([one, other])


@town_job(name="proposals.ask_next", retry=TRIES)
def ask_next(*, request: int, after: int) -> None:
    """Ask the wave that follows a proposal, unless it was."""
    services.ask_volunteers(request, after=after)


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
    if found is None or found.state not in {RequestState.CANCELLED, RequestState.UNMET}:
        return
    called_off = texts.cancelled(found)
    for one in services.who_goes(found):
        to, key, words = one.volunteer.person, one.key("called_off"), called_off
        if not found.person.is_living:
            # Of a death they are told once, whatever they had said yes to.
            awaited = deaths.called_off(found.person, one.volunteer) or [found]
            key, words = deaths.key_of(found.person, one.volunteer), texts.who_was_awaited_died(awaited, to)
        # By `send`: who cannot be written to is called, lest they go for nothing.
        send(person=to, kind="cancelled", key=key, words=words, needed_by=starts_at(found))
    # Those who had not answered were told already that somebody goes.
    if found.volunteer is None:
        waiting = Proposal.objects.filter(request=found).waiting().select_related("volunteer__person")
        letters = [(one.volunteer.person, "cancelled", one.key("cancelled:proposal"), called_off) for one in waiting]
        send_many(letters, needed_by=starts_by(found))


@town_job(name="proposals.notice_silence", retry=TRIES)
def notice_silence(*, request: int) -> None:
    """Tell the town that nobody has answered."""
    found = services.locked_request(request)
    if found is not None and found.state in LOOKING:
        services.tell_town(found, FollowUpKind.UNANSWERED, texts.nobody_answered(found))


@town_job(name="proposals.entrust", retry=TRIES)
def entrust(*, request: int, since: int) -> None:
    """Nobody has said yes since a line of the journal: the coordinator proposes it."""
    modes.entrust(request, since=since)


@each_morning
@town_job(name="proposals.remind", retry=TRIES)
def remind() -> None:
    """Remind of what is tomorrow."""
    meeting.remind_of_tomorrow()


@town_job(name="proposals.begin", retry=TRIES)
def begin(*, request: int) -> None:
    """The hour has come; or comes later, where the day was changed."""
    later = meeting.begin(request)
    if later is not None:
        begin.defer(request=request, schedule_at=later)


@town_job(name="proposals.ask_whether_done", retry=TRIES)
def ask_whether_done(*, request: int, since: int = 0) -> None:
    """Ask both sides how it was."""
    if not _has_been_agreed_anew(request, since):
        meeting.ask_how_it_went(request)


@town_job(name="proposals.notice_no_end", retry=TRIES)
def notice_no_end(*, request: int, since: int = 0) -> None:
    """Close what the person alone said was well, or tell the town that nobody said how it ended."""
    if not _has_been_agreed_anew(request, since):
        meeting.end_of_itself(request)


def _has_been_agreed_anew(request: int, since: int) -> bool:
    """Whether somebody said yes after a line of its journal, perhaps to another day: that yes has its own jobs."""
    return bool(since) and RequestStep.objects.filter(request=request, name=AGREE.name, pk__gt=since).exists()
