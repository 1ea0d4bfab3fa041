"""The town's identity: what it is called, whom to call, its colours and words."""

from django.apps import AppConfig


class ConfigurationConfig(AppConfig):
    """Gives pages their brand and new towns their identity."""

    name = "aid.configuration"
    label = "configuration"
    verbose_name = "réglages de la ville"

    def ready(self) -> None:
        """Register with the themes and with the openings of towns."""
        from aid.configuration import blueprint, brand

        blueprint.register()
        brand.register()
