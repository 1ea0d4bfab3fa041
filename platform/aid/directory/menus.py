"""The ways to people, on every page of a town where there is somebody: referents, professionals, neighbours."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse

from aid.directory.services import shown
from tenants.registry import current_town
from themes.menus import MenuItem, Slot, register_menu_provider

# After asking, before the town's pages; neighbours at the foot only.
REFERENTS, PROFESSIONALS, NEIGHBOURS = 40, 45, 50


def header(request: HttpRequest) -> Iterable[MenuItem]:
    """Where the town puts it in its menu: referents, then professionals."""
    return _items() if current_town() is not None and shown().in_menu else []


def footer(request: HttpRequest) -> Iterable[MenuItem]:
    """Wherever there is anybody."""
    if current_town() is None:
        return []
    neighbours = [MenuItem("Vos voisins", reverse("profiles:neighbours"), NEIGHBOURS)] if shown().neighbours else []
    return _items() + neighbours


def _items() -> list[MenuItem]:
    there = shown()
    referents = [MenuItem("Référents", reverse("directory:referents"), REFERENTS)]
    professionals = [MenuItem(there.professionals_title, reverse("directory:professionals"), PROFESSIONALS)]
    return (referents if there.referents else []) + (professionals if there.professionals else [])


def register() -> None:
    """Called when the app is ready."""
    register_menu_provider(Slot.HEADER, header)
    register_menu_provider(Slot.FOOTER, footer)
