"""What the back-office's list of users offers more, and whom it does not know."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.widgets.button import Button

from accounts.back_office import is_hidden
from accounts.models import Account


@hooks.register("register_user_listing_buttons")
def forget_second_step(user: Account, request_user: Account) -> Iterable[Button]:
    """Have a colleague who lost the telephone begin again; one's own is changed on one's own page."""
    # The list fetched groups with its users (accounts.back_office).
    if user != request_user and user.groups.all():
        yield Button(
            "Téléphone perdu", reverse("forget_colleague", args=[user.uid]), icon_name="mobile-alt", priority=50
        )


@hooks.register("before_edit_user")
@hooks.register("before_delete_user")
def not_these(request: HttpRequest, user: Account) -> None:
    """Answer as for an account that is not there."""
    if is_hidden(user):
        raise Http404


@hooks.register("before_bulk_action")
def nor_among_others(request: HttpRequest, action_type: str, objects: Iterable[object], action: object) -> None:
    """The same, ticked with others in a list that was forged."""
    for one in objects:
        if isinstance(one, Account):
            not_these(request, one)
