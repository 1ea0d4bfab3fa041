"""A need, from asked to thanked."""

from django.apps import AppConfig


class HelpRequestsConfig(AppConfig):
    """Puts asking first in the menu of every town."""

    name = "aid.help_requests"
    label = "help_requests"
    verbose_name = "demandes"

    def ready(self) -> None:
        """Register with the themes."""
        from aid.help_requests import agreeing, forgetting, holdings, menus, retained
        from aid.help_requests.merging import why_two_persons
        from aid.privacy import merging

        menus.register()
        agreeing.register()
        forgetting.register()
        retained.register()
        holdings.register()
        merging.check(why_two_persons)
