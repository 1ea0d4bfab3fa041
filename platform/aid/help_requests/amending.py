"""Changing what was asked for: the day, the hour, the place, the words. Rooms above hear of it (`listen`)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import Account
from aid.help_requests import times
from aid.help_requests.enums import ASK_AGAIN, BEFORE_LOOKING, LOOK_AGAIN, LOOKING, Moment, RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.needs import Need, check_when_and_where
from aid.help_requests.transitions import NotAllowedError, take, write_step
from aid.people.models import Person
from core.text import tidy

AMEND = "amend"
# Once it has begun, it is a matter of speaking to each other.
AMENDABLE = (*BEFORE_LOOKING, *LOOKING, RequestState.AGREED)
WHEN = ("day", "hour", "moment")
# What a volunteer says yes to: changed, they are asked again. The rest is told to who goes.
TERMS = {"day": "le jour", "hour": "l’heure", "moment": "le moment", "commune": "la commune", "district": "le quartier"}
REST = {"address": "l’adresse", "details": "les précisions"}
LABELS = TERMS | REST | {"urgency": "l’urgence"}


@dataclass(frozen=True)
class Amended:
    """A request that was changed, as it now is."""

    request: HelpRequest
    # The line of its journal.
    step: int
    # Whether a yes said before is no yes to this any more.
    changes_terms: bool
    # Whether who goes has something to read anew.
    changes_rest: bool
    # Whether a yes is awaited for longer, or not for so long.
    changes_urgency: bool
    # Whether somebody was to go.
    was_agreed: bool


Listener = Callable[[Amended], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Have `listener` called, in the same transaction, once a request was changed. From `ready()`."""
    if listener not in _listeners:
        _listeners.append(listener)


@transaction.atomic
def amend(
    request: HelpRequest, need: Need, *, by_account: Account | None = None, by_person: Person | None = None
) -> HelpRequest:
    """Have a request ask for this instead; its kind stays. What is the same changes nothing.

    The journal says what changed, and no value. Raises NotAllowedError once it has begun or is over, and
    ValidationError, by field, as asking does.
    """
    known = HelpRequest.objects.select_for_update(of=["self"]).get(pk=request.pk)
    if known.state not in AMENDABLE:
        raise NotAllowedError(f"Cette demande est {known.state_said}.")
    check_when_and_where(need)
    times.check_hour(need.day, need.hour, need.moment)
    changes = {name: value for name, value in _wanted(need).items() if getattr(known, name) != value}
    if not changes:
        return known
    words = ", ".join(LABELS[name] for name in LABELS if name in changes)
    changes_terms, was_agreed = bool(changes.keys() & TERMS), known.state == RequestState.AGREED
    if changes.keys() & set(WHEN):
        minutes = known.kind.usual_minutes
        changes["ends_at"] = times.end_of(day=need.day, hour=need.hour, moment=need.moment, minutes=minutes)
    by: dict[str, Any] = {"by_account": by_account, "by_person": by_person, "words": words}
    if changes_terms and was_agreed:
        amended = take(known, ASK_AGAIN, volunteer=None, **by, **changes)
        step = amended.steps.last()
    else:
        amended = _write(known, changes)
        step = write_step(amended, AMEND, **by)
    for listener in _listeners:
        listener(
            Amended(
                amended,
                step.pk,
                changes_terms=changes_terms,
                changes_rest=bool(changes.keys() & REST),
                changes_urgency="urgency" in changes,
                was_agreed=was_agreed,
            )
        )
    return amended


def was_asked_again(request: HelpRequest) -> bool:
    """Whether it changed once somebody was to go, and they are asked if they still can, or have just said that not."""
    moves = request.steps.exclude(from_state="").exclude(name=LOOK_AGAIN.name)
    last = moves.last()
    return last is not None and last.name == ASK_AGAIN.name


def _wanted(need: Need) -> dict[str, Any]:
    wanted = {
        "day": need.day,
        "hour": need.hour,
        "moment": Moment.ANY if need.hour else need.moment,
        "commune": need.commune,
        "district": need.district,
        "address": tidy(need.address),
        "details": need.details.strip(),
    }
    return wanted if need.urgency is None else wanted | {"urgency": need.urgency}


def _write(request: HelpRequest, changes: dict[str, Any]) -> HelpRequest:
    for name, value in changes.items():
        setattr(request, name, value)
    request.save(update_fields=list(changes))
    return request
