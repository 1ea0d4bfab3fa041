"""Menu slots: rooms above register what they add to the header and the footer."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


class Slot(StrEnum):
    """Where a menu stands on the page."""

    HEADER = "header"
    FOOTER = "footer"


@dataclass(frozen=True)
class MenuItem:
    """One link of a menu; the lowest `order` comes first."""

    label: str
    url: str
    order: int = 100
    is_current: bool = False


MenuProvider = Callable[[HttpRequest], Iterable[MenuItem]]
_providers: dict[Slot, list[MenuProvider]] = {slot: [] for slot in Slot}


def register_menu_provider(slot: Slot, provider: MenuProvider) -> None:
    """Have `provider` asked for items of `slot` on each page: for menus that are data (a town's pages)."""
    if provider not in _providers[slot]:
        _providers[slot].append(provider)


def unregister_menu_provider(slot: Slot, provider: MenuProvider) -> None:
    """Forget `provider`: for tests, which register their own. Raises ValueError if it is not there."""
    _providers[slot].remove(provider)


def register_menu_entry(slot: Slot, label: str, url_name: str, order: int = 100) -> MenuProvider:
    """Add a link to the view named `url_name`. Returns the provider, to unregister it.

    A host that has no such view (the platform's own site has none of a town's) does not show the entry.
    """

    def provide(_request: HttpRequest) -> Iterable[MenuItem]:
        try:
            return [MenuItem(label=label, url=reverse(url_name), order=order)]
        except NoReverseMatch:
            return []

    register_menu_provider(slot, provide)
    return provide


def menu_of(request: HttpRequest, slot: Slot) -> list[MenuItem]:
    """The items of `slot` for this request, in order; the one that leads to this very page is current."""
    items = (item for provider in _providers[slot] for item in provider(request))
    return [
        MenuItem(item.label, item.url, item.order, is_current=item.url == request.path)
        for item in sorted(items, key=lambda item: (item.order, item.label))
    ]
