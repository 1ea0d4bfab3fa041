"""Somebody worries about somebody: told, given to a named agent, followed to its answer."""

from django.apps import AppConfig


class WorriesConfig(AppConfig):
    """Declares what it holds."""

    name = "aid.worries"
    label = "worries"
    verbose_name = "inquiétudes"

    def ready(self) -> None:
        """Register with privacy."""
        from aid.worries import forgetting, holdings, retained

        forgetting.register()
        retained.register()
        holdings.register()
