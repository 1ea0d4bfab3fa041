"""What each room holds about a person: one list, that the page « Ce que nous savons de vous » is made of.

A room above declares what it holds, from its `ready()`. A test fails on a table that leads to a person and that no room
declares here.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import formats
from django.utils.text import capfirst
from django.utils.timezone import localtime

from aid.configuration.models import PhoneField
from aid.people.models import Person
from aid.people.services import numbers_of
from aid.privacy.enums import LegalBasis
from core.french import day_words
from themes.brand import format_telephone


@dataclass(frozen=True)
class Delete:
    """How rows are forgotten: they go with the person."""


@dataclass(frozen=True)
class Empty:
    """Rows that stay, and lead to nobody: their link to the person and these fields are emptied.

    `because` tells in French what of them stays, and why. `dated` is a field that keeps the day of it.
    """

    fields: tuple[str, ...]
    because: str
    dated: str = ""


@dataclass(frozen=True)
class Keep:
    """Rows that stay as they are, since they hold nothing of the person but a number; `because` is the reason."""

    because: str


@dataclass(frozen=True)
class ByHand:
    """Rows that other people may need: `forget` does what a declaration cannot say, `because` tells it in French."""

    forget: Callable[[Person], None]
    because: str


Forgets = Delete | Empty | Keep | ByHand


@dataclass(frozen=True, kw_only=True)
class Holding:
    """Rows about somebody: which, why, on what legal ground (RGPD art. 6), and which of their fields are told.

    `path` leads from a row to the person. A field may be another table's (`request__kind`); none may be somebody else's
    own: a volunteer reads what they did, not of whom.

    When two cards are made one (aid.privacy.merging), a key to the person is changed, and rows that hang on others
    follow. Where a rule of the table forbids that, `on_merge` is called instead: with the card that goes, then the one
    that stays, both locked.
    """

    model: type[models.Model]
    path: str
    title: str
    purpose: str
    basis: LegalBasis
    fields: tuple[str, ...]
    # It holds codes or personal links, which let in who reads them: told to this person, and to nobody in their name.
    opens_doors: bool = False
    on_merge: Callable[[Person, Person], None] | None = None
    # What becomes of them when the person is forgotten (aid.privacy.forgetting): they go, unless a room says why not.
    forgets: Forgets = Delete()


@dataclass(frozen=True)
class Known:
    """What one holding has of somebody: each row as (label, value) pairs, without what is empty."""

    holding: Holding
    rows: list[list[tuple[str, str]]]


_declared: list[Holding] = []


def declare(*holdings: Holding) -> None:
    """Have these told. Twice is once."""
    _declared.extend(one for one in holdings if one not in _declared)


def declared() -> tuple[Holding, ...]:
    """All that rooms declared, the lowest room first."""
    return tuple(_declared)


def known_of(person: Person, *, to_another: bool = False) -> list[Known]:
    """All that the town knows of somebody, in one query a holding; what is empty is left out.

    `to_another`: it is for who acts in their name; what would let them in as this person is left out.
    """
    numbers = numbers_of(person)
    found = [Known(one, _rows(one, numbers)) for one in _declared if not (to_another and one.opens_doors)]
    return [one for one in found if one.rows]


def _rows(holding: Holding, numbers: list[int]) -> list[list[tuple[str, str]]]:
    """Rows by any of the numbers that somebody's cards had; of the cards themselves, the one that is kept."""
    numbers = numbers[:1] if holding.model is Person else numbers
    along = {_joined(holding.model, name) for name in holding.fields} - {""}
    rows = holding.model.objects.filter(**{f"{holding.path}__in": numbers}).order_by("pk")
    told = [_told(row, holding.fields) for row in (rows.select_related(*sorted(along)) if along else rows)]
    return [pairs for pairs in told if pairs]


def _joined(model: type[models.Model], name: str) -> str:
    """Which other tables a field is read from: `commune__commune` for itself, `request` for `request__day`."""
    field = _field(model, name)
    return name if field.many_to_one or field.one_to_one else name.rpartition("__")[0]


def _told(row: models.Model, names: Iterable[str]) -> list[tuple[str, str]]:
    pairs = ((_label(row, name), _words(row, name)) for name in names)
    return [(label, words) for label, words in pairs if words]


def _field(model: type[models.Model], name: str) -> Any:
    *path, last = name.split("__")
    for step in path:
        model = model._meta.get_field(step).related_model
    return model._meta.get_field(last)


def label_of(model: type[models.Model], name: str) -> str:
    """What people call a field of a holding."""
    return capfirst(str(_field(model, name).verbose_name))


def _label(row: models.Model, name: str) -> str:
    return label_of(type(row), name)


def _words(row: Any, name: str) -> str:
    *path, last = name.split("__")
    for step in path:
        row = row and getattr(row, step)
    display = getattr(row, f"get_{last}_display", None)
    value = display() if display else row and getattr(row, last)
    is_number = row is not None and isinstance(_field(type(row), last), PhoneField)
    return format_telephone(value) if value and is_number else _written(value)


def _written(value: Any) -> str:
    if isinstance(value, models.Manager):
        value = list(value.all())
    if isinstance(value, dict):
        value = [f"{question} {answer}" for question, answer in value.items()]
    match value:
        case None | bool():
            return {True: "oui", False: "non"}.get(value, "")
        case list():
            return ", ".join(str(one) for one in value)
        case datetime.datetime():
            return day_words(localtime(value), "j F Y, H:i")
        case datetime.date():
            return day_words(value)
        case datetime.time():
            return formats.time_format(value, "H:i")
        case _:
            return str(value)
