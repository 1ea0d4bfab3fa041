"""Somebody has just become known to the town: written down by an agent, or by themselves once their number answered.

People of a list that is imported are not new to the town, and nobody hears of them here. Rooms above listen.
"""

from collections.abc import Callable

from aid.people.models import Person

Listener = Callable[[Person], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Have `listener` called, in the same transaction. For rooms above, from `ready()`; twice is once."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(person: Person) -> None:
    """Tell of somebody. What was typed on the site with a number that nobody answered yet is told by nobody."""
    for listener in _listeners:
        listener(person)
