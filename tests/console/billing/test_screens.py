"""Every screen of the desk answers who bills, in every state that the lists know (harness.rooms.billing_desk)."""

import pytest

from harness.books import desk_of, play
from harness.rooms.billing_desk import PLATFORM_PAGES
from tenants.context import platform_context

pytestmark = pytest.mark.django_db


def test_who_bills_sees_every_screen(entry):
    with platform_context():
        told = play(entry)
    paths = [one.path.format_map(told) for pages in PLATFORM_PAGES.values() for one in pages if one.role == "billing"]
    desk = desk_of()
    answers = {path: desk.get(path).status_code for path in paths}
    assert {path: status for path, status in answers.items() if status != 200} == {}
    assert len(answers) > 60


def test_rows_that_are_not_there_are_not_shown(entry):
    with platform_context():
        play(entry)
    desk, root = desk_of(), "/console/facturation/"
    for path in (
        "vendeur/999999/", "acheteur/999999/", "contrat/999999/", "comptage/999999/", "facture/999999/",
        "devis/999999/", "facture/brouillon/999999/", "facture/envoi/999999/statut/", "paiement/999999/",
        "a-faire/rien/",
    ):  # fmt: skip
        assert desk.get(root + path).status_code == 404, path
