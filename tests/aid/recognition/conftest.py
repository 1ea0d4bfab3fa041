"""A town with a volunteer, a resident and an agent, each with a browser."""

import pytest

from accounts.models import Account
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_person, make_volunteer

SIGN_IN = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def signed_in(town, visit):
    """A browser that somebody has signed in with."""

    def enter(person):
        if person.account is None:
            person.account = Account.objects.create_account(email=f"compte{person.pk}@exemple.example")
            person.save()
        client = visit(FIRST_TOWN)
        client.force_login(person.account, SIGN_IN)
        return client

    return enter


@pytest.fixture
def alice(town):
    """A volunteer."""
    return make_volunteer()


@pytest.fixture
def jeanne(town):
    """A resident."""
    return make_person("Jeanne", "Canaristurnam", address="12 rue du Canari-Postal", birth_year=1941)


@pytest.fixture
def desk(town, visit):
    """An agent's browser."""
    client = visit(FIRST_TOWN)
    client.force_login(make_account("nadia@ccas.example", "Agents", first_name="Nadia"))
    return client


@pytest.fixture
def agent(town):
    """Another agent, by the services."""
    return make_account("omar@ccas.example", "Agents", first_name="Omar")
