"""What proposals do when a request moves on. Each is called in the transaction of the step."""

import datetime

from django.utils import timezone

from aid.configuration.services import rules
from aid.followups.services import settle_keys
from aid.help_requests.enums import AGREE, CANCEL, CONFIRM, FINISH, GIVE_UP
from aid.help_requests.models import HelpRequest
from aid.help_requests.transitions import listen
from aid.notifications.channels import is_written_to
from aid.notifications.services import send
from aid.proposals import jobs, texts
from aid.proposals.enums import Answer
from aid.proposals.services import mark_yes, untell_town
from aid.proposals.times import followup_time, starts_at

AFTER_THE_END = datetime.timedelta(hours=1)
A_DAY_LATER = datetime.timedelta(days=1)


def register() -> None:
    """Listen to requests. Called when the app is ready."""
    for transition, listener in (
        (CONFIRM, ask),
        (AGREE, agree),
        (FINISH, finish),
        (GIVE_UP, give_up),
        (CANCEL, cancel),
    ):
        listen(transition, listener)


def ask(request: HelpRequest) -> None:
    """Ask volunteers, out of the caller's way; and look again, in case nobody answers."""
    jobs.ask_volunteers.defer(request=request.pk)
    due = followup_time(
        now=timezone.now(),
        starts=starts_at(request),
        ends=request.ends_at,
        hours=rules().hours_before_followup,
    )
    jobs.notice_silence.defer(request=request.pk, schedule_at=due)


def agree(request: HelpRequest) -> None:
    """Give each the first name and the number of the other; the other volunteers are told by a job."""
    proposal = mark_yes(request)
    volunteer = request.volunteer.person
    for person, kind, words in (
        (request.person, "agreed", texts.somebody_comes(request)),
        (volunteer, "mission", texts.you_go(proposal, request)),
    ):
        send(person=person, kind=kind, key=f"{kind}:{proposal.pk}", words=words, needed_by=starts_at(request))
    jobs.tell_others.defer(request=request.pk)
    asked_at = request.ends_at + AFTER_THE_END
    jobs.ask_whether_done.defer(request=request.pk, schedule_at=asked_at)
    jobs.notice_no_end.defer(request=request.pk, schedule_at=asked_at + A_DAY_LATER)
    untell_town(request, "Quelqu’un a dit oui.")


def finish(request: HelpRequest) -> None:
    """Let who was helped say thank you, where they read messages: nobody is called for that."""
    untell_town(request, "C’est fait.")
    _nobody_to_call(request, "C’est fait.")
    if is_written_to(request.person, "thank"):
        send(person=request.person, kind="thank", key=f"thank:{request.pk}", words=texts.you_may_thank(request))


def give_up(request: HelpRequest) -> None:
    """Nothing more is awaited of this request."""
    untell_town(request, "La demande est close.")
    _nobody_to_call(request, "La demande est close.")


def cancel(request: HelpRequest) -> None:
    """Tell those who were asked, or who was going."""
    outcome = "La demande est annulée."
    untell_town(request, outcome)
    _nobody_to_call(request, outcome)
    jobs.tell_cancelled.defer(request=request.pk)


def _nobody_to_call(request: HelpRequest, outcome: str) -> None:
    """Who was to be told by telephone that somebody comes, or waits for them, need not be called any more."""
    yes = request.proposals.filter(answer=Answer.YES).values_list("pk", flat=True)
    settle_keys([f"send:{told}:{number}" for number in yes for told in ("agreed", "mission")], outcome=outcome)
