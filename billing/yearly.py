"""The yearly run: every contract whose period starts in a year, what it owes, why that moved, and its invoice.

A contract is one transaction, with the row that says what became of it: a run that was killed goes on where it stopped,
and the key of drafts (billing.models.Draft) allows no second invoice.
"""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from billing.contracts import year_of
from billing.documents.findings import RefusedError
from billing.drafting import lacking_count, prepare_yearly
from billing.enums import DraftKind, LineKind, ReviewStep, RunOutcome
from billing.errors import REFUSALS, words_of
from billing.identifiers import check_requirement
from billing.issuing import dry_run, issue
from billing.models import Contract, CountReview, Draft, Engagement, Invoice, Run, RunItem, Seller
from billing.models.contracts import LONGEST_WORDS
from billing.money import euros
from billing.periods import Period
from billing.pricing import Due, Line
from billing.reckoning import NotReckonedError, Reckoning, reckon_loaded, with_reckoning_data
from core.french import grouped
from tenants.context import platform_context

# Contracts whose rows are read at once: their counts are a few megabytes.
_AT_ONCE = 500
# Documents that are tried at once: what a run that is killed tries again.
_TRIED_AT_ONCE = 100
FIRST_YEAR = "première période"
UNKNOWN_BEFORE = "période d’avant jamais comptée"
# A commune that joined in March was there for a part of the period before.
MEANWHILE = "changement en cours de période"
UNAPPROVED = "un comptage n’est pas approuvé"


@dataclass(frozen=True)
class Planned:
    """What a contract owes for its period that starts in a year, in its own prices, and what is said of it."""

    contract: Contract
    period: Period
    # None where it cannot be reckoned.
    amount: Decimal | None
    # Of the period before; None where there was none.
    before: Decimal | None
    # Why it moved; empty where nothing did.
    moved: str
    # Why it cannot be issued; empty where it can.
    missing: str
    # Where it is issued already.
    number: str


def period_starting_in(contract: Contract, year: int) -> Period | None:
    """The period of a contract that starts in a year, or none: of the calendar, its first one begins before it."""
    last = datetime.date(year, 12, 31)
    if last < contract.begins_on:
        return None
    period = year_of(contract, last)
    ended = contract.ends_on is not None and contract.ends_on <= max(period.start, contract.begins_on)
    return None if ended else period


def contracts_of(year: int) -> QuerySet[Contract]:
    """Those that may have a period that starts in a year, by the name of who is billed: `period_starting_in` says."""
    begun = Contract.objects.filter(begins_on__year__lte=year)
    return begun.filter(Q(ends_on=None) | Q(ends_on__year__gte=year)).order_by("buyer__name", "pk")


def plan(year: int) -> Iterator[Planned]:
    """Every contract of a year, by the name of who is billed; nothing is written. Six queries for 500 of them."""
    keys = list(contracts_of(year).values_list("pk", flat=True))
    for start in range(0, len(keys), _AT_ONCE):
        some = Contract.objects.filter(pk__in=keys[start : start + _AT_ONCE])
        told = _Told.of(some, year)
        for contract in with_reckoning_data(some.select_related("buyer").order_by("buyer__name", "pk")):
            period = period_starting_in(contract, year)
            if period is not None:
                yield _planned(contract, period, told)


def run(
    year: int, seller: Seller, *, on: datetime.date, by: str, report: Callable[[RunItem], None] = lambda item: None
) -> Run:
    """Issue, dated of a day, what is not issued yet for a year; one that was interrupted goes on. Out of a transaction.

    A period that has not begun that day waits for a later run. What cannot be issued is kept with its reason, and tried
    again by the next one. `report` hears of each contract once it is written.
    """
    with platform_context():
        under_way, _ = Run.objects.get_or_create(year=year, ended_at=None, defaults={"by": by})
        left = left_of(under_way, on=on)
    for start in range(0, len(left), _TRIED_AT_ONCE):
        prepared = [
            _Prepared(contract, *_prepare(contract, year, seller, on=on, by=by))
            for contract in left[start : start + _TRIED_AT_ONCE]
        ]
        for one in _tried(prepared, on=on):
            item = _settle(under_way, one, on=on, by=by)
            if item is not None:
                report(item)
    with platform_context():
        under_way.ended_at = timezone.now()
        under_way.save(update_fields=["ended_at"])
    return under_way


def left_of(under_way: Run, *, on: datetime.date) -> list[Contract]:
    """The contracts that a run has still to look at, whose period has begun on a day: not billed, nor in its rows."""
    handled = RunItem.objects.filter(run=under_way, contract=OuterRef("pk"))
    billed = Invoice.objects.filter(
        contract=OuterRef("pk"), draft__kind=DraftKind.YEARLY, draft__starts_on__year=under_way.year
    )
    waiting = contracts_of(under_way.year).filter(~Exists(handled), ~Exists(billed))
    return [contract for contract in waiting if _has_begun(contract, under_way.year, on)]


def explain(before: Due, after: Due) -> str:
    """Why an amount is not that of the period before: seniors, price, days, minimum. Empty where nothing moved."""
    said = []
    old, new = _last_seniors(before), _last_seniors(after)
    if old.count != new.count:
        said.append(f"{grouped(old.count)} → {grouped(new.count)} seniors")
    if old.unit != new.unit:
        said.append(f"prix {euros(old.unit)} → {euros(new.unit)}")
    days = _days(before), _days(after)
    # Of a leap year, a day is no reason.
    if abs(days[0] - days[1]) > 1:
        said.append(f"{days[0]} → {days[1]} jours")
    if not said and before.total != after.total:
        said.append(MEANWHILE)
    if _has_floor(before) != _has_floor(after):
        said.append("le minimum annuel s’applique" if _has_floor(after) else "au-dessus du minimum annuel")
    elif said and before.total == after.total and _has_floor(after):
        said.append("minimum annuel inchangé")
    return ", ".join(said)


@dataclass(frozen=True)
class _Prepared:
    """What a run is about to issue for a contract; or why not."""

    contract: Contract
    period: Period | None
    draft: Draft | None
    refused: str


@dataclass(frozen=True)
class _Told:
    """What is read once for many contracts: the numbers of their invoices, approved counts, engagements of the year."""

    numbers: dict[int, str]
    approved: set[int]
    engagements: dict[int, str]

    @classmethod
    def of(cls, contracts: QuerySet[Contract], year: int) -> "_Told":
        of_the_year = {"draft__kind": DraftKind.YEARLY, "draft__starts_on__year": year}
        approved = CountReview.objects.filter(step=ReviewStep.APPROVED, snapshot__contract__in=contracts)
        engaged = Engagement.objects.filter(contract__in=contracts, year_starts_on__year=year)
        return cls(
            dict(Invoice.objects.filter(contract__in=contracts, **of_the_year).values_list("contract", "number")),
            set(approved.order_by().values_list("snapshot", flat=True)),
            dict(engaged.order_by("pk").values_list("contract", "number")),
        )


def _planned(contract: Contract, period: Period, told: _Told) -> Planned:
    number = told.numbers.get(contract.pk, "")
    before = _before(contract, period)
    try:
        reckoning = reckon_loaded(contract, period)
    except NotReckonedError as refusal:
        return Planned(contract, period, None, before.total if before else None, "", str(refusal), number)
    due = reckoning.due
    missing = "" if number else _missing(contract, period, reckoning, told)
    moved = _explained(contract, period, before, due)
    return Planned(contract, period, due.total, before.total if before else None, moved, missing, number)


def _explained(contract: Contract, period: Period, before: Due | None, after: Due) -> str:
    if before is not None:
        return explain(before, after)
    return FIRST_YEAR if _eve(period) < contract.begins_on else UNKNOWN_BEFORE


def _before(contract: Contract, period: Period) -> Due | None:
    if _eve(period) < contract.begins_on:
        return None
    try:
        return reckon_loaded(contract, year_of(contract, _eve(period))).due
    except NotReckonedError:
        return None


def _eve(period: Period) -> datetime.date:
    return period.start - datetime.timedelta(days=1)


def _missing(contract: Contract, period: Period, reckoning: Reckoning, told: _Told) -> str:
    lacking = lacking_count(contract, period)
    if lacking:
        return lacking
    if not set().union(*reckoning.evidence) <= told.approved:
        return UNAPPROVED
    buyer = contract.buyer
    try:
        check_requirement(
            buyer.requirement, service=buyer.service_code, engagement=told.engagements.get(contract.pk, "")
        )
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    return ""


def _has_begun(contract: Contract, year: int, on: datetime.date) -> bool:
    period = period_starting_in(contract, year)
    return period is not None and max(period.start, contract.begins_on) <= on


def _prepare(
    contract: Contract, year: int, seller: Seller, *, on: datetime.date, by: str
) -> tuple[Period | None, Draft | None, str]:
    """The period, and its draft, or why there is none; neither for a contract that has no such year."""
    period = period_starting_in(contract, year)
    if period is None:
        return None, None, ""
    try:
        with platform_context():
            day = max(period.start, contract.begins_on)
            return period, prepare_yearly(contract, seller, on=day, issued_on=on, by=by), ""
    except REFUSALS as refusal:
        return period, None, words_of(refusal)


def _tried(prepared: list[_Prepared], *, on: datetime.date) -> Iterator[_Prepared]:
    """The same, tried whole before any number: the public rules take too long for who waits for one."""
    drafts = [one.draft for one in prepared if one.draft is not None]
    with platform_context():
        found = iter(dry_run(drafts, on=on))
    for one in prepared:
        wrong = next(found) if one.draft is not None else ()
        yield replace(one, refused=str(RefusedError(wrong))) if wrong else one


def _settle(under_way: Run, one: _Prepared, *, on: datetime.date, by: str) -> RunItem | None:
    """Issue what was prepared, or keep why not; nothing where there is no such year, or another run did it."""
    if one.period is None:
        return None
    with platform_context():
        Contract.objects.select_for_update().get(pk=one.contract.pk)
        if RunItem.objects.filter(run=under_way, contract=one.contract).exists():
            return None
        item = RunItem(run=under_way, contract=one.contract, year_starts_on=one.period.start)
        refused = one.refused
        if one.draft is not None and not refused:
            try:
                with transaction.atomic():
                    item.invoice = issue(one.draft, on=on, by=by)
            except REFUSALS as refusal:
                refused = words_of(refusal)
        item.outcome = RunOutcome.REFUSED if refused else RunOutcome.ISSUED
        item.words = refused[:LONGEST_WORDS]
        item.save()
        return item


def _last_seniors(due: Due) -> Line:
    return [line for line in due.lines if line.kind == LineKind.SENIORS][-1]


def _days(due: Due) -> int:
    return sum(line.period.days for line in due.lines if line.kind == LineKind.SENIORS)


def _has_floor(due: Due) -> bool:
    return any(line.kind == LineKind.FLOOR for line in due.lines)
