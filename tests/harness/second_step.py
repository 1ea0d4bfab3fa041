"""Staff whom a test signs in by `force_login` have taken the second step too, as a browser signed in for good has.

Tests of the door itself sign in through its pages, so they meet it.
"""

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.test import Client

from accounts import factors
from accounts.models import Account
from accounts.roles import is_staff
from accounts.second_step import PASSED
from harness.towns import entry_of
from tenants.context import town_context


@receiver(user_logged_in)
def take_it_with_force_login(request: HttpRequest, user: Account, **kwargs: object) -> None:
    """Mark the session of a request that no browser made: `force_login` gives it no path."""
    if not request.path and is_staff(user):
        request.session[PASSED] = 1


def forget_it(client: Client) -> None:
    """Make a browser one that only wrote the code of its e-mail."""
    session = client.session
    session.pop(PASSED, None)
    session.save()


def take_it(client: Client) -> None:
    """Have a browser that wrote its code take the second step, in the town of its host."""
    with town_context(entry_of(client.defaults["HTTP_HOST"])):
        session = client.session
        session[PASSED] = 1
        session.save()


def give_application(account: Account) -> str:
    """Give an account an application of codes; its secret."""
    secret = factors.new_secret()
    factors.add_application(account, secret=secret, step=0)
    return secret


def digits(secret: str, *, later: int = 0) -> str:
    """What an application shows now, or some steps later."""
    return factors.digits_at(secret, factors.step_now() + later)
