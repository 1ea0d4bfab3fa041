"""Sent by hand, paid by hand: deposits and statuses typed back, money typed, allocated, given back, taken back."""

import datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from billing.enums import BuyerKind
from billing.models import Allocation, CentralRate, Invoice, Payment, Transmission
from billing.paying import allocate, balance_of, receive
from billing.sending import deposit
from console.models import Mail
from harness.billing import OPERATOR, TODAY, a_buyer, a_contact, an_invoice
from harness.books import CLARA, PONT, desk_of
from tenants.context import platform_context

pytestmark = pytest.mark.django_db
DESK = "/console/facturation/"


@pytest.fixture
def desk() -> Client:
    return desk_of()


@pytest.fixture
def invoice(entry) -> Invoice:
    with platform_context():
        return an_invoice(entry, {PONT: 1200})


def test_a_deposit_is_noted_with_its_flow(desk, invoice):
    url = f"{DESK}facture/{invoice.pk}/depot/"
    said = {"sent_on": TODAY.isoformat(), "flow_number": "FLX-1"}
    assert "Remplissez cette ligne." in desk.post(url, said | {"flow_number": ""}).content.decode()
    early = desk.post(url, said | {"sent_on": "2026-01-01"}).content.decode()
    assert "après avoir été émise" in early
    assert 'value="FLX-1"' in early
    assert desk.post(url, said).status_code == 302
    assert Transmission.objects.get().by == CLARA
    assert "déjà déposée" in desk.post(url, said | {"flow_number": "FLX-2"}).content.decode()
    assert "FLX-1" in desk.get(f"{DESK}facture/{invoice.pk}/").content.decode()


def test_statuses_follow_each_other_and_unknown_ones_are_kept(desk, invoice):
    with platform_context():
        sent = deposit(invoice, flow_number="FLX-1", on=TODAY, by=OPERATOR)
    url = f"{DESK}facture/envoi/{sent.pk}/statut/"
    said = {"known": "MANDATEE", "said_on": TODAY.isoformat()}
    assert "avant le dépôt" in desk.post(url, said | {"said_on": "2026-01-01"}).content.decode()
    assert "Choisissez une réponse." in desk.post(url, said | {"known": ""}).content.decode()
    assert "Écrivez ce code." in desk.post(url, said | {"known": "autre"}).content.decode()
    assert "laissez cette ligne vide" in desk.post(url, said | {"other": "X"}).content.decode()
    assert "comme Chorus Pro le donne" in desk.post(url, said | {"known": "autre", "other": "pas ça"}).content.decode()
    assert desk.post(url, said | {"known": "autre", "other": "VUE_PAR_LE_MAIRE"}).status_code == 302
    assert desk.post(url, said).status_code == 302
    page = desk.get(f"{DESK}facture/{invoice.pk}/").content.decode()
    assert "VUE_PAR_LE_MAIRE" in page
    assert "Mandatée" in page
    assert balance_of(invoice, today=TODAY).left == invoice.payable


def test_people_of_finance_are_written_to_once_it_is_confirmed(desk):
    with platform_context():
        club = a_buyer(kind=BuyerKind.ASSOCIATION, name="Les Voisins")
        invoice = an_invoice(None, {PONT: 10}, buyer=club)
    url = f"{DESK}facture/{invoice.pk}/ecrire/"
    assert "n’a donné aucun contact des finances" in desk.post(url).content.decode()
    with platform_context():
        a_contact(club)
    assert "Mme Roy" in desk.get(url).content.decode()
    assert not Mail.objects.exists()
    assert desk.post(url).status_code == 302
    assert desk.post(url).status_code == 302
    assert Mail.objects.get().recipient.startswith("roy.")


def test_a_public_body_is_not_written_to_before_the_deposit(desk, invoice):
    assert "Déposez d’abord" in desk.post(f"{DESK}facture/{invoice.pk}/ecrire/").content.decode()


def test_money_is_typed_then_allocated(desk, invoice):
    buyer = invoice.contract.buyer
    said = {"buyer": buyer.pk, "received_on": TODAY.isoformat(), "amount": "1 440,00", "bank_reference": "MANDAT 12"}
    for typed, told in (
        ({"amount": "0"}, "au-dessus de zéro"), ({"amount": "beaucoup"}, "Donnez un montant"),
        ({"bank_reference": ""}, "Remplissez"), ({"buyer": ""}, "Choisissez une réponse."),
        ({"received_on": "hier"}, "Donnez un jour qui existe"),
    ):  # fmt: skip
        assert told in desk.post(f"{DESK}paiement/nouveau/", said | typed).content.decode(), typed
    assert not Payment.objects.exists()
    answer = desk.post(f"{DESK}paiement/nouveau/", said)
    payment = Payment.objects.get()
    assert (answer["Location"], payment.by) == (f"{DESK}paiement/{payment.pk}/", CLARA)
    assert "Ce paiement est déjà noté" in desk.post(f"{DESK}paiement/nouveau/", said).content.decode()
    line = f"facture_{invoice.pk}"
    assert "Affectez un montant" in desk.post(answer["Location"], {line: ""}).content.decode()
    assert "Il reste 1\xa0440,00\xa0€" in desk.post(answer["Location"], {line: "1 500"}).content.decode()
    assert desk.post(answer["Location"], {line: "1440"}).status_code == 302
    assert balance_of(invoice, today=TODAY).left == 0
    assert "payée" in desk.get(f"{DESK}factures/").content.decode()


def test_more_than_the_payment_is_refused(desk, invoice):
    with platform_context():
        small = receive(
            invoice.contract.buyer, amount=Decimal("100.00"), received_on=TODAY, bank_reference="V", by=OPERATOR
        )  # fmt: skip
    page = desk.post(f"{DESK}paiement/{small.pk}/", {f"facture_{invoice.pk}": "200"}).content.decode()
    assert "Il reste 100,00\xa0€ à affecter." in page
    assert not Allocation.objects.exists()


def test_an_amount_beside_what_was_paid_meanwhile_is_kept_and_answered(desk, invoice):
    buyer = invoice.contract.buyer
    with platform_context():
        first, second = (
            receive(buyer, amount=invoice.payable, received_on=TODAY, bank_reference=name, by=OPERATOR)
            for name in ("V1", "V2")
        )
        allocate(first, {invoice: invoice.payable}, by=OPERATOR)
    for payment in (first, second):
        page = desk.post(f"{DESK}paiement/{payment.pk}/", {f"facture_{invoice.pk}": "1 440,00"}).content.decode()
        assert 'value="1 440,00"' in page
        assert "Il reste 0,00\xa0€ à payer sur cette facture." in page
    assert Allocation.objects.count() == 1


def test_a_payment_is_taken_back_with_a_reason(desk, invoice):
    with platform_context():
        paid = receive(
            invoice.contract.buyer, amount=invoice.payable, received_on=TODAY, bank_reference="V", by=OPERATOR
        )  # fmt: skip
        allocate(paid, {invoice: invoice.payable}, by=OPERATOR)
    url = f"{DESK}paiement/{paid.pk}/annuler/"
    assert "de nouveau dues" in desk.get(url).content.decode()
    assert "Écrivez quelques mots." in desk.post(url, {"words": ""}).content.decode()
    assert desk.post(url, {"words": "Saisi deux fois."}).status_code == 302
    assert balance_of(invoice, today=TODAY).left == invoice.payable
    again = desk.post(url, {"words": "Saisi deux fois."}, follow=True)
    assert again.redirect_chain == [(f"{DESK}paiement/{paid.pk}/", 302)]
    assert Payment.objects.count() == 2
    assert "annulé" in desk.get(f"{DESK}paiement/{paid.pk}/").content.decode()


def test_what_is_on_account_is_given_back_and_no_more(desk, invoice):
    buyer = invoice.contract.buyer
    with platform_context():
        receive(buyer, amount=Decimal("50.00"), received_on=TODAY, bank_reference="V", by=OPERATOR)
    url = f"{DESK}acheteur/{buyer.pk}/rembourser/"
    said = {"given_on": TODAY.isoformat(), "amount": "60", "bank_reference": "VIR 2"}
    assert "Nous devons 50,00\xa0€" in desk.post(url, said).content.decode()
    assert desk.post(url, said | {"amount": "50"}).status_code == 302
    assert Payment.objects.get(amount__lt=0).amount == Decimal("-50.00")


def test_rates_are_typed_with_where_they_were_read(desk):
    said = {"starts_on": "2026-06-11", "percent": "2,15", "source": "Banque de France"}
    assert "Donnez un taux en pour cent" in desk.post(f"{DESK}taux/", said | {"percent": "deux"}).content.decode()
    assert "Remplissez cette ligne." in desk.post(f"{DESK}taux/", said | {"source": ""}).content.decode()
    assert desk.post(f"{DESK}taux/", said).status_code == 302
    assert (CentralRate.objects.get().percent, CentralRate.objects.get().by) == (Decimal("2.150"), CLARA)
    assert desk.post(f"{DESK}taux/", said).status_code == 200
    assert CentralRate.objects.count() == 1


def test_what_a_late_invoice_costs_is_shown_once_a_rate_is_known(desk, entry):
    long_ago = timezone.localdate() - datetime.timedelta(days=60)
    with platform_context():
        invoice = an_invoice(entry, {PONT: 1200}, on=long_ago, begins_on=long_ago.replace(day=1))
        deposit(invoice, flow_number="FLX-1", on=long_ago, by=OPERATOR)
    url = f"{DESK}facture/{invoice.pk}/"
    assert "Aucun taux de la Banque centrale européenne" in desk.get(url).content.decode()
    desk.post(f"{DESK}taux/", {"starts_on": "2020-01-01", "percent": "2,15", "source": "Banque de France"})
    page = desk.get(url).content.decode()
    assert "Ce que son retard a coûté" in page
    assert "10,15 % par an" in page
    assert "il y a 30 jours" in page
