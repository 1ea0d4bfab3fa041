"""What proposals do when a request moves on. Each is called in the transaction of the step."""

import datetime

from django.utils import timezone

from aid.configuration.enums import Mode
from aid.configuration.services import rules
from aid.followups.enums import FollowUpKind
from aid.followups.services import settle_told
from aid.help_requests.enums import (
    AGREE,
    CANCEL,
    CONFIRM,
    EXPIRE,
    FINISH,
    GIVE_UP,
    GOING,
    LOOK_AGAIN,
    LOSE_TRACK,
    PUBLISH,
    REOPEN,
    THANK,
)
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import note_service
from aid.help_requests.texts import thanked
from aid.help_requests.transitions import listen
from aid.notifications.channels import is_written_to
from aid.notifications.services import send
from aid.proposals import jobs, texts
from aid.proposals.commitments import seat_who_goes_each_time
from aid.proposals.enums import Answer
from aid.proposals.meeting_texts import you_may_thank
from aid.proposals.models import Proposal
from aid.proposals.modes import keys_of
from aid.proposals.services import (
    TO_WHO_GOES,
    WITHDREW,
    settle_calls,
    tell_candidates,
    tell_town,
    untell_town,
    who_goes,
)
from aid.proposals.times import followup_time, starts_at

AFTER_THE_END = datetime.timedelta(hours=1)
# What may be to say by telephone: while somebody is looked for, to who goes or waits for them, once it should be over.
WHILE_LOOKING = ("proposal", "candidate", "reopened", "answered:asked", "answered:no", "answered:not_chosen")
TO_WHO_WAITS = ("agreed", "reminder_of_asker")
ALL = (*WHILE_LOOKING, *TO_WHO_WAITS, *TO_WHO_GOES, "end")
A_DAY_LATER = datetime.timedelta(days=1)
# Nobody may be found by messages alone.
SHORT_NOTICE = datetime.timedelta(hours=24)


def register() -> None:
    """Listen to requests. Called when the app is ready."""
    for transition, listener in (
        (CONFIRM, ask),
        (PUBLISH, ask),
        (REOPEN, reopen),
        (LOOK_AGAIN, look_again),
        (AGREE, agree),
        (FINISH, finish),
        (THANK, thank),
        (GIVE_UP, give_up),
        (EXPIRE, expire),
        (LOSE_TRACK, lose_track),
        (CANCEL, cancel),
    ):
        listen(transition, listener)


def ask(request: HelpRequest) -> None:
    """Ask volunteers, out of the caller's way, after who goes each time; and look again, in case nobody answers."""
    if seat_who_goes_each_time(request) and HelpRequest.objects.get(pk=request.pk).state in GOING:
        return
    jobs.ask_volunteers.defer(request=request.pk)
    look_ahead(request)


def look_ahead(request: HelpRequest) -> None:
    """What comes by itself while somebody is looked for: silence, the coordinator, the hour."""
    starts = starts_at(request)
    due = followup_time(
        now=timezone.now(),
        starts=starts,
        ends=request.ends_at,
        hours=rules().hours_before_followup,
    )
    jobs.notice_silence.defer(request=request.pk, schedule_at=due)
    jobs.begin.defer(request=request.pk, schedule_at=starts)
    hours = request.kind.hours_before_coordinator
    if hours is not None and request.mode != Mode.COORDINATOR:
        since = request.steps.latest("pk").pk
        entrusted_at = timezone.now() + datetime.timedelta(hours=hours)
        jobs.entrust.defer(request=request.pk, since=since, schedule_at=entrusted_at)


def agree(request: HelpRequest) -> None:
    """Give each the first name and the number of the other; the other volunteers are told by a job."""
    settle_calls(request, WHILE_LOOKING, "Quelqu’un a dit oui.")
    settle_told(keys_of(request), outcome="Quelqu’un a dit oui.")
    going, needed_by = who_goes(request), starts_at(request)
    words = texts.somebody_comes(request, [one.volunteer for one in going])
    # Agreed again, where one of several withdrew, it is told again: by the name of the last yes.
    last = max(going, key=lambda one: one.answered_at)
    send(person=request.person, kind="agreed", key=last.key("agreed"), words=words, needed_by=needed_by)
    for one in going:
        # Who said yes before the last place was taken knows already: the same key is sent once.
        to, words = one.volunteer.person, texts.you_go(one, request)
        send(person=to, kind="mission", key=one.key("mission"), words=words, needed_by=needed_by)
    jobs.tell_others.defer(request=request.pk)
    jobs.begin.defer(request=request.pk, schedule_at=starts_at(request))
    asked_at = request.ends_at + AFTER_THE_END
    since = request.steps.latest("pk").pk
    jobs.ask_whether_done.defer(request=request.pk, since=since, schedule_at=asked_at)
    jobs.notice_no_end.defer(request=request.pk, since=since, schedule_at=asked_at + A_DAY_LATER)
    untell_town(request, "Quelqu’un a dit oui.")


def reopen(request: HelpRequest) -> None:
    """Who was to come cannot: tell who waits for them, look again, and have the town look where time is short."""
    # What is to be said to those who still go is (`withdraw` sees to who does not).
    settle_calls(request, TO_WHO_WAITS, WITHDREW)
    gone = request.proposals.filter(answer=Answer.WITHDREW).select_related("volunteer__person").latest("answered_at")
    # Of a death an agent tells them, with care (aid.desk.deaths).
    if gone.volunteer.person.is_living:
        words = texts.nobody_comes_yet(request, gone.volunteer.person)
        to, key = request.person, gone.key("reopened")
        send(person=to, kind="reopened", key=key, words=words, needed_by=starts_at(request))
    if starts_at(request) - timezone.now() <= SHORT_NOTICE:
        tell_town(request, FollowUpKind.UNANSWERED, texts.withdrew_late(request))
    look_again(request)


def look_again(request: HelpRequest) -> None:
    """Ask those who were told that somebody went, and whoever was not asked yet."""
    jobs.ask_again.defer(request=request.pk)
    look_ahead(request)


def finish(request: HelpRequest) -> None:
    """Let who was helped say thank you, where they read messages: nobody is called for that."""
    _close(request, "C’est fait.")
    going = who_goes(request)
    came = _count(request, going)
    if is_written_to(request.person, "thank"):
        words = you_may_thank(request, [one.volunteer for one in came])
        send(person=request.person, kind="thank", key=f"thank:{request.pk}", words=words)


def thank(request: HelpRequest) -> None:
    """Tell each who came."""
    for one in who_goes(request):
        to = one.volunteer.person
        send(person=to, kind="thanks", key=one.key("thanks_to"), words=thanked(request, to))


def give_up(request: HelpRequest) -> None:
    """Nothing more is awaited of it. Before its hour, whoever was asked or going is told, as of a cancelled one."""
    _close(request, "La demande est close.")
    if timezone.now() < starts_at(request):
        jobs.tell_cancelled.defer(request=request.pk)
    else:
        tell_candidates(request)


def expire(request: HelpRequest) -> None:
    """Its day has passed: who puts themselves forward waits no more."""
    _close(request, "Le jour est passé.")
    tell_candidates(request)


def lose_track(request: HelpRequest) -> None:
    """Nobody is asked any more how it was."""
    _close(request, "Sans nouvelles.")


def cancel(request: HelpRequest) -> None:
    """Tell those who were asked, or who was going."""
    _close(request, "La demande est annulée.")
    jobs.tell_cancelled.defer(request=request.pk)


def _count(request: HelpRequest, going: list[Proposal]) -> list[Proposal]:
    """Count each who came, and answer them: all who were going, where the town or the person says that it is done.

    Where one of several says it, the others say it for themselves; but who reads no message, of whom that one tells.
    """
    teller = request.steps.latest("pk").by_person_id
    others = [one for one in going if one.volunteer.person_id != teller]
    is_told_by_one = len(others) < len(going)
    to_tell = [one for one in others if is_told_by_one and is_written_to(one.volunteer.person, "end")]
    Proposal.objects.filter(pk__in=[one.pk for one in to_tell]).update(is_to_tell=True)
    came = [one for one in going if one not in to_tell]
    # The first is counted with the request.
    for _ in came[1:]:
        note_service(request)
    return came


def _close(request: HelpRequest, outcome: str) -> None:
    """The town has nothing more to look at, nor anybody to call about it."""
    untell_town(request, outcome)
    settle_calls(request, ALL, outcome)
    settle_told([f"noted:{request.pk}", *keys_of(request)], outcome=outcome)
