"""Changing how somebody is found for a request, on its way: by the town, by who asked, or by the hour that was set.

Those who have more to do about it hear of it (`listen`).
"""

from collections.abc import Callable

from django.db import transaction

from accounts.models import Account
from aid.configuration.enums import Mode
from aid.followups.enums import FollowUpKind
from aid.followups.services import settle, settle_told
from aid.help_requests.enums import ASK_AGAIN, BEFORE_LOOKING, LOOK_AGAIN, LOOKING, REOPEN
from aid.help_requests.models import HelpRequest
from aid.help_requests.series import keep_mode, locked_series
from aid.help_requests.services import SUBJECT
from aid.help_requests.transitions import NotAllowedError, write_step
from aid.people.models import Person
from aid.proposals import waves
from aid.proposals.enums import Answer
from aid.proposals.services import locked_request

CHANGE_MODE, CHANGED = "change_mode", "La mise en relation a changé."

# The request as it now is, how it was, and the line of its journal.
Listener = Callable[[HelpRequest, Mode, int], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Have `listener` called, in the same transaction, once the way was changed. From `ready()`."""
    if listener not in _listeners:
        _listeners.append(listener)


def key_of(step: int) -> str:
    """The name of what is written to who asked about a change, by the line of the journal."""
    return f"mode:{step}"


def keys_of(request: HelpRequest) -> list[str]:
    """The names of what was written to who asked about all changes of a request."""
    return [key_of(step) for step in request.steps.filter(name=CHANGE_MODE).values_list("pk", flat=True)]


@transaction.atomic
def change_mode(
    request: HelpRequest, mode: Mode, *, by_account: Account | None = None, by_person: Person | None = None
) -> HelpRequest:
    """Have somebody be found another way from now on: volunteers are asked, or the town is, as that way wants (a job).

    What was answered stays: a candidate may still be chosen, and who was asked may still say yes. What becomes of
    messages is said in `direct`. Of what comes again, an agent says it of the days to come too. Twice is once. Raises
    NotAllowedError once nobody is looked for.
    """
    series = locked_series(request.series_id) if by_account is not None and request.series_id is not None else None
    locked = locked_request(request.pk)
    if locked is None or locked.state not in {*BEFORE_LOOKING, *LOOKING}:
        raise NotAllowedError("Cette demande ne cherche plus personne.")
    if locked.mode == mode:
        return locked
    settle_told(keys_of(locked), outcome=CHANGED)
    if series is not None:
        keep_mode(series, mode)
    left, locked.mode = Mode(locked.mode), mode
    locked.save(update_fields=["mode"])
    step = write_step(locked, CHANGE_MODE, by_account=by_account, by_person=by_person, words=Mode(mode).label)
    if locked.state in LOOKING:
        for kind in (FollowUpKind.UNANSWERED, FollowUpKind.TO_PROPOSE):
            settle(subject=(SUBJECT, locked.pk), kind=kind, outcome=CHANGED)
        waves.ask_for_next(locked, at_once=True)
    for listener in _listeners:
        listener(locked, left, step.pk)
    return locked


def has_looked_again(request: HelpRequest, since: int) -> bool:
    """Whether a request began to look anew after a line of its journal: what was awaited since then is not any more."""
    names = [REOPEN.name, LOOK_AGAIN.name, ASK_AGAIN.name, CHANGE_MODE]
    return request.steps.filter(pk__gt=since, name__in=names).exists()


def entrust(request_id: int, *, since: int) -> None:
    """Where nobody has said yes since a line of the journal, nor may be chosen, have the coordinator propose it."""
    request = locked_request(request_id)
    if request is None or request.state not in LOOKING or has_looked_again(request, since):
        return
    if not request.proposals.filter(answer__in=[Answer.YES, Answer.CANDIDATE]).exists():
        change_mode(request, Mode.COORDINATOR)
