"""How much a volunteer does already: rooms above say it, by `register`, and nobody is asked beyond their own limits.

As in aid.people.roles nothing is stored: each is an expression on the rows that there are, asked in the query that
finds volunteers.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import add

from django.db.models import Expression, IntegerField, Value


@dataclass(frozen=True)
class Load:
    """What one room counts of a volunteer, by `OuterRef("pk")`: what they did or will do in the month of a day, and
    what they have said yes to and is yet to be done."""

    room: str
    in_month: Callable[[datetime.date, datetime.date], Expression]
    at_once: Callable[[], Expression]


_loads: dict[str, Load] = {}


def register(load: Load) -> None:
    """Have a room's part counted. For rooms above, from `ready()`; twice is once."""
    _loads[load.room] = load


def in_month(day: datetime.date) -> Expression:
    """How many times a volunteer helps in the month of a day, over all rooms."""
    first = day.replace(day=1)
    last = (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
    return _sum(one.in_month(first, last) for one in _loads.values())


def at_once() -> Expression:
    """How many times a volunteer is expected somewhere, over all rooms."""
    return _sum(one.at_once() for one in _loads.values())


def _sum(parts: object) -> Expression:
    return reduce(add, parts, Value(0, output_field=IntegerField()))
