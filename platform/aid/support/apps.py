"""Operators' support access: timed, reasoned, written down, and seen by the town."""

from django.apps import AppConfig


class SupportConfig(AppConfig):
    """Says who only looks."""

    name = "aid.support"
    label = "support"
    verbose_name = "assistance"

    def ready(self) -> None:
        """Register with abilities."""
        from accounts import abilities
        from aid.support.access import only_looks

        abilities.register_who_only_looks(only_looks)
