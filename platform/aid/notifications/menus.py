"""The outbox at the foot of each page, where there is one."""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from tenants.registry import current_town
from themes.menus import MenuItem, Slot, register_menu_provider


def outbox(request: HttpRequest) -> Iterable[MenuItem]:
    """The link, in a town of a demonstration."""
    if not settings.OUTBOX or current_town() is None:
        return []
    return [MenuItem(label="Boîte d’envoi (démonstration)", url=reverse("notifications:outbox"), order=900)]


def register() -> None:
    """Called when the app is ready."""
    register_menu_provider(Slot.FOOTER, outbox)
