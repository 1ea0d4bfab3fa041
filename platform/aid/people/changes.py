"""What changed of somebody: rooms above hear of it, in the same transaction."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from accounts.models import Account
from aid.people.models import Person
from core.french import day_words


@dataclass(frozen=True)
class Change:
    """Who changed what: by name of field, what it was and what it is, as people read them."""

    person: Person
    values: dict[str, tuple[str, str]]
    by_account: Account | None
    by_person: Person | None


Listener = Callable[[Change], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Have `listener` called after each change. For rooms above, from `ready()`."""
    if listener not in _listeners:
        _listeners.append(listener)


def read(person: Person, fields: Iterable[str]) -> dict[str, str]:
    """Some fields of a person, as people read them; what is absent is empty."""
    return {name: _words(person, name) for name in fields}


def tell(
    person: Person,
    before: dict[str, str],
    *,
    by_account: Account | None = None,
    by_person: Person | None = None,
    also: Mapping[str, tuple[str, str]] | None = None,
) -> None:
    """Tell what these fields became, if any is not what it was; `also` what no field of this card says."""
    after = read(person, before)
    values = {name: (was, after[name]) for name, was in before.items() if was != after[name]} | dict(also or {})
    if not values:
        return
    for listener in _listeners:
        listener(Change(person=person, values=values, by_account=by_account, by_person=by_person))


def _words(person: Person, name: str) -> str:
    display = getattr(person, f"get_{name}_display", None)
    value = display() if display else getattr(person, name)
    if isinstance(value, datetime.date):
        return day_words(value)
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value is None else str(value)
