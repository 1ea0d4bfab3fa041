"""The way from the back-office to the desk."""

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.abilities import get_abilities


class DeskMenuItem(MenuItem):
    """« Bureau », for those who may open it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """To who has an ability that opens it."""
        return get_abilities(request.user)["open_desk"]


@hooks.register("register_admin_menu_item")
def desk_menu_item() -> MenuItem:
    """Add it first."""
    return DeskMenuItem("Bureau", reverse("desk:board"), icon_name="tasks", order=1)
