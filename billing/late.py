"""Interest of what is paid late: computed and shown; invoiced only by decision, which is nobody's here.

Sources (billing.md, 1.2): for public bodies, CCP L2192-13, R2192-31, R2192-32 and D2192-35; in trade, code de commerce
L441-10 and D441-5. Rates of the European Central Bank are typed rows, never constants.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from billing.enums import BuyerKind
from billing.models import CentralRate, Invoice
from billing.money import ZERO, in_cents, round_half_up
from billing.paying import balance_of
from core.french import day_words
from core.text import tidy

POINTS = {BuyerKind.PUBLIC: 8, BuyerKind.ASSOCIATION: 10}
RECOVERY = Decimal("40.00")
_DAYS_A_YEAR = 365
_PERCENT = 100
_SECOND_HALF = 7  # July


class NoRateError(LookupError):
    """No rate of the Central Bank is typed for a day; the message says which, in French."""


@dataclass(frozen=True)
class Owed:
    """A sum that was owed for some days, each of them late."""

    principal: Decimal
    days: int


@dataclass(frozen=True)
class LateFees:
    """What the law adds to an invoice that is late, or was."""

    starts_on: datetime.date
    until: datetime.date
    # Percent a year.
    rate: Decimal
    interest: Decimal
    recovery: Decimal = RECOVERY

    @property
    def total(self) -> Decimal:
        """Interest, and the indemnity for recovery."""
        return self.interest + self.recovery


def interest(owed: Iterable[Owed], *, rate: Decimal) -> Decimal:
    """Interest at a rate in percent a year of 365 days: sums times days are added, and rounded once.

    Raises ValueError for a negative number of days, a negative principal, or one that is not of whole cents.
    """
    total = Decimal(0)
    for one in owed:
        if one.days < 0 or one.principal < 0:
            raise ValueError(f"{one} is not late")
        total += in_cents(one.principal) * one.days
    return round_half_up(total * rate, over=_PERCENT * _DAYS_A_YEAR)


def half_year_of(day: datetime.date) -> datetime.date:
    """The first day of the half-year that holds a day."""
    return datetime.date(day.year, _SECOND_HALF if day.month >= _SECOND_HALF else 1, 1)


def central_rate_on(day: datetime.date) -> Decimal:
    """The main refinancing rate in force on a day, in percent. Raises NoRateError where none is typed."""
    found = CentralRate.objects.filter(starts_on__lte=day).last()
    if found is None:
        raise NoRateError(f"Aucun taux de la Banque centrale européenne n’est noté pour le {day_words(day)}.")
    return found.percent


def rate_for(kind: BuyerKind, starts_on: datetime.date) -> Decimal:
    """The yearly rate of interest that starts on a day: that of the first day of its half-year, and 8 or 10 points.

    Never below zero. Raises NoRateError.
    """
    return max(central_rate_on(half_year_of(starts_on)) + POINTS[BuyerKind(kind)], Decimal(0))


def note_rate(*, starts_on: datetime.date, percent: Decimal, source: str, by: str) -> CentralRate:
    """Keep a rate of the Central Bank, with where it was read. Raises ValidationError: a day has one rate for ever."""
    rate = CentralRate(starts_on=starts_on, percent=percent, source=tidy(source), by=by)
    rate.full_clean()
    rate.save()
    return rate


def fees_of(invoice: Invoice, *, today: datetime.date) -> LateFees | None:
    """What an invoice costs for being late, until today or until it was paid; None where it never was late.

    Interest runs from the day after the last day to pay, to that of each payment, which counts (CCP, R2192-32). While
    its buyer holds it, nothing is told. Raises NoRateError.
    """
    due_on = balance_of(invoice, today=today).due_on
    if due_on is None or invoice.is_credit_note:
        return None
    owed, until = _owed(invoice, due_on, today)
    if not owed:
        return None
    starts_on = due_on + datetime.timedelta(days=1)
    rate = rate_for(invoice.contract.buyer.kind, starts_on)
    return LateFees(starts_on, until, rate, interest(owed, rate=rate))


def _owed(invoice: Invoice, due_on: datetime.date, today: datetime.date) -> tuple[list[Owed], datetime.date]:
    """What was owed from a payment or a credit to the next, after the last day to pay; and the last late day."""
    moves = [(one.paid_on, one.amount) for one in invoice.allocations.all()]
    moves += [(one.issued_on, one.payable) for one in invoice.credit_notes.all()]
    left, day, until, found = invoice.payable, due_on, due_on, []
    for moved_on, amount in sorted(moves):
        if moved_on > today:
            break
        if moved_on > day:
            if left > ZERO:
                found.append(Owed(left, (moved_on - day).days))
                until = moved_on
            day = moved_on
        left -= amount
    if left > ZERO and today > day:
        found.append(Owed(left, (today - day).days))
        until = today
    return found, until
