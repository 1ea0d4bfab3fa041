"""The ways to the directory, on every page of a town where somebody is in it."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse

from aid.directory.services import shown
from tenants.registry import current_town
from themes.menus import MenuItem, Slot, register_menu_provider

# After asking, before the town's pages.
REFERENTS, PROFESSIONALS = 40, 45


def header(request: HttpRequest) -> Iterable[MenuItem]:
    """Where the town puts it in its menu: referents, then professionals."""
    return _items() if current_town() is not None and shown()[0].directory_in_menu else []


def footer(request: HttpRequest) -> Iterable[MenuItem]:
    """Wherever there is anybody."""
    return _items() if current_town() is not None else []


def _items() -> list[MenuItem]:
    rules, has_referents, has_professionals = shown()
    referents = [MenuItem("Référents", reverse("directory:referents"), REFERENTS)]
    professionals = [MenuItem(rules.professionals_title, reverse("directory:professionals"), PROFESSIONALS)]
    return (referents if has_referents else []) + (professionals if has_professionals else [])


def register() -> None:
    """Called when the app is ready."""
    register_menu_provider(Slot.HEADER, header)
    register_menu_provider(Slot.FOOTER, footer)
