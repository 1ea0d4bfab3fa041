"""What changed within a year that was billed: the difference is billed, credited, or waits (billing.md, 4.3)."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from billing.contracts import year_of
from billing.documents.payload import agreed_of, net_of, rate_of
from billing.drafting import (
    NotReadyError,
    days_of,
    left_to_credit,
    next_rank,
    prepare_credit,
    prepare_yearly,
    refuse_unapproved,
)
from billing.enums import DECIDED_CREDITS, FOLLOWING_CREDITS, Adjusting, CreditReason, DraftKind, LineKind, PriceBasis
from billing.enums import Series as SeriesOf
from billing.models import Contract, Draft, Invoice, Seller
from billing.money import ZERO, euros
from billing.periods import Period
from billing.pricing import adjustment
from billing.reckoning import days_running, reckon
from billing.taxes import NOTHING, Taxed, from_gross, part_of_gross
from core.french import day_words, listed

_MOST_MOVES = 6  # named on a line, which has 1,024 signs


@dataclass(frozen=True)
class Change:
    """What a year owes more than was billed, or less, below zero; in the prices of its contract; from which counts."""

    amount: Decimal
    due: Decimal
    billed: Decimal
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Part:
    """What of a sum to give back is a credit of one invoice: in the prices of the contract, and before tax."""

    invoice: Invoice
    agreed: Decimal
    net: Decimal


@transaction.atomic
def prepare_adjustment(
    contract: Contract, *, year_of_day: datetime.date, issued_on: datetime.date, by: str
) -> list[Draft]:
    """Prepare what the year that holds a day owes more, as an invoice, or less, as credits; nothing where it waits.

    What is due in all minus what was billed in all, so that several changes never add up to a cent too many. Prepared
    again, it replaces what waits to be issued. A credit is of one invoice: a large one may need several. Raises
    NotReadyError where the year has no invoice, a count is not approved, or changes wait for the next period and this
    one still runs; and NotReckonedError.
    """
    locked = Contract.objects.select_for_update().get(pk=contract.pk)
    year = year_of(locked, year_of_day)
    _refuse_early(locked, year, issued_on)
    _waiting(locked, year).delete()
    change = change_of(locked, year)
    if change.amount < 0:
        reason = _reason(locked, year)
        return [
            prepare_credit(part.invoice, net=part.net, agreed=part.agreed, reason=reason, by=by)
            for part in _parts(locked, year, change)
        ]
    if not change.amount:
        return []
    seller = invoices_of(locked, year)[0].seller
    draft = Draft(contract=locked, seller=seller, kind=DraftKind.ADJUSTMENT, starts_on=year.start, ends_on=year.end)
    draft.rank = next_rank(Draft.objects.filter(contract=locked, starts_on=year.start, kind=draft.kind))
    draft.lines, draft.prepared_by = lines_of_adjustment(draft, on=issued_on), by
    draft.save()
    return [draft]


def may_prepare_again(draft: Draft) -> bool:
    """Whether a draft follows from the rows, and is made anew as they stand: all but what somebody decided."""
    return draft.reason not in DECIDED_CREDITS


def prepare_again(draft: Draft, *, issued_on: datetime.date, by: str) -> list[Draft]:
    """Prepare it as the rows stand now. Raises as what prepared it, and NotReadyError unless `may_prepare_again`."""
    if not may_prepare_again(draft):
        raise NotReadyError("Cet avoir a été décidé : jetez ce brouillon, puis préparez-en un autre.")
    day = max(draft.starts_on, draft.contract.begins_on)
    if draft.kind == DraftKind.YEARLY:
        return [prepare_yearly(draft.contract, draft.seller, on=day, issued_on=issued_on, by=by)]
    return prepare_adjustment(draft.contract, year_of_day=day, issued_on=issued_on, by=by)


def change_of(contract: Contract, year: Period) -> Change:
    """What its year owes now, against what its invoices and credits made of it. Raises as `prepare_adjustment`."""
    billed_by = invoices_of(contract, year)
    if not billed_by:
        raise NotReadyError("Cette période n’a pas encore sa facture : préparez-la d’abord.")
    reckoning = reckon(contract, year)
    counts = tuple(sorted(set().union(*reckoning.evidence)))
    refuse_unapproved(set(counts))
    billed = sum((_agreed(contract, one) for one in billed_by), ZERO)
    amount = adjustment(reckoning.due.total, billed, minimum=contract.least_adjustment).amount
    return Change(amount, reckoning.due.total, billed, counts)


def lines_of_adjustment(draft: Draft, *, on: datetime.date) -> list[dict[str, Any]]:
    """The line of an adjustment as the rows, and the seller's VAT, stand on a day; none where nothing more is owed."""
    contract, year = draft.contract, Period(draft.starts_on, draft.ends_on)
    _refuse_early(contract, year, on)
    change = change_of(contract, year)
    if change.amount <= 0:
        return []
    net = _net(contract, change.amount, draft.seller, on=on)
    told = f"{euros(change.due)} dus, {euros(change.billed)} déjà facturés"
    words = f"Régularisation, {year.words}{_moves(contract, year)} : {told}"
    line = {"kind": LineKind.ADJUSTMENT, "words": words, "count": 1, "unit": str(net), "net": str(net)}
    return [line | {"agreed": str(change.amount), "evidence": list(change.counts)} | days_of(year)]


def is_still_owed(credit: Draft) -> bool:
    """Whether a credit that follows from what is owed is what would be prepared now. Raises as `change_of`."""
    year = Period(credit.starts_on, credit.ends_on)
    now = _parts(credit.contract, year, change_of(credit.contract, year))
    said = (credit.source_id, agreed_of(credit), net_of(credit))
    return any((part.invoice.pk, part.agreed, part.net) == said for part in now)


def invoices_of(contract: Contract, year: Period) -> list[Invoice]:
    """What was issued for a year of a contract, credits too, in the order of their issuing."""
    issued = Invoice.objects.filter(draft__contract=contract, draft__starts_on=year.start)
    return list(issued.select_related("seller").order_by("pk"))


def _waiting(contract: Contract, year: Period) -> QuerySet[Draft]:
    drafts = Draft.objects.filter(contract=contract, starts_on=year.start, invoice=None)
    following = drafts.filter(kind=DraftKind.CREDIT, reason__in=FOLLOWING_CREDITS)
    return drafts.filter(kind=DraftKind.ADJUSTMENT) | following


def _refuse_early(contract: Contract, year: Period, on: datetime.date) -> None:
    """What waits for the next period waits for the end of this one, or of the contract."""
    end = days_running(contract, year).end
    if contract.adjusting == Adjusting.AT_RENEWAL and on < end:
        raise NotReadyError(f"Ce contrat se régularise à la période suivante : à partir du {day_words(end)}.")


def _agreed(contract: Contract, issued: Invoice) -> Decimal:
    """An issued amount in the prices of the contract, below zero for a credit."""
    amount = issued.payable if contract.price_basis == PriceBasis.GROSS else issued.net
    return -amount if issued.is_credit_note else amount


def _net(contract: Contract, amount: Decimal, seller: Seller, *, on: datetime.date) -> Decimal:
    if contract.price_basis == PriceBasis.NET:
        return amount
    return from_gross(amount, Decimal(rate_of(seller.regime_on(on)))).taxed.net


def _parts(contract: Contract, year: Period, change: Change) -> Iterator[Part]:
    """What is given back of the last invoices of the year first, until all of it is; nothing where nothing is."""
    amount = -change.amount
    issued = invoices_of(contract, year)
    for invoice in reversed([one for one in issued if one.series == SeriesOf.INVOICE]):
        notes = [one for one in issued if one.source_id == invoice.pk]
        left = _agreed(contract, invoice) + sum((_agreed(contract, one) for one in notes), ZERO)
        part = min(amount, left)
        if part <= 0:
            continue
        net = left_to_credit(invoice)
        if part < left:
            rate = Decimal(rate_of(invoice.seller.regime_on(invoice.issued_on)))
            already = sum((Taxed(one.net, one.vat) for one in notes), NOTHING)
            is_net = contract.price_basis == PriceBasis.NET
            net = part if is_net else part_of_gross(part, rate, already=already).net
        yield Part(invoice, part, net)
        amount -= part


def _reason(contract: Contract, year: Period) -> CreditReason:
    """Why less is owed, in one word: the first of these that happened within the year."""
    if contract.ends_on and contract.ends_on in year:
        return CreditReason.ENDED
    if contract.memberships.filter(ends_on__gt=year.start, ends_on__lt=year.end).exists():
        return CreditReason.LEFT
    changed = contract.prices.filter(starts_on__gt=year.start, starts_on__lt=year.end)
    if changed.exclude(starts_on=contract.begins_on).exists():
        return CreditReason.PRICE
    return CreditReason.COUNT


def _moves(contract: Contract, year: Period) -> str:
    """« (Lormes depuis le 1er mars 2027) »: the communes that came or went within the year."""
    rows = contract.memberships.select_related("commune").order_by("starts_on", "commune__search_name")
    came = [f"{one.commune.name} depuis le {day_words(one.starts_on)}" for one in rows if _within(one.starts_on, year)]
    went = [
        f"{one.commune.name} jusqu’au {day_words(one.ends_on - datetime.timedelta(days=1))}"
        for one in rows
        if one.ends_on and _within(one.ends_on, year)
    ]
    moves = came + went
    if len(moves) > _MOST_MOVES:
        return f" ({len(moves)} communes entrées ou sorties)"
    return f" ({listed(moves)})" if moves else ""


def _within(day: datetime.date, year: Period) -> bool:
    return day in year and day != year.start
