"""Documents: prepared, read, tried by every rule, issued once; credited; found; their files served as stored."""

import hashlib
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from billing.contracts import Price, change_price
from billing.drafting import prepare_credit
from billing.enums import CreditReason
from billing.models import Draft, Invoice
from billing.paying import allocate, receive
from harness.billing import OPERATOR, TODAY, a_buyer, a_seller, an_invoice, ready, signed
from harness.books import CLARA, PONT, a_draft, desk_of
from tenants.context import platform_context

pytestmark = pytest.mark.django_db
DESK = "/console/facturation/"


@pytest.fixture
def desk() -> Client:
    return desk_of()


def test_the_invoice_of_a_period_is_prepared_and_read(desk):
    with platform_context():
        seller, contract = a_seller(), ready(None, {PONT: 640})
    url = f"{DESK}contrat/{contract.pk}/preparer/"
    assert "Choisissez une réponse." in desk.post(url, {"seller": seller.pk}).content.decode()
    answer = desk.post(url, {"kind": "annuelle", "period": "2026-10-01", "seller": seller.pk})
    draft = Draft.objects.get()
    assert answer["Location"] == f"{DESK}facture/brouillon/{draft.pk}/"
    assert draft.prepared_by == CLARA
    page = desk.get(answer["Location"]).content.decode()
    for said in ("Complément au minimum annuel", "360,00\xa0€", "1\xa0200,00\xa0€", "SIRET 216\xa0005\xa0090\xa000016"):
        assert said in page, said


@pytest.mark.parametrize("counted", [True, False])
def test_what_is_missing_is_said_before_a_draft(desk, counted):
    with platform_context():
        seller = a_seller()
        needy = a_buyer(requirement="engagement")
        contract = ready(None, {PONT: 640}, buyer=needy) if counted else signed(None, PONT)
    page = desk.post(
        f"{DESK}contrat/{contract.pk}/preparer/", {"kind": "annuelle", "period": "2026-10-01", "seller": seller.pk}
    ).content.decode()
    assert ("demande un numéro d’engagement" if counted else "Les seniors ne sont pas comptés") in page
    assert not Draft.objects.exists()


def test_a_draft_is_tried_and_issued_once(desk):
    with platform_context():
        draft = a_draft(None)
    url = f"{DESK}facture/brouillon/{draft.pk}/emettre/"
    page = desk.get(url).content.decode()
    assert "Toutes les règles sont respectées" in page
    assert "rien ne change plus ensuite" in page
    assert not Invoice.objects.exists()
    answer = desk.post(url)
    invoice = Invoice.objects.get()
    assert answer["Location"] == f"{DESK}facture/{invoice.pk}/"
    assert (invoice.issued_by, invoice.issued_on) == (CLARA, timezone.localdate())
    # Pressed twice, or by two people: the same invoice.
    assert desk_of("hugo@palier.example").post(url)["Location"] == answer["Location"]
    assert desk.get(url.removesuffix("emettre/"))["Location"] == answer["Location"]
    assert Invoice.objects.count() == 1
    page = desk.get(answer["Location"]).content.decode()
    assert invoice.hash in page
    assert "Elle n’est pas encore envoyée." in page


def test_a_draft_whose_rows_moved_is_refused_then_prepared_again(desk):
    with platform_context():
        draft = a_draft(None)
        change_price(draft.contract, Price(Decimal(2), Decimal(1000)), from_day=TODAY, by=OPERATOR)
    url = f"{DESK}facture/brouillon/{draft.pk}/"
    assert "n’est plus à jour" in desk.get(url).content.decode()
    page = desk.post(f"{url}emettre/").content.decode()
    assert "point à corriger avant d’émettre" in page
    assert not Invoice.objects.exists()
    assert desk.post(url, {"geste": "refaire"})["Location"] == url
    assert "n’est plus à jour" not in desk.get(url).content.decode()
    for _ in range(2):
        assert desk.post(url, {"geste": "jeter"}).status_code == 302
    assert not Draft.objects.exists()
    assert desk.get(url).status_code == 404


def test_a_rule_that_a_document_breaks_is_named(desk):
    with platform_context():
        draft = a_draft(None, buyer=a_buyer(name="CCAS 漢"))
    url = f"{DESK}facture/brouillon/{draft.pk}/emettre/"
    page = desk.get(url).content.decode()
    assert "PALIER-SIGNE" in page
    assert "ne s’imprime pas" in page
    assert desk.post(url).status_code == 200
    assert not Invoice.objects.exists()


def test_an_invoice_is_credited_in_part_then_whole(desk, entry):
    with platform_context():
        invoice = an_invoice(entry, {PONT: 1200})
    url = f"{DESK}facture/{invoice.pk}/avoir/"
    assert "Choisissez une réponse." in desk.post(url, {"net": "10"}).content.decode()
    assert "1\xa0200,00\xa0€ hors taxes à créditer" in desk.post(
        url, {"reason": "mistake", "net": "1 300"}
    ).content.decode()  # fmt: skip
    answer = desk.post(url, {"reason": "mistake", "net": "200,00"})
    draft = Draft.objects.get(kind="credit")
    assert answer["Location"] == f"{DESK}facture/brouillon/{draft.pk}/"
    issued = desk.post(f"{answer['Location']}emettre/")
    note = Invoice.objects.get(source=invoice)
    assert issued["Location"] == f"{DESK}facture/{note.pk}/"
    assert note.number in desk.get(f"{DESK}facture/{invoice.pk}/").content.decode()
    assert "1\xa0000,00\xa0€ hors taxes" in desk.get(url).content.decode()
    assert desk.get(f"{DESK}facture/{note.pk}/avoir/").status_code == 404
    assert "Ce qu’il dit" in desk.get(f"{DESK}facture/{note.pk}/").content.decode()


def test_a_credit_that_somebody_decided_is_not_made_again_from_the_rows(desk, entry):
    with platform_context():
        credit = prepare_credit(an_invoice(entry, {PONT: 1200}), reason=CreditReason.MISTAKE, by=OPERATOR)
    url = f"{DESK}facture/brouillon/{credit.pk}/"
    assert "Préparer de nouveau" not in desk.get(url).content.decode()
    assert "Cet avoir a été décidé" in desk.post(url, {"geste": "refaire"}).content.decode()
    with platform_context():
        Draft.objects.filter(pk=credit.pk).update(reason=CreditReason.COUNT)
    assert "Préparer de nouveau" in desk.get(url).content.decode()
    assert "rien à régulariser" in desk.post(url, {"geste": "refaire"}, follow=True).content.decode()


def test_nothing_to_adjust_is_said(desk, entry):
    with platform_context():
        invoice = an_invoice(entry, {PONT: 1200})
    asked = {"kind": "regularisation", "period": "2026-10-01", "seller": invoice.seller_id}
    answer = desk.post(f"{DESK}contrat/{invoice.contract_id}/preparer/", asked, follow=True)
    assert "Il n’y a rien à régulariser" in answer.content.decode()


def test_files_are_served_as_they_are_stored(desk, entry):
    with platform_context():
        invoice = an_invoice(entry, {PONT: 1200})
        stored = {one.kind: one for one in invoice.files.all()}
    for kind, kept in stored.items():
        answer = desk.get(f"{DESK}facture/{invoice.pk}/fichier/{kind}/")
        assert hashlib.sha256(answer.content).hexdigest() == kept.sha256
        assert answer["Content-Disposition"] == f'attachment; filename="{invoice.number}.{kind}"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer["Cache-Control"]
    assert set(stored) == {"xml", "pdf"}
    assert desk.get(f"{DESK}facture/{invoice.pk}/fichier/doc/").status_code == 404


def test_documents_are_found_by_number_buyer_and_state(desk, entry):
    with platform_context():
        paid = an_invoice(entry, {PONT: 1200})
        owed = an_invoice(None, {PONT: 900}, buyer=a_buyer(name="CCAS de Senlis"))
        money = receive(
            paid.contract.buyer, amount=paid.payable, received_on=TODAY, bank_reference="VIR 1", by=OPERATOR
        )  # fmt: skip
        allocate(money, {paid: paid.payable}, by=OPERATOR)
    for query, found in (
        ("", {paid, owed}), (f"q={paid.number}", {paid}), ("q=senlis", {owed}), ("etat=paid", {paid}),
        ("etat=due", {owed}), ("etat=late", set()), ("etat=credited", set()), ("etat=avoirs", set()),
        ("etat=rien", {paid, owed}),
    ):  # fmt: skip
        page = desk.get(f"{DESK}factures/?{query}").content.decode()
        listed = {one for one in (paid, owed) if f"facture/{one.pk}/" in page}
        assert listed == found, query
