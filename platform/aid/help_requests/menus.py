"""Asking, in the menu of every town: first, in the town's own words."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse

from aid.configuration.services import identity
from tenants.registry import current_town
from themes.menus import MenuItem, Slot, register_menu_provider


def asking(request: HttpRequest) -> Iterable[MenuItem]:
    """The way to the first question."""
    if current_town() is None:
        return []
    return [MenuItem(label=identity().ask_label, url=reverse("help_requests:what"), order=10)]


def register() -> None:
    """Called when the app is ready."""
    register_menu_provider(Slot.HEADER, asking)
