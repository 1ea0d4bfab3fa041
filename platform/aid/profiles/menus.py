"""« Vos voisins », at the foot of every page, once there is somebody to meet."""

from collections.abc import Iterable

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from aid.profiles.models import Profile
from tenants.registry import current_town
from themes.menus import MenuItem, Slot, register_menu_provider

CACHE_KEY = "profiles.any"


def neighbours(request: HttpRequest) -> Iterable[MenuItem]:
    """The way to who is presented; nothing before anybody is. Kept in memory until the town's pulse changes."""
    if current_town() is None:
        return []
    is_any = cache.get(CACHE_KEY)
    if is_any is None:
        is_any = Profile.objects.published().exists()
        cache.set(CACHE_KEY, is_any)
    return [MenuItem(label="Vos voisins", url=reverse("profiles:neighbours"), order=50)] if is_any else []


def register() -> None:
    """Called when the app is ready."""
    register_menu_provider(Slot.FOOTER, neighbours)
