"""The menu of the console: rooms of screens add their line, each for whom it is."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Account
from accounts.roles import may_operate


@dataclass(frozen=True)
class Item:
    """A line of the menu, as a page shows it."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Entry:
    """A line of the menu: for whom, and the part of the site that it is current in."""

    label: str
    url_name: str
    may_see: Callable[[Account], bool] = may_operate
    order: int = 100


_entries: dict[str, Entry] = {}


def register(entry: Entry) -> None:
    """Add a line; twice is once. For `ready()`."""
    _entries[entry.url_name] = entry


def items(request: HttpRequest) -> list[Item]:
    """The lines that who is signed in may follow, in their order."""
    shown = sorted((entry for entry in _entries.values() if entry.may_see(request.user)), key=lambda one: one.order)
    urls = [reverse(one.url_name) for one in shown]
    # The pages of a part are under its own address: the longest says which part this is.
    here = max((url for url in urls if request.path.startswith(url)), key=len, default="")
    return [Item(one.label, url, url == here) for one, url in zip(shown, urls, strict=True)]
