"""Money of the bank typed in, what it pays, and what is left: nothing but an allocation makes an invoice paid.

Rows are only added, so they are not locked: the buyer is, then the contracts in the order of their keys. The database
refuses what would slip through (migration 0004).
"""

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, DecimalField, F, Model, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from billing.contracts import NotAllowedError
from billing.enums import BalanceState, PaymentSource
from billing.models import Allocation, Buyer, Contract, Invoice, Payment
from billing.money import ZERO, euros, in_cents
from billing.sending import progress_of, with_transmissions
from billing.statuses import Progress
from core.text import tidy
from tenants.models import Town

_NOTHING = Value(ZERO, output_field=DecimalField(max_digits=14, decimal_places=2))
_CENTS = "Donnez un montant en euros et en centimes."
# `Balance.state`, as the database tells it.
_SETTLED = {
    BalanceState.PAID: Q(left=0) & (Q(credited=0) | ~Q(received=0)),
    BalanceState.CREDITED: Q(left=0, received=0, credited__gt=0),
    BalanceState.OVERPAID: Q(left__lt=0),
}


@dataclass(frozen=True)
class Balance:
    """What is left of an invoice on a day: what it asks, less what was credited, less what was received."""

    payable: Decimal
    credited: Decimal
    received: Decimal
    progress: Progress
    today: datetime.date

    @property
    def left(self) -> Decimal:
        """What its buyer owes; below zero, what we owe to it."""
        return self.payable - self.credited - self.received

    @property
    def due_on(self) -> datetime.date | None:
        """The last day to pay it (billing.statuses.Progress)."""
        return self.progress.due_on

    @property
    def days_late(self) -> int:
        """How many days ago that was, while something is left."""
        if self.left <= 0 or self.due_on is None:
            return 0
        return max((self.today - self.due_on).days, 0)

    @property
    def state(self) -> BalanceState:
        """In one word."""
        if self.left < 0:
            return BalanceState.OVERPAID
        if self.left == 0:
            return BalanceState.CREDITED if self.credited and not self.received else BalanceState.PAID
        if self.days_late:
            return BalanceState.LATE
        return BalanceState.PART if self.received else BalanceState.DUE


@transaction.atomic
def receive(
    buyer: Buyer, *, amount: Decimal, received_on: datetime.date, bank_reference: str, by: str, words: str = ""
) -> Payment:
    """Note money that the bank received from a buyer. It pays nothing until it is allocated.

    Raises ValidationError, by field, for what is no amount, no reference, or the same line typed twice; that of a
    payment that was undone may be typed again, and its reference then says so.
    """
    _lock(buyer)
    return _keep(buyer, amount, received_on, _reference(buyer, amount, received_on, bank_reference), words=words, by=by)


@transaction.atomic
def allocate(payment: Payment, amounts: Mapping[Invoice, Decimal], *, by: str) -> list[Allocation]:
    """Have a payment pay invoices, each of an amount; what is left of it stays on the buyer's account.

    Raises ValidationError, by the number of each invoice, for no amount, more than is left of it, a credit note, or
    another buyer's; under « amount » for nothing, or more than is left of the payment or on account.
    """
    _lock(payment.buyer)
    _lock_contracts(amounts)
    left = min(left_of(payment), on_account(payment.buyer))
    wrong = {
        invoice.number: refusal
        for invoice, amount in amounts.items()
        if (refusal := _refusal(payment, invoice, amount))
    }
    if not wrong and not amounts:
        wrong["amount"] = "Affectez un montant à une facture."
    if not wrong and sum(amounts.values()) > left:
        wrong["amount"] = f"Il reste {euros(max(left, ZERO))} à affecter."
    if wrong:
        raise ValidationError(wrong)
    return [_allocation(payment, invoice, in_cents(amount), by) for invoice, amount in amounts.items()]


@transaction.atomic
def give_back(
    buyer: Buyer,
    *,
    amount: Decimal,
    given_on: datetime.date,
    bank_reference: str,
    by: str,
    invoice: Invoice | None = None,
    words: str = "",
) -> Payment:
    """Note money that was transferred back to a buyer: of an invoice paid too much, or of what is on its account.

    The payment is below zero. Raises ValidationError, by field, as `receive`, and for more than we owe.
    """
    _lock(buyer)
    _lock_contracts([invoice] if invoice else [])
    owed = on_account(buyer)
    if invoice is not None:
        if invoice.contract.buyer_id != buyer.pk:
            raise ValidationError({"invoice": "Cette facture est celle d’un autre acheteur."})
        owed = max(-_left(invoice), ZERO)
    if _is_money(amount) and amount > owed:
        raise ValidationError({"amount": f"Nous devons {euros(owed)} à cet acheteur : pas davantage."})
    reference = _reference(buyer, amount, given_on, bank_reference, sign=-1)
    given = _keep(buyer, -amount, given_on, reference, words=words, by=by)
    if invoice is not None:
        _allocation(given, invoice, given.amount, by)
    return given


@transaction.atomic
def undo(payment: Payment, *, words: str, by: str) -> Payment:
    """Take back a payment typed by mistake, or rejected by the bank: its contrary, and those of its allocations.

    Raises ValidationError for no words; NotAllowedError where it is undone already, is itself such a contrary, or where
    what it left on account was given back.
    """
    if not tidy(words):
        raise ValidationError({"words": "Dites pourquoi."})
    _lock(payment.buyer)
    if payment.undoes_id or Payment.objects.filter(undoes=payment).exists():
        raise NotAllowedError("Ce paiement est déjà annulé.")
    if payment.amount > 0 and left_of(payment) > on_account(payment.buyer):
        raise NotAllowedError("Ce paiement a été remboursé : annulez d’abord le remboursement.")
    taken = list(payment.allocations.select_related("invoice"))
    _lock_contracts([one.invoice for one in taken])
    contrary = _keep(
        payment.buyer,
        -payment.amount,
        payment.received_on,
        payment.bank_reference,
        undoes=payment,
        words=words,
        by=by,
    )
    for one in taken:
        if not ZERO <= _sum(one.invoice.allocations.all()) - one.amount <= one.invoice.payable:
            raise NotAllowedError(f"La facture {one.invoice.number} a changé depuis : annulez d’abord ce qui a suivi.")
        _allocation(contrary, one.invoice, -one.amount, by)
    return contrary


def left_of(payment: Payment) -> Decimal:
    """What is left of a payment to allocate: nothing of one that was undone."""
    if payment.undoes_id or Payment.objects.filter(undoes=payment).exists():
        return ZERO
    return payment.amount - _sum(payment.allocations.all())


def on_account(buyer: Buyer) -> Decimal:
    """What a buyer paid that pays nothing yet, less what was given back to it."""
    return _sum(buyer.payments.all()) - _sum(Allocation.objects.filter(payment__buyer=buyer))


def balance_of(invoice: Invoice, *, today: datetime.date) -> Balance:
    """What is left of an invoice; without a query for one read by `with_balances`. A credit note owes nothing."""
    loaded = invoice if hasattr(invoice, "received") else with_balances(Invoice.objects.all()).get(pk=invoice.pk)
    payable = ZERO if invoice.is_credit_note else invoice.payable
    return Balance(payable, loaded.credited, loaded.received, progress_of(loaded), today)


def with_balances(invoices: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """Invoices with `credited`, `received` and `left`, that lists filter and order by, and where they stand.

    Three queries, for one or a thousand; `balance_of` then asks none.
    """
    notes = Invoice.objects.filter(source=OuterRef("pk"))
    paid = Allocation.objects.filter(invoice=OuterRef("pk"))
    # A credit note asks for nothing.
    asked = Case(When(source=None, then=F("payable")), default=_NOTHING)
    return (
        with_transmissions(invoices)
        .annotate(credited=_total(notes, "source", "payable"), received=_total(paid, "invoice", "amount"))
        .annotate(left=asked - F("credited") - F("received"))
    )


def with_left(payments: QuerySet[Payment]) -> QuerySet[Payment]:
    """Payments with `left`, what none of their allocations takes; one that was undone, and its contrary, have none."""
    taken = _total(Allocation.objects.filter(payment=OuterRef("pk")), "payment", "amount")
    standing = payments.filter(undoes=None, undone_by=None)
    return standing.annotate(left=F("amount") - taken)


def in_state(
    invoices: QuerySet[Invoice], state: BalanceState, *, today: datetime.date
) -> QuerySet[Invoice] | list[Invoice]:
    """Those whose balance is in a state, out of invoices read by `with_balances`; a credit note is in none.

    What is settled is known without a day: the database sorts it out. What is late is not, so all that owes is read.
    """
    asked = invoices.filter(source=None)
    if state in _SETTLED:
        return asked.filter(_SETTLED[state])
    return [one for one in asked.filter(left__gt=0) if balance_of(one, today=today).state == state]


def owed_by_town(towns: Iterable[Town]) -> dict[int, Decimal]:
    """What is left of the invoices of each town, by its key; of none where it has no invoice. One query."""
    signed = Case(When(source=None, then=F("payable")), default=-F("payable"))
    issued = Invoice.objects.filter(contract__town__in=towns).order_by().values_list("contract__town")
    paid = Allocation.objects.filter(invoice__contract__town__in=towns).order_by()
    taken = paid.values_list("invoice__contract__town").annotate(sum=-Sum("amount"))
    owed: dict[int, Decimal] = {}
    for town, amount in issued.annotate(sum=Sum(signed)).union(taken, all=True):
        owed[town] = owed.get(town, ZERO) + amount
    return owed


def _total(rows: QuerySet[Model], key: str, amount: str) -> Coalesce:
    summed = rows.order_by().values(key).annotate(total=Sum(amount)).values("total")
    return Coalesce(Subquery(summed), _NOTHING)


def _lock(buyer: Buyer) -> None:
    """Before any contract: nobody waits for each other."""
    Buyer.objects.select_for_update().get(pk=buyer.pk)


def _lock_contracts(invoices: Iterable[Invoice]) -> None:
    contracts = {invoice.contract_id for invoice in invoices}
    list(Contract.objects.select_for_update().filter(pk__in=contracts).order_by("pk"))


def _refusal(payment: Payment, invoice: Invoice, amount: Decimal) -> str:
    """Why an amount of a payment does not pay an invoice; nothing where it does."""
    if payment.undoes_id or payment.amount < 0:
        return "Ce paiement n’en est pas un : il en annule ou en rembourse un autre."
    if not _is_money(amount):
        return _CENTS
    if invoice.is_credit_note:
        return "Un avoir ne se paie pas."
    if invoice.contract.buyer_id != payment.buyer_id:
        return "Cette facture est celle d’un autre acheteur."
    left = _left(invoice)
    return f"Il reste {euros(max(left, ZERO))} à payer sur cette facture." if amount > left else ""


def _left(invoice: Invoice) -> Decimal:
    return with_balances(Invoice.objects.filter(pk=invoice.pk)).values_list("left", flat=True).get()


def _is_money(amount: Decimal) -> bool:
    try:
        return in_cents(amount) > 0
    except (TypeError, ValueError):
        return False


def _reference(buyer: Buyer, amount: Decimal, day: datetime.date, typed: str, *, sign: int = 1) -> str:
    """The reference of a line that is typed. Raises ValidationError, by field, for no line, or the same one again."""
    reference = tidy(typed)
    wrong = {} if _is_money(amount) else {"amount": _CENTS}
    if not reference:
        wrong["bank_reference"] = "Donnez la référence de la banque."
    if not wrong:
        alike = Payment.objects.filter(buyer=buyer, received_on=day, amount=sign * amount, undoes=None)
        again = [one for one in alike if re.fullmatch(rf"{re.escape(reference)}( \(\d+\))?", one.bank_reference)]
        if all(hasattr(one, "undone_by") for one in again):
            return f"{reference} ({len(again) + 1})" if again else reference
        wrong["bank_reference"] = "Ce paiement est déjà noté : même acheteur, jour, montant et référence."
    raise ValidationError(wrong)


def _keep(buyer: Buyer, amount: Decimal, day: datetime.date, reference: str, *, words: str, **said: Any) -> Payment:
    kept = Payment(
        buyer=buyer,
        amount=amount,
        received_on=day,
        bank_reference=reference,
        source=PaymentSource.TYPED,
        words=tidy(words),
        **said,
    )
    kept.full_clean()
    kept.save()
    return kept


def _allocation(payment: Payment, invoice: Invoice, amount: Decimal, by: str) -> Allocation:
    return Allocation.objects.create(
        payment=payment, invoice=invoice, amount=amount, paid_on=payment.received_on, by=by
    )


def _sum(rows: QuerySet[Payment] | QuerySet[Allocation]) -> Decimal:
    return rows.aggregate(total=Sum("amount"))["total"] or ZERO
