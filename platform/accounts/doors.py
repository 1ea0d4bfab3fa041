"""How somebody without an account first comes in. Whom a town knows is told above this room, which registers here.

Nothing is written until a code was right: who asks for codes in others' names makes no account.
"""

from collections.abc import Callable
from typing import Protocol

from accounts.models import Account
from tenants.registry import current_town


class Opener(Protocol):
    """Lets in who has just proved to read at a contact."""

    def __call__(self, *, phone: str, email: str) -> Account | None:
        """Their account, made if need be; None for who has no way in. A number is in E.164, else it is empty."""


_doors: list[tuple[Callable[..., bool], Opener]] = []


def register(*, knows: Callable[..., bool], opens: Opener) -> None:
    """Have these asked about who signs in to a town; the last to register are.

    `knows(phone=, email=)` says whether `opens` would open, and changes nothing. It is asked about everybody, so that a
    contact takes as long whoever it is of.
    """
    _doors[:] = [(knows, opens)]


def are_open_to(*, phone: str = "", email: str = "") -> bool:
    """Whether the town that the connection is in knows a contact. The platform knows its accounts only."""
    return current_town() is not None and any(knows(phone=phone, email=email) for knows, _ in _doors)


def open_to(*, phone: str = "", email: str = "") -> Account | None:
    """Let in who proved to read at a contact: their account, or None."""
    if current_town() is None:
        return None
    return next((opens(phone=phone, email=email) for _, opens in _doors), None)
