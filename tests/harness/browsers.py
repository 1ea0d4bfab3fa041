"""The browsers of tests: on a host, of somebody who signed in, or of nobody."""

from django.test import Client

from accounts.models import Account

BACKEND = "django.contrib.auth.backends.ModelBackend"


def browser_at(host: str, account: Account | None = None) -> Client:
    """One on a host; signed in where an account is given, which is of where the connection is."""
    client = Client(headers={"host": host})
    if account is not None:
        client.force_login(account, BACKEND)
    return client
