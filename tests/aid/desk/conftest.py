"""A town with an agent, somebody who asks, and a volunteer."""

import pytest
from django.test import Client

from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_person, make_request, make_volunteer


@pytest.fixture
def agent(town):
    """Nadia, who answers the telephone."""
    return make_account("nadia@ccas.example", "Agents", first_name="Nadia", last_name="Benali")


@pytest.fixture
def desk(agent):
    """Nadia's browser."""
    client = Client(headers={"host": FIRST_TOWN})
    client.force_login(agent)
    return client


@pytest.fixture
def jeanne(town):
    """Somebody who asks."""
    return make_person(address="3 rue des Lilas", birth_year=1941)


@pytest.fixture
def asked(jeanne):
    """What she asks for, looking for somebody."""
    return make_request(jeanne, address="3 rue des Lilas", details="Sonner deux fois")


@pytest.fixture
def alice(town):
    """A volunteer."""
    return make_volunteer()
