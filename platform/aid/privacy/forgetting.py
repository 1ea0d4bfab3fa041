"""Forgetting somebody (RGPD, art. 17): what stands in the way, what goes and what stays, then all of it at once.

Rooms above say what stands in the way (`obstacles`), what becomes of their rows (`Holding.forgets`), and what else
names the person in somebody else's rows (`before`): a first name in a text sent to a neighbour.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from accounts.models import Account
from accounts.roles import is_staff
from aid.people.models import Person
from aid.people.services import leave_account, numbers_of, shares_account_with
from aid.privacy.holdings import ByHand, Delete, Empty, Holding, Keep, declared
from aid.privacy.models import Forgotten


@dataclass(frozen=True)
class Obstacle:
    """One thing that a human must end first. `kind` and `uid` lead to its page."""

    words: str
    kind: str
    uid: UUID


class StandsInTheWayError(Exception):
    """Something is not ended yet; `obstacles` says what."""

    def __init__(self, obstacles: list[Obstacle]) -> None:
        super().__init__("Il reste quelque chose à terminer d’abord.")
        self.obstacles = obstacles


class GoneError(Exception):
    """The person was forgotten meanwhile."""


Finder = Callable[[Person], Iterable[Obstacle]]
Cleaner = Callable[[Person], None]
_finders: list[Finder] = []
_cleaners: list[Cleaner] = []


def obstacles(finder: Finder) -> None:
    """Have `finder` say what stands in the way. For rooms above, from `ready()`."""
    if finder not in _finders:
        _finders.append(finder)


def before(cleaner: Cleaner) -> None:
    """Have `cleaner` called before rows go, in the same transaction. For rooms above, from `ready()`."""
    if cleaner not in _cleaners:
        _cleaners.append(cleaner)


def in_the_way(person: Person) -> list[Obstacle]:
    """What a human must end before this person can be forgotten."""
    return [one for finder in _finders for one in finder(person)]


@dataclass(frozen=True)
class Fate:
    """What becomes of one holding: told to the agent before, and to the person."""

    title: str
    goes: bool
    because: str


def fates() -> list[Fate]:
    """What goes and what stays, holding by holding, in the order that people read it."""
    return [
        Fate(one.title, isinstance(one.forgets, Delete | ByHand), getattr(one.forgets, "because", ""))
        for one in declared()
    ]


@transaction.atomic
def forget(person: Person) -> int:
    """Forget somebody: what rooms declared, then the person; answer their number, which nothing leads from.

    Nothing is asked: rights.forget does, and journals. Raises StandsInTheWayError, and GoneError for who was
    forgotten meanwhile: of two agents at once, the second meets it.
    """
    # Whatever would point at this person waits here, then finds nobody.
    locked = Person.objects.select_for_update(of=["self"]).select_related("account").filter(pk=person.pk).first()
    if locked is None:
        raise GoneError
    found = in_the_way(locked)
    if found:
        raise StandsInTheWayError(found)
    for cleaner in _cleaners:
        cleaner(locked)
    # The highest room first: its rows point at those of the rooms below.
    for holding in reversed(declared()):
        _apply(holding, locked)
    numbers = numbers_of(locked)
    # Cards that were merged into this one go with it.
    locked.delete()
    Forgotten.objects.bulk_create(Forgotten(number=number) for number in numbers)
    number = numbers[0]
    return number


def forget_account(person: Person) -> None:
    """Take away the door that opens for this person alone, and every session with it; leave it to who shares it."""
    if person.account is None or is_staff(person.account):
        return
    if shares_account_with(person):
        leave_account(person)
        return
    # A session whose account is gone opens nothing.
    Account.objects.filter(pk=person.account_id).delete()


def _apply(holding: Holding, person: Person) -> None:
    # By any of the numbers that their cards had: what is only added to keeps those that were merged.
    theirs = {f"{holding.path}__in": numbers_of(person)}
    match holding.forgets:
        case ByHand(forget=by_hand):
            by_hand(person)
        case Empty() as emptied if holding.model is not Person:
            rows = holding.model.objects.filter(**theirs)
            # By numbers: PostgreSQL updates no row through a join.
            numbers = list(rows.values_list("pk", flat=True))
            holding.model.objects.filter(pk__in=numbers).update(**dict(_emptied(holding, emptied)))
        case Delete() if holding.model is not Person:
            holding.model.objects.filter(**theirs).delete()
        case Keep() | Delete() | Empty():
            pass


def _emptied(holding: Holding, how: Empty) -> Iterator[tuple[str, Any]]:
    """What each field becomes: NULL where it may be, else empty; the link to the person first."""
    for name in (holding.path.split("__")[0], *how.fields):
        field = holding.model._meta.get_field(name)
        yield name, None if field.null else empty_value(field)
    if how.dated:
        yield how.dated, timezone.localdate()


def empty_value(field: models.Field) -> Any:
    """What a field holds that says nothing. Raises TypeError for one that cannot be emptied."""
    if field.get_internal_type() in {"CharField", "TextField", "EmailField"}:
        return ""
    if isinstance(field, models.JSONField) and field.has_default():
        return field.get_default()
    raise TypeError(f"{field.name} cannot be emptied")
