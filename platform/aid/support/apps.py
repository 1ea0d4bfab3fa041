"""Operators' support access: timed, reasoned, written down, and seen by the town."""

from django.apps import AppConfig


class SupportConfig(AppConfig):
    """Says what support goes without."""

    name = "aid.support"
    label = "support"
    verbose_name = "assistance"

    def ready(self) -> None:
        """Register with abilities."""
        from accounts import abilities
        from aid.support.access import goes_without

        abilities.register_limit(goes_without)
