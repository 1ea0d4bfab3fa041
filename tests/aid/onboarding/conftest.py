import pytest

from harness.desk import make_account
from harness.steps import without_steps


@pytest.fixture(autouse=True)
def _own_steps(request):
    """Each test of this room names the steps that it is about."""
    if "own_database" not in request.fixturenames and "town" in request.fixturenames:
        request.getfixturevalue("town")
        without_steps()


@pytest.fixture
def agent(town):
    return make_account("accueil@ccas.example", "Agents", first_name="Inès")
