"""What volunteers propose: kinds of help, area, week; and how somebody applies."""

from django.apps import AppConfig


class OffersConfig(AppConfig):
    """Declares what it holds about persons."""

    name = "aid.offers"
    label = "offers"
    verbose_name = "offres"

    def ready(self) -> None:
        """Register with privacy and with the openings of towns."""
        from aid.offers import agreeing, blueprint, holdings, retained

        agreeing.register()
        blueprint.register()
        holdings.register()
        retained.register()
