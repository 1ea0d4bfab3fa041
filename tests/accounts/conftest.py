"""What the tests of the door share."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

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
