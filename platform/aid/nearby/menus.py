"""The way to « Qui peut m’aider ? », in a town where people choose whom to write to."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse

from aid.nearby.searching import direct_kinds
from tenants.registry import current_town
from themes.menus import MenuItem, Slot, register_menu_provider

# After asking, before the directory.
ORDER = 35


def items(request: HttpRequest) -> Iterable[MenuItem]:
    """One line, or none."""
    if current_town() is None or not direct_kinds(None):
        return []
    return [MenuItem("Près de chez moi", reverse("nearby:neighbours"), ORDER)]


def register() -> None:
    """Called when the app is ready."""
    for slot in Slot:
        register_menu_provider(slot, items)
