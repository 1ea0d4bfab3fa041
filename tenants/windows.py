"""What a town sees of shared tables: its own rows, through a role that has little else.

A room of the platform names such a role, the tables that it reads and those where it adds rows. Row-level security of
these tables keeps the rows of the others away: `ROW_TOWN` tells it which town looks. See
docs/decisions/2026-11-26-billing.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

from tenants.context import facing

# Read by the policies of the tables: the number of the town whose rows are shown, for one transaction.
ROW_TOWN = "palier.town"


class NoTownError(RuntimeError):
    """Nobody is in a town, in a transaction of it: there are no rows of theirs."""


@dataclass(frozen=True)
class Window:
    """A role of every database, under its name, and its rights on shared tables."""

    role_name: str
    reads: tuple[str, ...]
    adds: tuple[str, ...] = ()
    schema_name: str = "public"


_windows: dict[str, Window] = {}


def register(window: Window) -> Window:
    """Have the role made and its grants written, with those of the shared tables. For a room, from `ready()`."""
    _windows[window.role_name] = window
    return window


def windows() -> list[Window]:
    """Every window, in the order of their names."""
    return [_windows[name] for name in sorted(_windows)]


@contextmanager
def looking_through(window: Window) -> Iterator[None]:
    """Run a block on shared tables as the window's role, in the town's own transaction; then be the town again.

    Querysets are lazy: evaluate them inside. Raises NoTownError out of a town.
    """
    number = getattr(connection.tenant, "id", None)
    if number is None or not connection.in_atomic_block:
        raise NoTownError("Une fenêtre s’ouvre depuis une ville, dans une transaction.")
    with facing(window):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", [ROW_TOWN, str(number)])
        yield
