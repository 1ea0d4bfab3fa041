"""What the tests of the door share."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import Account
from accounts.roles import AGENTS
from harness.letters import Letters, caught


@pytest.fixture
def letters() -> Iterator[Letters]:
    """What left by SMS and e-mail."""
    with caught() as letters:
        yield letters


@pytest.fixture
def ask(django_capture_on_commit_callbacks: Callable) -> Callable:
    """Write a contact at the door, or press a button on the page of the code; what was written then leaves."""

    def post(client: Client, path: str = "/connexion/", **data: str):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(path, data)

    return post


@pytest.fixture
def make_staff(town) -> Callable[..., Account]:
    """Somebody who works for the town."""

    def make(group: str = AGENTS, email: str = "farida@exemple.example") -> Account:
        account = Account.objects.create_account(email=email, first_name="Farida")
        account.groups.add(Group.objects.get(name=group))
        return account

    return make


@pytest.fixture
def farida(make_staff: Callable[..., Account]) -> Account:
    """An agent."""
    return make_staff()


@pytest.fixture
def sign_in(ask: Callable, letters: Letters) -> Callable:
    """By the pages, as far as the code of the e-mail goes."""

    def by_code(client: Client, email: str = "farida@exemple.example", wanted: str = ""):
        path = ask(client, f"/connexion/?next={wanted}" if wanted else "/connexion/", login=email)["Location"]
        return ask(client, path, code=letters.left[-1].code)

    return by_code
