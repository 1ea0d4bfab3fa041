"""The books of a town with something in every state, for who looks at its pages."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Account
from billing.counting import show
from billing.drafting import prepare_credit, prepare_yearly
from billing.engagements import give
from billing.enums import Adjusting, BuyerRequirement, CreditReason
from billing.issuing import issue
from billing.models import Contract, CountSnapshot, Invoice, Quote
from billing.paying import allocate, receive
from billing.quoting import accept_signed, send
from billing.sending import deposit, note_status
from harness.billing import OPERATOR, PDF, a_buyer, a_contact, a_count, a_seller, approved, its_pdf, quoted
from harness.desk import make_account
from tenants.context import platform_context
from tenants.registry import TownEntry

# The next period is near, so its number is asked; the invoice of this one is late.
AGO = datetime.timedelta(days=320)
DAY = datetime.timedelta(days=1)
COMMUNES = {"Pont-Sainte-Maxence": "60509", "Lormes": "58145"}


@dataclass(frozen=True)
class Books:
    """The rows of a town's books, by what they are."""

    contract: Contract
    # Approved and billed; shown and open to a contest.
    counted: CountSnapshot
    proposed: CountSnapshot
    invoice: Invoice
    credit_note: Invoice
    # Accepted on a signed paper; waiting for an answer.
    accepted: Quote
    offered: Quote


def by_operator(do: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What the operator's side does, from a town."""
    with platform_context():
        return do(*args, **kwargs)


def colleague(group: str) -> Account:
    """Somebody of a group of the town that the connection is in."""
    return make_account(f"{group.lower()}@ccas.example", group, first_name="Farida", last_name="Ben Ali")


def town_books(entry: TownEntry) -> Books:
    """Those of a town that has them already, or new ones: a contract for 640 seniors, whose invoice is late."""
    with platform_context():
        contract = Contract.objects.filter(town_id=entry.id).first()
        return _found(contract) if contract else _made(entry)


def _found(contract: Contract) -> Books:
    counts, invoices = contract.counts.order_by("pk"), contract.invoices.order_by("pk")
    offered = Quote.objects.filter(town_id=contract.town_id, contract=None).get()
    return Books(contract, *counts, *invoices, contract.quote, offered)


def _made(entry: TownEntry) -> Books:
    code, today = COMMUNES[entry.name], timezone.localdate()
    begins = today - AGO
    said = {"requirement": BuyerRequirement.SERVICE_AND_ENGAGEMENT, "service_code": "FINANCES"}
    buyer, seller = a_buyer(name=f"CCAS de {entry.name}", **said), a_seller()
    a_contact(buyer)
    terms = {"buyer": buyer, "seller": seller, "adjusting": Adjusting.AT_RENEWAL}
    # Before there is a contract: a town has one a day.
    other = quoted(entry, {code: 700}, begins_on=begins, **terms)
    offered = send(other, on=begins - 31 * DAY, by=OPERATOR, valid_days=500)
    accepted = send(quoted(entry, {code: 640}, begins_on=begins, **terms), on=begins - 30 * DAY, by=OPERATOR)
    paper = PDF + code.encode()
    signatory = {"name": "Anne Roy", "function": "Directrice du CCAS", "file_name": "devis.pdf", "content": paper}
    contract = accept_signed(accepted, on=begins - 20 * DAY, by=OPERATOR, today=today, **signatory)
    accepted.refresh_from_db()
    counted = approved(a_count(contract, {code: 640}))
    give(contract, year_starts_on=begins, number=f"EJ-{code}-1", by=OPERATOR)
    invoice = issue(prepare_yearly(contract, seller, on=begins, by=OPERATOR), on=begins + DAY, by=OPERATOR)
    its_pdf(invoice)
    flow = deposit(invoice, flow_number=f"FLUX-{code}", on=begins + 2 * DAY, by=OPERATOR)
    for days, status in enumerate(("MISE_A_DISPOSITION", "STATUT_INCONNU"), 3):
        note_status(flow, code=status, said_on=begins + days * DAY, by=OPERATOR)
    paid = receive(
        buyer, amount=Decimal("100.00"), received_on=begins + 40 * DAY, bank_reference=f"VIR {code}", by=OPERATOR
    )
    allocate(paid, {invoice: Decimal("100.00")}, by=OPERATOR)
    credit = prepare_credit(invoice, reason=CreditReason.MISTAKE, net=Decimal("50.00"), by=OPERATOR)
    credit_note = issue(credit, on=begins + 50 * DAY, by=OPERATOR)
    proposed = a_count(contract, {code: 655}, as_of=today, replaces=None)
    show(proposed, by=OPERATOR)
    return Books(contract, counted, proposed, invoice, credit_note, accepted, offered)
