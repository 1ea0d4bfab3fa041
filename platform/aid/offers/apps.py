"""What volunteers propose: kinds of help, area."""

from django.apps import AppConfig


class OffersConfig(AppConfig):
    """Declares what it holds about persons."""

    name = "aid.offers"
    label = "offers"
    verbose_name = "offres"

    def ready(self) -> None:
        """Register with privacy."""
        from aid.offers import holdings

        holdings.register()
