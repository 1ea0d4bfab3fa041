"""The way from the back-office to the desk."""

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.roles import Role, roles_of


class DeskMenuItem(MenuItem):
    """« Bureau », for those who may open it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """To agents and administrators."""
        return bool(roles_of(request.user) & {Role.AGENT, Role.ADMINISTRATOR})


@hooks.register("register_admin_menu_item")
def desk_menu_item() -> MenuItem:
    """Add it first."""
    return DeskMenuItem("Bureau", reverse("desk:board"), icon_name="tasks", order=1)
