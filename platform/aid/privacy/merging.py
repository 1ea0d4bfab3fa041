"""Two cards of one person made one: every row that leads to the card that goes leads to the one that stays.

Each room says in its holdings what becomes of its rows (`Holding.on_merge`); what nobody may write in again keeps the
number of the card that went, and is read by both (`aid.people.services.numbers_of`).
"""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import models, transaction

from accounts.models import Account
from aid.people.merging import MergeRefusedError, Part, fingerprint, join_cards, parts, refusal
from aid.people.models import Person
from aid.privacy.holdings import Holding, declared
from core.models import AppendOnly

CHANGED_MEANWHILE = "Une des deux fiches a changé entre-temps. Relisez, puis confirmez."

Check = Callable[[Person, Person], str]
_checks: list[Check] = []


@dataclass(frozen=True)
class Preview:
    """What a merge would do: which part of each card it keeps, how many rows move; or what stands in the way."""

    parts: list[Part]
    moving: list[tuple[int, str]]
    refusal: str
    seen: str


def check(one: Check) -> None:
    """Have `one` asked, of the card that stays and the one that goes, why they are two persons; "" for no reason.

    For rooms above, from `ready()`.
    """
    if one not in _checks:
        _checks.append(one)


def preview(kept: Person, gone: Person) -> Preview:
    """What making one card of these two would do."""
    return Preview(parts(kept, gone), _moving(gone), _refusal(kept, gone), fingerprint(kept, gone))


@transaction.atomic
def merge(kept: Person, gone: Person, *, take: Collection[str], seen: str, by_account: Account) -> Person:
    """Make one card of two: `kept` stays, with the parts named in `take` as `gone` has them; answer it.

    `seen` is what the preview that was read was of. Of two merges at once, the second is refused. Raises
    MergeRefusedError.
    """
    # No key of theirs changes: jobs that hold a request and write to its person need not wait, nor be waited for.
    both = Person.objects.select_for_update(of=["self"], no_key=True).select_related(
        "account", "commune__commune", "district"
    )
    found = {one.pk: one for one in both.filter(pk__in=[kept.pk, gone.pk]).order_by("pk")}
    if len(found) != len({kept.pk, gone.pk}):
        raise MergeRefusedError("Une de ces fiches n’existe plus.")
    kept, gone = found[kept.pk], found[gone.pk]
    why = _refusal(kept, gone) or (CHANGED_MEANWHILE if seen != fingerprint(kept, gone) else "")
    if why:
        raise MergeRefusedError(why)
    # The highest room first: a volunteer's proposals have moved before the volunteer does.
    for holding in reversed(declared()):
        _move(holding, gone, kept)
    join_cards(kept, gone, take=take, by_account=by_account)
    return kept


def moves_by_itself(holding: Holding) -> bool:
    """Whether these rows have a key to the person, that a merge changes: others follow a row, or are never changed."""
    is_direct = "__" not in holding.path and holding.model is not Person
    return is_direct and not issubclass(holding.model, AppendOnly) and _field(holding).many_to_one


def _move(holding: Holding, gone: Person, kept: Person) -> None:
    if holding.on_merge is not None:
        holding.on_merge(gone, kept)
    elif moves_by_itself(holding):
        holding.model.objects.filter(**{holding.path: gone.pk}).update(**{holding.path: kept.pk})


def _field(holding: Holding) -> models.Field:
    return holding.model._meta.get_field(holding.path)


def _refusal(kept: Person, gone: Person) -> str:
    return refusal(kept, gone) or next((why for one in _checks if (why := one(kept, gone))), "")


def _moving(gone: Person) -> list[tuple[int, str]]:
    """How many rows of each sort would move, with their French name."""
    counts: Counter[type[models.Model]] = Counter()
    for holding in declared():
        is_one_of_many = "__" in holding.path or moves_by_itself(holding)
        if is_one_of_many and not issubclass(holding.model, AppendOnly):
            counts[holding.model] += holding.model.objects.filter(**{holding.path: gone.pk}).count()
    return [
        (count, str(model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural))
        for model, count in counts.items()
        if count
    ]
