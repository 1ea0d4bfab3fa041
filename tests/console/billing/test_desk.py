"""The desk: what there is to do, in as many queries for a thousand contracts as for one."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.drafting import prepare_credit
from billing.enums import CountBasis, CreditReason
from billing.issuing import issue
from billing.models import Contract
from billing.sending import deposit
from console.billing_desk.todo import PARTS
from harness.billing import OPERATOR, a_buyer, a_contact, a_seller, an_invoice, ready, signed
from harness.books import PONT, a_draft, desk_of, play
from tenants.context import platform_context

pytestmark = pytest.mark.django_db
DESK = "/console/facturation/"
LISTS = (
    "", "factures/", "factures/?etat=late", "contrats/", "acheteurs/", "devis/", "paiements/", "comptages/?annee=2026",
    "passage/?annee=2026", "recettes/",
)  # fmt: skip


@pytest.fixture
def desk() -> Client:
    return desk_of()


def queries(desk: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert desk.get(DESK + path).status_code == 200
    return len(asked)


def test_nothing_to_do_is_said(desk):
    assert "Tout est fait." in desk.get(DESK).content.decode()
    for part in PARTS:
        assert part.none in desk.get(f"{DESK}a-faire/{part.slug}/").content.decode()


def test_each_thing_is_where_it_is_done(desk):
    today = timezone.localdate()
    long_ago = today - datetime.timedelta(days=50)
    begun = {"begins_on": long_ago.replace(day=1), "state": "active"}
    with platform_context():
        a_seller()
        prepare = ready(None, {PONT: 10}, buyer=a_buyer(name="À préparer SA"), **begun)
        draft = a_draft(None, buyer=a_buyer(name="À émettre SA"), **begun)
        late = an_invoice(None, {PONT: 10}, on=long_ago, buyer=a_buyer(name="En retard SA"), **begun)
        deposit(late, flow_number="F1", on=long_ago, by=OPERATOR)
        unsent = an_invoice(None, {PONT: 10}, on=today, buyer=a_buyer(name="À envoyer SA"), **begun)
        waiting = an_invoice(None, {PONT: 10}, on=today, buyer=a_buyer(name="En attente SA"), **begun)
        deposit(waiting, flow_number="F2", on=today, by=OPERATOR)
        uncounted = signed(None, PONT, buyer=a_buyer(name="À compter SA"), **begun)
        needy = signed(None, PONT, buyer=a_buyer(name="Engagement SA", requirement="engagement"), **begun)
        a_contact(uncounted.buyer)
    for slug, url, title in (
        ("a-preparer", f"contrat/{prepare.pk}/preparer/", "À préparer SA"),
        ("a-emettre", f"facture/brouillon/{draft.pk}/", "À émettre SA"),
        ("en-retard", f"facture/{late.pk}/", "En retard SA"),
        ("a-envoyer", f"facture/{unsent.pk}/", "À envoyer SA"),
        ("en-attente", f"facture/{waiting.pk}/", "En attente SA"),
        ("a-compter", f"contrat/{uncounted.pk}/compter/", "À compter SA"),
        ("engagements", f"contrat/{needy.pk}/engagement/", "Engagement SA"),
        ("bloquees", f"facture/{late.pk}/", "En retard SA"),
    ):
        page = desk.get(f"{DESK}a-faire/{slug}/").content.decode()
        assert f'href="{DESK}{url}' in page, slug
        assert title in page, slug
    contacts = desk.get(f"{DESK}a-faire/contacts/").content.decode()
    assert "Engagement SA" in contacts
    assert "À compter SA" not in contacts


def test_long_parts_go_on_from_page_to_page(desk):
    with platform_context():
        buyer = a_buyer()
        for _ in range(52):
            signed(None, PONT, buyer=buyer)
    assert "Voir les 52 lignes" in desk.get(DESK).content.decode()
    second = desk.get(f"{DESK}a-faire/contacts/?page=2").content.decode()
    assert "Page 2 sur 2" in second
    assert desk.get(f"{DESK}a-faire/contacts/?page=pomme").status_code == 200


def test_numbers_agreed_in_writing_are_not_asked_again_each_year(desk):
    long_ago = timezone.localdate() - datetime.timedelta(days=400)
    with platform_context():
        for name, basis in (("Recensement SA", CountBasis.CENSUS), ("Convenu SA", CountBasis.AGREED)):
            ready(None, {PONT: 10}, buyer=a_buyer(name=name), begins_on=long_ago, count_basis=basis)
    page = desk.get(f"{DESK}a-faire/a-compter/").content.decode()
    assert "Recensement SA" in page
    assert "Convenu SA" not in page


def a_credit_note(name: str) -> None:
    invoice = an_invoice(None, {PONT: 10}, buyer=a_buyer(name=name))
    credit = prepare_credit(invoice, reason=CreditReason.MISTAKE, by=OPERATOR)
    issue(credit, on=invoice.issued_on, by=OPERATOR)


def test_lists_ask_as_much_for_many_contracts_as_for_few(desk, entry):
    with platform_context():
        play(entry)
        a_credit_note("Crédité")
    desk.get(DESK)
    few = {path: queries(desk, path) for path in LISTS}
    with platform_context():
        for _ in range(6):
            an_invoice(None, {PONT: 10}, buyer=a_buyer(name="Encore"))
            ready(None, {PONT: 20}, state="active", buyer=a_buyer(name="Un autre"))
            a_draft(None, buyer=a_buyer(name="Et un autre"))
            a_credit_note("Crédité aussi")
    assert {path: queries(desk, path) for path in LISTS} == few
    assert max(few.values()) < 60
    assert Contract.objects.count() > 20
