"""The probe: true whether the database answers or not, and never in the way of a town's own page."""

import pytest
from django.db import OperationalError, connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from harness.databases import FIRST_TOWN

pytestmark = pytest.mark.usefixtures("own_database")


def visit(host: str) -> Client:
    return Client(headers={"host": host})


def test_it_answers_on_the_platform_without_https_role_or_transaction():
    with override_settings(SECURE_SSL_REDIRECT=True), CaptureQueriesContext(connection) as queries:
        answer = visit("localhost").get("/sante/")
    assert (answer.status_code, answer.content) == (200, b"en service")
    assert [one["sql"] for one in queries] == ["SELECT 1"]


def test_it_says_503_when_the_database_does_not_answer(monkeypatch):
    def refuse() -> None:
        raise OperationalError("connection refused")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", refuse)
        assert visit("localhost").get("/sante/").status_code == 503
    assert visit("localhost").get("/sante/").status_code == 200


@pytest.mark.parametrize("host", [FIRST_TOWN, "inconnue.localhost"])
def test_a_town_keeps_that_address_for_itself(host):
    answer = visit(host).get("/sante/")
    assert answer.status_code == 404
    assert b"en service" not in answer.content
