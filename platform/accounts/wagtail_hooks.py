"""What the back-office's list of users offers more."""

from collections.abc import Iterable

from django.urls import reverse
from wagtail import hooks
from wagtail.admin.widgets.button import Button

from accounts.models import Account


@hooks.register("register_user_listing_buttons")
def forget_second_step(user: Account, request_user: Account) -> Iterable[Button]:
    """Have a colleague who lost the telephone begin again; one's own is changed on one's own page."""
    # The list fetched groups with its users (accounts.back_office).
    if user != request_user and user.groups.all():
        yield Button(
            "Téléphone perdu", reverse("forget_colleague", args=[user.uid]), icon_name="mobile-alt", priority=50
        )
