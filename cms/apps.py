"""The town's pages, and its back-office."""

from django.apps import AppConfig


class CmsConfig(AppConfig):
    """Fills new towns with starter pages and puts the pages in the menu."""

    name = "cms"
    verbose_name = "pages"

    def ready(self) -> None:
        """Register with the themes and with the openings of towns."""
        from cms import blueprint, menus

        blueprint.register()
        menus.register()
