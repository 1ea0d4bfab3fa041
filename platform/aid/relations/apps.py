"""Who is whose relative, who lives with whom, and who may act for somebody."""

from django.apps import AppConfig


class RelationsConfig(AppConfig):
    """Declares what it holds about persons."""

    name = "aid.relations"
    label = "relations"
    verbose_name = "entourage"

    def ready(self) -> None:
        """Register with privacy."""
        from aid.relations import holdings

        holdings.register()
