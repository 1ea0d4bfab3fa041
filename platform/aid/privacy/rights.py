"""The rights of people on what is known of them: ask, take in hand, do, refuse with a reason, withdraw.

Rooms above hear of each step (`listen`): a follow-up is asked, the person is answered.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from aid.people.models import Person
from aid.privacy import forgetting
from aid.privacy.enums import DO, LIFT, REFUSE, TAKE, WITHDRAW, RightKind, RightState, RightStep, Via
from aid.privacy.models import Access, RightsRequest
from core.dates import months_after
from core.text import tidy

SUBJECT = "rights_request"
MONTHS_TO_ANSWER = 1
LONGEST_WORDS, LONGEST_ANSWER = 1000, 600


class NotAllowedError(Exception):
    """The demand is not where this step starts; the message says where it stands, in French."""


@dataclass(frozen=True)
class Heard:
    """A step that a demand took. `person` is who is told: of one who was forgotten, only as long as it lasts."""

    request: RightsRequest
    person: Person
    # The person was told by voice or by letter: nothing is to be written.
    was_told: bool = False


Listener = Callable[[Heard], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Have `listener` called after each step, in the same transaction. For rooms above, from `ready()`."""
    if listener not in _listeners:
        _listeners.append(listener)


@transaction.atomic
def ask(
    *,
    person: Person,
    kind: RightKind,
    via: Via,
    words: str = "",
    asked_by_name: str = "",
    by_account: Account | None = None,
) -> RightsRequest:
    """Write down what somebody asks; asked again while it waits, it is the same. Raises ValidationError by field."""
    words = words.strip()
    if len(words) > LONGEST_WORDS:
        raise ValidationError({"words": f"Écrivez {LONGEST_WORDS} caractères au plus."})
    if kind == RightKind.CORRECT and not words:
        raise ValidationError({"words": "Écrivez ce qu’il faut corriger."})
    # Who asks twice at once waits here; who is being forgotten is not there any more.
    known = Person.objects.select_for_update(of=["self"], no_key=True).filter(pk=person.pk).first()
    if known is None:
        raise ValidationError("Cette personne n’est plus connue de la ville.")
    waiting = RightsRequest.objects.waiting().filter(person=known, kind=kind).first()
    if waiting is not None:
        return waiting
    asked = RightsRequest.objects.create(
        person=known,
        kind=kind,
        via=via,
        words=words,
        asked_by_name=tidy(asked_by_name),
        due_on=due_date(timezone.localdate()),
        entered_by=by_account,
    )
    _tell(Heard(asked, known))
    return asked


def due_date(asked_on: datetime.date) -> datetime.date:
    """The last day to answer: one month after (RGPD, art. 12 § 3)."""
    return months_after(asked_on, MONTHS_TO_ANSWER)


def take_in_hand(request: RightsRequest, *, by_account: Account) -> RightsRequest:
    """Say that an agent sees to it. Raises NotAllowedError."""
    return _move(request, TAKE, taken_by=by_account)


def finish(request: RightsRequest, *, by_account: Account, answer: str = "") -> RightsRequest:
    """It is corrected, and `answer` says what; or they are left in peace. Raises NotAllowedError, ValidationError."""
    if request.kind == RightKind.FORGET:
        raise NotAllowedError("On oublie quelqu’un par « oublier ».")
    answer = _checked(answer, required="Écrivez ce qui a été corrigé." if request.kind == RightKind.CORRECT else "")
    return _move(request, DO, closed_by=by_account, closed_at=timezone.now(), answer=answer)


def refuse(request: RightsRequest, *, by_account: Account, answer: str) -> RightsRequest:
    """Say no, and why: the person reads it. Raises NotAllowedError, and ValidationError without a reason."""
    answer = _checked(answer, required="Écrivez pourquoi : la personne le lira.")
    return _move(request, REFUSE, closed_by=by_account, closed_at=timezone.now(), answer=answer)


def withdraw(request: RightsRequest, *, by_account: Account | None = None) -> RightsRequest:
    """The person does not ask for it any more. Raises NotAllowedError once it is closed."""
    return _move(request, WITHDRAW, closed_by=by_account, closed_at=timezone.now())


def lift(request: RightsRequest, *, by_account: Account | None = None) -> RightsRequest:
    """Who wanted no word any more wants some again. Raises NotAllowedError for anything else."""
    if request.kind != RightKind.OBJECT:
        raise NotAllowedError("Seul le refus d’être contacté se lève.")
    return _move(request, LIFT, closed_by=by_account, closed_at=timezone.now())


@transaction.atomic
def forget(request: RightsRequest, *, by_account: Account, was_told: bool) -> RightsRequest:
    """Forget who asks. What stays: that somebody was, when, by whom, asked by which door.

    Raises NotAllowedError, and forgetting.StandsInTheWayError while something is not ended.
    """
    locked = _locked(request)
    if locked.kind != RightKind.FORGET or locked.state not in DO.sources:
        raise NotAllowedError(f"Cette demande est {locked.get_state_display()}.")
    person = Person.objects.get(pk=locked.person_id)
    locked.state, locked.closed_by, locked.closed_at = RightState.DONE, by_account, timezone.now()
    locked.save(update_fields=["state", "closed_by", "closed_at"])
    # Their last word from us, while there is still somewhere to send it.
    _tell(Heard(locked, person, was_told=was_told))
    try:
        forgetting.forget(person)
    except forgetting.GoneError:
        raise NotAllowedError("Cette personne est déjà oubliée.") from None
    return RightsRequest.objects.get(pk=locked.pk)


def close_waiting(person: Person) -> None:
    """Whatever else a person who is being forgotten had asked is of no use any more."""
    waiting = RightsRequest.objects.waiting().filter(person=person)
    waiting.update(state=RightState.WITHDRAWN, closed_at=timezone.now())


def objecting_among(numbers: Iterable[int]) -> set[int]:
    """Which of these persons, by number, want no word that they did not ask for."""
    found = RightsRequest.objects.objecting().filter(person__in=list(numbers))
    return set(found.values_list("person_id", flat=True))


def changes_since(request: RightsRequest) -> list[Access]:
    """What was changed on the card since it was asked, the last first."""
    found = Access.objects.filter(person=request.person_id, act="changed", at__gte=request.asked_at)
    return list(found.with_list_related_data().order_by("-pk"))


@transaction.atomic
def _move(request: RightsRequest, step: RightStep, **changes: object) -> RightsRequest:
    """Take a step under a lock: of several who try at once, one passes."""
    locked = _locked(request)
    if locked.state not in step.sources:
        raise NotAllowedError(f"Cette demande est {locked.get_state_display()}.")
    locked.state = step.target
    for name, value in changes.items():
        setattr(locked, name, value)
    locked.save(update_fields=["state", *changes])
    _tell(Heard(locked, locked.person))
    return locked


def _locked(request: RightsRequest) -> RightsRequest:
    return RightsRequest.objects.select_for_update(of=["self"]).select_related("person").get(pk=request.pk)


def _tell(heard: Heard) -> None:
    for listener in _listeners:
        listener(heard)


def _checked(words: str, *, required: str) -> str:
    words = words.strip()
    if required and not words:
        raise ValidationError({"answer": required})
    if len(words) > LONGEST_ANSWER:
        raise ValidationError({"answer": f"Écrivez {LONGEST_ANSWER} caractères au plus."})
    return words
