"""Who bills sees the desk; who runs the towns does not, unless they bill too; strangers are asked to sign in."""

import pytest

from accounts.services import invite_biller, invite_operator
from harness.console import console_of, operator_s
from tenants.context import platform_context

pytestmark = pytest.mark.django_db
DESK = "/console/facturation/"


def test_an_operator_who_does_not_bill_sees_nothing_of_it():
    console = operator_s()
    for path in ("", "factures/", "contrats/", "paiements/", "passage/2026/"):
        assert console.get(DESK + path).status_code == 404
        assert console.post(DESK + path, {}).status_code == 404
    assert "Facturation" not in console.get("/console/").content.decode()


def test_who_is_both_sees_both():
    with platform_context():
        invite_operator(email="tout@palier.example")
        both = invite_biller(email="tout@palier.example")
    console = console_of(both)
    assert console.get(DESK).status_code == 200
    assert console.get("/console/ouvrir/").status_code == 200


def test_a_stranger_is_asked_to_sign_in(visit):
    answer = visit("localhost").get(DESK)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/connexion/")


def test_no_town_has_these_addresses(visit, entry):
    assert visit("pont-sainte-maxence.localhost").get(DESK).status_code == 404
