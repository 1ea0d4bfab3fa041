"""What a follow-up is about: rooms above register how to reach it."""

from collections.abc import Callable

from aid.followups.models import FollowUp

Address = Callable[[int], str]
_addresses: dict[str, Address] = {}


def register(kind: str, url: Address) -> None:
    """Say where a subject of this kind is seen, by its number. For rooms above, from `ready()`."""
    _addresses[kind] = url


def url_of(followup: FollowUp) -> str:
    """Where its subject is seen; empty if it has none that anybody shows."""
    address = _addresses.get(followup.subject_kind)
    return address(followup.subject_id) if address and followup.subject_id is not None else ""
