"""The room of towns: what is technical about having many of them."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """Wires the walls in at start."""

    name = "tenants"
    verbose_name = "villes"

    def ready(self) -> None:
        """Register the system checks and keep content types apart by town."""
        from tenants import checks  # noqa: F401 (registers them)
        from tenants.contenttypes import keep_apart_by_town

        keep_apart_by_town()
