"""How long a sign-in lasts: half a day at most, or two months on a device that its owner asked us to remember."""

from datetime import timedelta

from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models.signals import m2m_changed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Account
from accounts.roles import is_staff, refuse_if_shared
from accounts.second_step import PASSED

SHORT = timedelta(hours=12)
LONG = timedelta(days=60)
REMEMBERED = "remembered"


class SessionStore(DatabaseStore):
    """Django's sessions in the town's schema; the browser forgets each when it closes, unless told to remember it."""

    def get_expire_at_browser_close(self) -> bool:
        """Django asks it of the end alone: an end at a known hour would outlive the browser."""
        return not self.get(REMEMBERED)


@receiver(user_logged_in)
def begin(request: HttpRequest, **kwargs: object) -> None:
    """Give a sign-in its end, at a fixed hour: what the session keeps later does not put it off."""
    request.session.pop(REMEMBERED, None)
    request.session.pop(PASSED, None)
    request.session.set_expiry(timezone.now() + SHORT)


def remember(request: HttpRequest) -> None:
    """Keep who has just signed in for longer; never the town's own people, nor the operator's."""
    if request.user.is_authenticated and not is_staff(request.user):
        request.session[REMEMBERED] = True
        request.session.set_expiry(timezone.now() + LONG)


@receiver(m2m_changed, sender=Account.groups.through)
def end_sessions_of_new_staff(
    instance: Account, action: str, *, reverse: bool, pk_set: set[int] | None, **kwargs: object
) -> None:
    """Have who joins the town's people sign in again: a device that remembers a resident opens no desk."""
    if action == "post_add" and pk_set and not reverse:
        sign_out_everywhere(instance)


@receiver(m2m_changed, sender=Account.groups.through)
def refuse_shared_staff(
    instance: Account, action: str, *, reverse: bool, pk_set: set[int] | None, **kwargs: object
) -> None:
    """Keep an account that several enter by out of the town's people, whatever gives it a group.

    Raises ValidationError; forms say it first.
    """
    if action == "pre_add" and pk_set and not reverse:
        refuse_if_shared(instance)


def sign_out_everywhere(account: Account) -> None:
    """End every session of an account: each is checked against its password, which nobody uses and is another now."""
    account.set_unusable_password()
    account.save(update_fields=["password"])
