"""A town where somebody chooses a neighbour, each with a browser."""

import pytest

from accounts.models import Account
from harness.databases import FIRST_TOWN
from harness.nearby import a_neighbour, direct_kind


@pytest.fixture
def kind(town):
    """A kind of help for which people choose whom to write to."""
    return direct_kind()


@pytest.fixture
def rose(kind):
    """A volunteer who is shown."""
    return a_neighbour("Rose", "+33639980012")


@pytest.fixture
def stranger(town, visit):
    """A browser that nobody has signed in with."""
    return visit(FIRST_TOWN)


@pytest.fixture
def signed_in(town, visit):
    """A browser that somebody has signed in with."""

    def enter(person):
        person.account = Account.objects.create_account(email=f"compte{person.pk}@exemple.example")
        person.save()
        client = visit(FIRST_TOWN)
        client.force_login(person.account, "django.contrib.auth.backends.ModelBackend")
        return client

    return enter
