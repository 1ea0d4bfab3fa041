"""Where Wagtail finds the screens of this room; and accounts of applications, which are nobody's."""

from django.db.models import Q
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from accounts import back_office
from api.back_office import ApplicationViewSet
from api.services import REVOKED

back_office.hide(Q(application__isnull=False))


@hooks.register("register_admin_viewset")
def applications() -> ApplicationViewSet:
    """« Logiciels reliés » in the menu."""
    return ApplicationViewSet("applications")


@hooks.register("register_log_actions")
def revoking(actions: LogActionRegistry) -> None:
    """How the journal of the site says that a token was ended."""
    actions.register_action(REVOKED, "Arrêter un logiciel", "Logiciel arrêté")
