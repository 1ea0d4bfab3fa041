"""What was invoiced month by month, and what is to come: for the operator alone, before tax."""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from billing.documents.payload import rate_of
from billing.enums import DraftKind, PriceBasis, Series
from billing.models import Contract, Invoice, Seller
from billing.money import ZERO
from billing.periods import Period
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

    What is expected of a period that has no invoice is what it owes as the rows stand; where that is not known yet, as
    much as the contract's last yearly invoice, or nothing.
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
    to_come = {
        pk: periods
        for pk, contract in contracts.items()
        if (periods := [one for year in years if (one := _unbilled(contract, year, billed[pk]))])
    }
    rate = Decimal(rate_of(seller.regime_on(today)))
    found: ByMonth = defaultdict(lambda: ZERO)
    for contract in with_reckoning_data(Contract.objects.filter(pk__in=to_come)):
        last = max(billed[contract.pk].items(), default=("", ZERO))[1]
        for period in to_come[contract.pk]:
            month = max(period.start, contract.begins_on).replace(day=1)
            found[month] += _owed(contract, period, rate, unless_known=last)
    return found


def _unbilled(contract: Contract, year: int, billed: Mapping[datetime.date, Decimal]) -> Period | None:
    period = period_starting_in(contract, year)
    return None if period is None or period.start in billed else period


def _owed(contract: Contract, period: Period, rate: Decimal, *, unless_known: Decimal) -> Decimal:
    try:
        amount = reckon_loaded(contract, period).due.total
    except NotReckonedError:
        return unless_known
    return from_gross(amount, rate).taxed.net if contract.price_basis == PriceBasis.GROSS else amount
