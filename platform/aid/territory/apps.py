"""The territory of a town."""

from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    """The communes that a town covers, its districts and sectors."""

    name = "aid.territory"
    label = "territory"
    verbose_name = "Territoire"

    def ready(self) -> None:
        """Register with the openings of towns."""
        from aid.territory import blueprint, checks  # noqa: F401 (checks register themselves)

        blueprint.register()
