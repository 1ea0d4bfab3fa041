"""The way from the back-office to the town's own books."""

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.abilities import get_abilities

AFTER_THE_REST = 9000


class BooksMenuItem(MenuItem):
    """« Contrat et factures », for those who may open it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """To who has the ability that opens it."""
        return get_abilities(request.user)["see_books"]


@hooks.register("register_admin_menu_item")
def books_menu_item() -> MenuItem:
    """Add it, after what is opened more often."""
    return BooksMenuItem("Contrat et factures", reverse("books:contract"), icon_name="doc-full", order=AFTER_THE_REST)
