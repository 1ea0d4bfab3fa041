"""Contracts: signed from a form that answers nothing ahead, changed, followed; each act says by whom."""

import datetime
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing.drafting import prepare_credit
from billing.enums import ContractState, CreditReason
from billing.issuing import issue
from billing.models import Contract, Engagement
from console.billing_desk.common import MEANWHILE, attempt
from console.billing_desk.fields import Form
from harness.billing import OPERATOR, a_buyer, a_contact, an_invoice, ready, signed
from harness.books import CLARA, CREIL, PONT, desk_of
from tenants.context import platform_context

pytestmark = pytest.mark.django_db
DESK = "/console/facturation/"
ANSWERS = {
    "reference": "2026-014",
    "signed_on": "2026-09-15",
    "begins_on": "2026-10-01",
    "ends_on": "",
    "year_start": "anniversary",
    "count_basis": "census",
    "age": "60",
    "counted_on": "first_day",
    "unit": "1,00",
    "floor": "1 000,00",
    "price_basis": "net",
    "floor_scope": "contract",
    "prorates_floor": "oui",
    "adjusting": "in_year",
    "least_adjustment": "15",
    "communes": [PONT],
}


@pytest.fixture
def desk() -> Client:
    return desk_of()


def answers(**changes: object) -> dict[str, object]:
    with platform_context():
        buyer = a_buyer()
    return ANSWERS | {"buyer": buyer.pk, "town": ""} | changes


def test_nothing_is_answered_ahead(desk):
    page = BeautifulSoup(desk.get(f"{DESK}contrat/nouveau/").content, "html.parser")
    assert page.select("input[checked]") == []
    typed = [one for one in page.select("main input[type=text], main input[type=date]") if one.get("value")]
    assert typed == []
    assert [one["name"] for one in page.select("select:has(option[selected][value]:not([value='']))")] == []


def test_communes_are_searched_in_the_same_form_and_nothing_typed_is_lost(desk):
    said = answers(communes=[], geste="chercher", search="pont-sainte")
    page = BeautifulSoup(desk.post(f"{DESK}contrat/nouveau/", said).content, "html.parser")
    assert page.select_one(f"input[name=communes][value='{PONT}']") is not None
    assert page.select_one("input[name=reference]")["value"] == "2026-014"
    assert page.select_one("input[name=floor]")["value"] == "1 000,00"
    assert page.select_one("input[name=prorates_floor][checked]")["value"] == "oui"
    assert page.select(".ds-error-summary") == []
    assert not Contract.objects.exists()


def test_a_whole_intercommunality_becomes_its_communes(desk):
    said = answers(communes=[], geste="chercher", epci="200043321")
    page = BeautifulSoup(desk.post(f"{DESK}contrat/nouveau/", said).content, "html.parser")
    assert len(page.select("input[name=communes][checked]")) > 50


def test_a_contract_is_signed_with_its_price_and_communes(desk):
    answer = desk.post(f"{DESK}contrat/nouveau/", answers())
    contract = Contract.objects.get()
    assert answer["Location"] == f"{DESK}contrat/{contract.pk}/"
    price = contract.prices.get()
    assert (price.unit, price.floor) == (Decimal("1.0000"), Decimal("1000.00"))
    assert (contract.prorates_floor, contract.age, contract.least_adjustment) == (True, 60, Decimal("15.00"))
    assert [one.commune_id for one in contract.memberships.all()] == [PONT]
    assert {step.by for step in contract.steps.all()} == {CLARA}
    page = desk.get(answer["Location"]).content.decode()
    assert "1,00\xa0€ par senior et par an" in page
    assert "Les seniors ne sont pas comptés" in page


def test_a_form_that_is_sent_twice_signs_one_contract(desk):
    said = answers()
    first = desk.post(f"{DESK}contrat/nouveau/", said)
    assert desk.post(f"{DESK}contrat/nouveau/", said)["Location"] == first["Location"]
    assert Contract.objects.count() == 1
    for other in ({"unit": "1,10"}, {"communes": [CREIL]}, {"reference": "2026-015"}):
        desk.post(f"{DESK}contrat/nouveau/", said | other)
    assert Contract.objects.count() == 4, "another price, commune or reference is another contract"


def test_what_was_kept_meanwhile_is_said_and_a_mistake_of_ours_is_not_hidden():
    form = Form({})
    with platform_context():
        buyer = a_buyer()
        a_contact(buyer)
        assert attempt(form, lambda: a_contact(buyer)) is None
        with pytest.raises(IntegrityError):
            attempt(form, lambda: a_buyer(siret="12"))
    assert form.non_field_errors() == [MEANWHILE]


def test_its_page_reckons_its_periods_from_rows_read_once_and_shows_the_last_document_first(desk):
    with platform_context():
        invoice = an_invoice(None, {PONT: 1200})
        credit = prepare_credit(invoice, reason=CreditReason.MISTAKE, by=OPERATOR)
        note = issue(credit, on=invoice.issued_on, by=OPERATOR)
    with CaptureQueriesContext(connection) as asked:
        page = desk.get(f"{DESK}contrat/{invoice.contract_id}/").content.decode()
    assert page.count("1\xa0200,00\xa0€") > 1, "several periods"
    assert len([one for one in asked if "ARRAY_AGG" in one["sql"] and "billing_membership" in one["sql"]]) == 1
    assert page.index(f">{note.number}<") < page.index(f">{invoice.number}<")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"unit": ""}, "Donnez un montant en euros"),
        ({"unit": "un euro"}, "Donnez un montant en euros"),
        ({"unit": "1,00005"}, "Écrivez 4 décimales au plus."),
        ({"floor": "1000,005"}, "Écrivez 2 décimales au plus."),
        ({"floor": "20 000 000"}, "dix millions d’euros au plus"),
        ({"unit": "-1"}, "Un montant n’est pas négatif."),
        ({"age": ""}, "Choisissez une réponse."),
        ({"age": "65"}, "Le fichier de l’INSEE donne les 60 ans et plus"),
        ({"count_basis": "tout"}, "Choisissez une réponse."),
        ({"prorates_floor": ""}, "Choisissez une réponse."),
        ({"begins_on": "31/02/2026"}, "Donnez un jour qui existe"),
        ({"begins_on": "9999-12-31"}, "Donnez un jour entre 2000 et 2099."),
        ({"begins_on": "0001-01-01"}, "Donnez un jour entre 2000 et 2099."),
        ({"ends_on": "2026-09-01"}, "Un contrat se termine après avoir commencé."),
        ({"communes": []}, "Indiquez au moins une commune"),
        ({"buyer": "999999"}, "Choisissez une réponse."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_signed(desk, typed, told):
    page = desk.post(f"{DESK}contrat/nouveau/", answers(**typed)).content.decode()
    assert told in page
    assert "2026-014" in page
    assert not Contract.objects.exists()


def test_two_contracts_of_a_town_for_the_same_days_are_refused(desk, entry):
    with platform_context():
        signed(entry, PONT)
    page = desk.post(f"{DESK}contrat/nouveau/", answers(town=entry.id)).content.decode()
    assert "Cette ville a déjà un contrat pour une partie de ces jours." in page


def test_the_price_changes_from_a_day(desk):
    with platform_context():
        contract = signed(None, PONT)
    url = f"{DESK}contrat/{contract.pk}/prix/"
    early = {"from_day": "2026-10-01", "unit": "1,05", "floor": "1050"}
    assert "vient avant le dernier prix" in desk.post(url, early).content.decode()
    assert desk.post(url, early | {"from_day": "2027-10-01"})["Location"] == f"{DESK}contrat/{contract.pk}/"
    assert [one.unit for one in contract.prices.order_by("starts_on")] == [Decimal("1.0000"), Decimal("1.0500")]
    assert contract.steps.last().by == CLARA


def test_a_commune_joins_and_leaves(desk):
    with platform_context():
        contract = signed(None, PONT)
    joins, leaves = f"{DESK}contrat/{contract.pk}/rejoindre/", f"{DESK}contrat/{contract.pk}/quitter/"
    found = desk.post(joins, {"geste": "chercher", "search": "creil", "on": "2027-03-01"}).content.decode()
    assert f'value="{CREIL}"' in found
    assert 'value="2027-03-01"' in found
    assert "en dehors du contrat" in desk.post(joins, {"communes": [CREIL], "on": "2026-01-01"}).content.decode()
    assert "Indiquez au moins une commune" in desk.post(joins, {"on": "2027-03-01"}).content.decode()
    assert desk.post(joins, {"communes": [CREIL], "on": "2027-03-01"}).status_code == 302
    again = desk.post(joins, {"communes": [CREIL], "on": "2027-04-01"}).content.decode()
    assert "couvre déjà cette commune" in again
    assert desk.post(leaves, {"commune": PONT, "on": "2027-05-01"}).status_code == 302
    last = desk.post(leaves, {"commune": CREIL, "on": "2027-06-01"}).content.decode()
    assert "C’est la dernière commune" in last
    assert contract.memberships.get(commune=PONT).ends_on == datetime.date(2027, 5, 1)


def test_a_late_contract_is_examined_with_a_reason_and_resumed(desk):
    with platform_context():
        contract = ready(None, {PONT: 1200}, state=ContractState.LATE)
    url = f"{DESK}contrat/{contract.pk}/etat/examine/"
    assert "Écrivez quelques mots." in desk.post(url, {"words": ""}).content.decode()
    assert desk.post(url, {"words": "Leur trésorerie a changé."}).status_code == 302
    contract.refresh_from_db()
    assert contract.state == ContractState.REVIEW
    assert contract.steps.last().words == "Leur trésorerie a changé."
    # Done already, by the same form or by somebody else: it is said on its page.
    page = desk.post(url, {"words": "Encore."}, follow=True)
    assert page.redirect_chain[0][0] == f"{DESK}contrat/{contract.pk}/"
    assert "État du contrat : examiné par l’équipe." in page.content.decode()
    assert contract.steps.filter(state=ContractState.REVIEW).count() == 1
    assert desk.post(f"{DESK}contrat/{contract.pk}/etat/resume/", {"words": "Payé."}).status_code == 302
    for never in ("fall_late", "begin", "announce_end", "rien"):
        assert desk.get(f"{DESK}contrat/{contract.pk}/etat/{never}/").status_code == 404


def test_an_engagement_is_noted_for_a_period(desk):
    with platform_context():
        contract = signed(None, PONT)
    url = f"{DESK}contrat/{contract.pk}/engagement/"
    assert "Remplissez cette ligne." in desk.post(
        url, {"year_starts_on": "2026-10-01", "number": ""}
    ).content.decode()  # fmt: skip
    long = desk.post(url, {"year_starts_on": "2026-10-01", "number": "9" * 60}).content.decode()
    assert "50 signes au plus" in long
    assert desk.post(url, {"year_starts_on": "2026-10-02", "number": "EJ1"}).status_code == 200
    assert desk.post(url, {"year_starts_on": "2026-10-01", "number": "EJ-2026-17"}).status_code == 302
    assert (Engagement.objects.get().number, Engagement.objects.get().given_by) == ("EJ-2026-17", CLARA)
    assert "EJ-2026-17" in desk.get(f"{DESK}contrat/{contract.pk}/").content.decode()


def test_contracts_are_found_by_buyer_reference_and_state(desk):
    with platform_context():
        ready(None, {PONT: 10}, reference="MAPA-7", buyer=a_buyer(name="CCAS de Creil"))
        ready(None, {PONT: 10}, state=ContractState.LATE, buyer=a_buyer(name="CCAS de Senlis"))
    for query, found, lost in (
        ("q=creil", "CCAS de Creil", "CCAS de Senlis"),
        ("q=mapa-7", "CCAS de Creil", "CCAS de Senlis"),
        ("etat=late", "CCAS de Senlis", "CCAS de Creil"),
    ):
        page = desk.get(f"{DESK}contrats/?{query}").content.decode()
        assert found in page
        assert lost not in page
    assert "Aucun contrat ne correspond." in desk.get(f"{DESK}contrats/?q=zzz").content.decode()
