"""Volunteers whom the town stops vouching for: rooms above look again at what they had agreed to."""

from collections.abc import Callable
from dataclasses import dataclass

from aid.onboarding.models import Volunteer, VolunteerMove


@dataclass(frozen=True)
class Lapse:
    """Who, why in a few French words (« est suspendu »), and a key that is the same each time it is told."""

    volunteer: Volunteer
    why: str
    key: str
    # The numbers of the kinds of help that they may be asked for no more; empty: all.
    kinds: frozenset[int] = frozenset()


def lapse_of(volunteer: Volunteer, line: VolunteerMove) -> Lapse:
    """The lapse of who is suspended, or left, by a line of the journal of their place."""
    return Lapse(volunteer, f"est {volunteer.get_state_display()}", f"move:{line.pk}")


Handler = Callable[[list[Lapse]], None]
_handlers: list[Handler] = []


def on(handler: Handler) -> None:
    """Have `handler` called with those who lapse together, in the same transaction. For rooms above, from `ready()`.

    It may be told of a lapse twice: what it does is done once a key.
    """
    if handler not in _handlers:
        _handlers.append(handler)


def tell(lapses: list[Lapse]) -> None:
    """Tell who listens. Each comes with its person."""
    if lapses:
        for handler in _handlers:
            handler(lapses)
