"""The town's pages in its menu."""

from collections.abc import Iterable

from django.http import HttpRequest

from cms.shown import shown
from tenants.registry import current_town
from themes.menus import MenuItem, Slot, register_menu_provider

FIRST_RANK = 50


def pages(request: HttpRequest) -> Iterable[MenuItem]:
    """Published pages that ask to be in the menu, in the order of the tree."""
    if current_town() is None:
        return []
    return [MenuItem(label=page.title, url=page.url, order=FIRST_RANK + rank) for rank, page in enumerate(shown().menu)]


def main_pages(request: HttpRequest) -> Iterable[MenuItem]:
    """The pages right under the home, whether the menu shows them or not; the law's own are beside, on every page."""
    if current_town() is None:
        return []
    return [
        MenuItem(label=page.title, url=page.url, order=FIRST_RANK + rank) for rank, page in enumerate(shown().footer)
    ]


def register() -> None:
    """Called when the app is ready."""
    register_menu_provider(Slot.FOOTER, main_pages)
    register_menu_provider(Slot.HEADER, pages)
