"""The operator's books in tests: every kind of row that the billing desk shows, and where each is."""

import datetime
from decimal import Decimal
from typing import Any

from django.test import Client

from billing.counting import show
from billing.drafting import prepare_credit, prepare_yearly
from billing.enums import BuyerKind, CreditReason
from billing.late import note_rate
from billing.models import Draft, Seller
from billing.paying import allocate, receive
from billing.quoting import send
from billing.sending import deposit, note_status
from console.billing_desk import ending
from harness.billing import OPERATOR, TODAY, a_buyer, a_contact, a_count, a_seller, an_invoice, quoted, ready, signed
from harness.console import CLARA, biller, console_of
from tenants.registry import TownEntry

PONT, CREIL = "60509", "60175"
HUGO = "hugo@palier.example"


def desk_of(email: str = CLARA) -> Client:
    """The browser of somebody who bills."""
    return console_of(biller(email))


def a_draft(entry: TownEntry | None, **changes: Any) -> Draft:
    """The invoice of a first year, prepared."""
    contract = ready(entry, {PONT: 1200}, **changes)
    return prepare_yearly(contract, Seller.objects.first() or a_seller(), on=contract.begins_on, by=OPERATOR)


def play(entry: TownEntry | None) -> dict[str, object]:
    """Rows of every kind, of a town that has no books yet, or of none. Runs on the platform; their numbers."""
    seller = a_seller()
    invoice = an_invoice(entry, {PONT: 1200})
    buyer = invoice.contract.buyer
    a_contact(buyer)
    sent = deposit(invoice, flow_number="FLX-0001", on=invoice.issued_on, by=OPERATOR)
    note_status(sent, code="MISE_A_DISPOSITION", said_on=invoice.issued_on, by=OPERATOR)
    note_rate(starts_on=datetime.date(2026, 1, 1), percent=Decimal("2.15"), source="Banque de France", by=OPERATOR)
    payment = receive(
        buyer, amount=Decimal("500.00"), received_on=invoice.issued_on, bank_reference="MANDAT 12", by=OPERATOR
    )
    allocate(payment, {invoice: Decimal("200.00")}, by=OPERATOR)
    club = a_buyer(kind=BuyerKind.ASSOCIATION, name="Les Voisins", siret="73282932000074")
    unsent = an_invoice(None, {PONT: 10}, buyer=club)
    credit = prepare_credit(unsent, reason=CreditReason.MISTAKE, by=OPERATOR)
    counted = signed(None, PONT, buyer=a_buyer(name="CCAS de Creil"))
    count = a_count(counted, {PONT: 1300})
    show(count, by=OPERATOR)
    ended = ready(None, {PONT: 40}, buyer=club, state="active")
    ending.propose(
        ended,
        on=datetime.date(2027, 12, 31),
        referent="Mme Roy, directrice",
        words="Le service est repris par l’intercommunalité.",
        by=biller(HUGO),
        today=TODAY,
    )
    late = ready(None, {PONT: 50}, buyer=club, state="late")
    prepared, offered = quoted(None, {PONT: 900}), quoted(None, {PONT: 950})
    send(offered, on=TODAY, by=OPERATOR)
    return {
        "seller": seller.pk,
        "buyer": buyer.pk,
        "contract": invoice.contract_id,
        "active": ended.pk,
        "late": late.pk,
        "invoice": invoice.pk,
        "unsent": unsent.pk,
        "sent": sent.pk,
        "payment": payment.pk,
        "draft": a_draft(None, buyer=club).pk,
        "credit_draft": credit.pk,
        "count": count.pk,
        "prepared": prepared.pk,
        "offered": offered.pk,
    }


def last(model: type[Any]) -> dict[str, Any]:
    """The arguments of the page of the last row of a kind."""
    return {"pk": model.objects.order_by("-pk").first().pk}
