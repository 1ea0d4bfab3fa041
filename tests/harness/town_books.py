"""The books of a town with something in every state, for who looks at its pages."""

import datetime
import hashlib
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from billing.counting import show
from billing.drafting import prepare_credit, prepare_yearly
from billing.engagements import give
from billing.enums import Adjusting, BuyerRequirement, CreditReason, ReviewStep
from billing.issuing import issue
from billing.models import Contract, CountReview, CountSnapshot, DocumentFile, Invoice, Quote
from billing.paying import allocate, receive
from billing.quoting import accept_signed, send
from billing.sending import deposit, note_status
from harness.billing import OPERATOR, PDF, a_buyer, a_contact, a_count, a_seller, quoted
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
    signatory = {"name": "Anne Roy", "function": "Directrice du CCAS", "file_name": "devis.pdf", "content": PDF}
    contract = accept_signed(accepted, on=begins - 20 * DAY, by=OPERATOR, today=today, **signatory)
    accepted.refresh_from_db()
    counted = a_count(contract, {code: 640})
    for step in (ReviewStep.SHOWN, ReviewStep.APPROVED):
        CountReview.objects.create(snapshot=counted, step=step, by=OPERATOR)
    give(contract, year_starts_on=begins, number=f"EJ-{code}-1", by=OPERATOR)
    invoice = issue(prepare_yearly(contract, seller, on=begins, by=OPERATOR), on=begins + DAY, by=OPERATOR)
    _keep_files(invoice)
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
    for quote in (accepted, offered):
        _keep_files(quote)
    return Books(contract, counted, proposed, invoice, credit_note, accepted, offered)


def _keep_files(of: Invoice | Quote) -> None:
    """A few bytes of each form that is not stored yet, which name their document."""
    owner = "invoice" if isinstance(of, Invoice) else "quote"
    forms = {"pdf": PDF + of.number.encode(), "xml": f"<xml>{of.number}, {of.pk}</xml>".encode()}
    for kind in forms.keys() - set(of.files.values_list("kind", flat=True)):
        content = forms[kind]
        DocumentFile.objects.create(
            **{owner: of},
            kind=kind,
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
        )
