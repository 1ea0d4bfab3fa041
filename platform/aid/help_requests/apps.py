"""A need, from asked to thanked."""

from django.apps import AppConfig
from django.db.models import Exists, OuterRef


class HelpRequestsConfig(AppConfig):
    """Puts asking first in the menu of every town."""

    name = "aid.help_requests"
    label = "help_requests"
    verbose_name = "demandes"

    def ready(self) -> None:
        """Register with the themes."""
        from aid.help_requests import agreeing, forgetting, holdings, jobs, menus, retained
        from aid.help_requests.models import HelpRequest
        from aid.people import roles

        menus.register()
        agreeing.register()
        forgetting.register()
        retained.register()
        holdings.register()
        jobs.register()
        asked = HelpRequest.objects.filter(person=OuterRef("pk"))
        roles.register(roles.PersonRole(10, "resident", "demande de l’aide", Exists(asked)))
