"""What somebody at the town must know of messages: followups, the room above, listens and keeps it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from aid.people.models import Person


class AlertKind(StrEnum):
    """Why somebody is told."""

    TO_CALL = "to_call"
    TO_WRITE = "to_write"
    SMS_CEILING = "sms_ceiling"
    SMS_BUDGET = "sms_budget"


@dataclass(frozen=True)
class Alert:
    """One thing to do: to phone somebody with these words, to post them, or to look at how many SMS leave.

    A key is told once for ever.
    """

    kind: AlertKind
    key: str
    words: str
    person: Person | None = None


Listener = Callable[[Alert], None]
_listeners: list[Listener] = []


def register(listener: Listener) -> None:
    """Have `listener` called, in the same transaction, for each alert. For rooms above, from `ready()`."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(alert: Alert) -> None:
    """Tell whoever listens."""
    for listener in _listeners:
        listener(alert)
