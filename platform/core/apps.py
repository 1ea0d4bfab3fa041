"""Bricks without a domain word."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Wires the checks of the doors in."""

    name = "core"

    def ready(self) -> None:
        """Register them."""
        from core.doors import checks  # noqa: F401 (registers them)
