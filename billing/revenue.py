"""What was invoiced month by month, and what is to come: for the operator alone, before tax."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from billing.documents.payload import rate_of
from billing.enums import DraftKind, PriceBasis, Series
from billing.models import Contract, Invoice, Seller
from billing.money import ZERO
from billing.reckoning import NotReckonedError, reckon_loaded, with_reckoning_data
from billing.taxes import from_gross
from billing.yearly import contracts_of, period_starting_in
from core.dates import months_after

ByMonth = defaultdict[datetime.date, Decimal]


@dataclass(frozen=True)
class Month:
    """Euros before tax: invoices less credits of the month; and what is to invoice for periods that start in it."""

    first_day: datetime.date
    invoiced: Decimal
    expected: Decimal


def revenue(seller: Seller, today: datetime.date, *, before: int = 12, after: int = 12) -> list[Month]:
    """The months before the one of today, that one, and those after, in order.

    What is expected of a contract is its last yearly invoice; of one that has none, what it owes as its rows stand, or
    nothing where its seniors are not counted.
    """
    this_month = today.replace(day=1)
    months = [months_after(this_month, number) for number in range(-before, after + 1)]
    invoiced, expected = _invoiced(months[0], months_after(months[-1], 1)), _expected(seller, today, months)
    return [Month(month, invoiced[month], expected[month]) for month in months]


def _invoiced(start: datetime.date, end: datetime.date) -> ByMonth:
    issued = Invoice.objects.filter(issued_on__gte=start, issued_on__lt=end).order_by()
    sums = issued.annotate(month=TruncMonth("issued_on")).values_list("month", "series").annotate(total=Sum("net"))
    found: ByMonth = defaultdict(lambda: ZERO)
    for month, series, total in sums:
        found[month] += -total if series == Series.CREDIT_NOTE else total
    return found


def _expected(seller: Seller, today: datetime.date, months: list[datetime.date]) -> ByMonth:
    yearly = Invoice.objects.filter(draft__kind=DraftKind.YEARLY).order_by("draft__starts_on")
    billed: dict[int, dict[datetime.date, Decimal]] = defaultdict(dict)
    for contract, starts_on, net in yearly.values_list("contract", "draft__starts_on", "net"):
        billed[contract][starts_on] = net
    years = range(months[0].year, months[-1].year + 1)
    contracts = {one.pk: one for year in years for one in contracts_of(year)}
    unknown = with_reckoning_data(Contract.objects.filter(pk__in=contracts.keys() - billed.keys()))
    rate = Decimal(rate_of(seller.regime_on(today)))
    first = {one.pk: _owed(one, rate) for one in unknown}
    found: ByMonth = defaultdict(lambda: ZERO)
    for contract in contracts.values():
        for year in years:
            period = period_starting_in(contract, year)
            if period is not None and period.start not in billed[contract.pk]:
                month = max(period.start, contract.begins_on).replace(day=1)
                found[month] += first.get(contract.pk) or max(billed[contract.pk].items(), default=("", ZERO))[1]
    return found


def _owed(contract: Contract, rate: Decimal) -> Decimal:
    """What its first period owes before tax, or nothing where it is not known yet."""
    period = period_starting_in(contract, contract.begins_on.year)
    try:
        amount = reckon_loaded(contract, period).due.total if period else ZERO
    except NotReckonedError:
        return ZERO
    return from_gross(amount, rate).taxed.net if contract.price_basis == PriceBasis.GROSS else amount
