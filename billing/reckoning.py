"""What a contract owes for a year, from its rows: prices and communes by date, and the counts in force."""

import datetime
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Prefetch, QuerySet

from billing.count_states import standing
from billing.enums import Adjusting
from billing.errors import BooksError
from billing.models import Contract, CountSnapshot, PricePeriod
from billing.periods import Period
from billing.pricing import Due, Stretch, Terms, due
from core.french import day_words, listed
from geography.models import Commune


class NotReckonedError(BooksError):
    """A price or a count is missing; the message says in French which, and for what day."""


class Counted(NamedTuple):
    """A count in force: its number, its day, its seniors by the code of each commune."""

    number: int
    as_of: datetime.date
    by_commune: dict[str, int]


class Covered(NamedTuple):
    """A commune of a contract, and its days."""

    commune_id: str
    starts_on: datetime.date
    ends_on: datetime.date | None


class Reckoning(NamedTuple):
    """What is owed, and the numbers of the counts that each stretch was reckoned from, in order."""

    due: Due
    evidence: tuple[frozenset[int], ...]


def with_reckoning_data(
    contracts: QuerySet[Contract], *, counts: QuerySet[CountSnapshot] | None = None
) -> QuerySet[Contract]:
    """Contracts with all that what they owe depends on, in two queries more; on these `counts` alone where told.

    Their communes, and those of a count, come as lists: making a row of each, of all communes of France, took most of
    the time.
    """
    if counts is None:
        counts = CountSnapshot.objects.only("contract", "as_of", "replaces")
    counts = counts.annotate(**_lists("lines", codes="commune", seniors="count"))
    members = _lists("memberships", covered="commune", joined="starts_on", left="ends_on")
    return contracts.annotate(**members).prefetch_related("prices", Prefetch("counts", queryset=counts))


def owed(contract: Contract, year: Period) -> Due:
    """What is owed for a whole year of the contract: see `reckon`."""
    return reckon(contract, year).due


def reckon(contract: Contract, year: Period) -> Reckoning:
    """What is owed for a whole year of a contract, as its rows say now; only its own days count. Three queries.

    Raises NotReckonedError where a price or a count is missing, or no commune is covered.
    """
    return reckon_loaded(loaded_to_reckon(contract), year)


def loaded_to_reckon(contract: Contract) -> Contract:
    """A contract with what it owes depends on, read anew. Three queries."""
    return _every().get(pk=contract.pk)


@cache
def _every() -> QuerySet[Contract]:
    """All of them, not read: to write this question takes longer than to answer it."""
    return with_reckoning_data(Contract.objects.all())


def reckon_loaded(contract: Contract, year: Period) -> Reckoning:
    """The same, without a query, of a contract read by `with_reckoning_data`."""
    terms = Terms(floor_scope=contract.floor_scope, prorates_floor=contract.prorates_floor)
    found = _stretches(contract, year)
    return Reckoning(
        due([stretch for stretch, _ in found], year=year, terms=terms), tuple(numbers for _, numbers in found)
    )


def _lists(rows: str, **columns: str) -> dict[str, ArrayAgg]:
    """Columns of related rows as lists, all in the order of these rows."""
    return {name: ArrayAgg(f"{rows}__{column}", order_by=f"{rows}__pk") for name, column in columns.items()}


def _stretches(contract: Contract, year: Period) -> list[tuple[Stretch, frozenset[int]]]:
    """The days of a year of the contract over which nothing changes, in order, with the counts of each."""
    days = days_running(contract, year)
    prices = list(contract.prices.all())
    members = [Covered(*row) for row in zip(contract.covered, contract.joined, contract.left, strict=True) if row[0]]
    counts = _counts(contract, days)
    # A count in mid-year changes what its communes owe from its day on; or it waits for the next year.
    recounts = contract.adjusting == Adjusting.IN_YEAR
    cuts = {days.start, days.end}
    cuts |= {day for one in (*prices, *members) for day in (one.starts_on, one.ends_on) if day and day in days}
    if recounts:
        cuts |= {one.as_of for one in counts if one.as_of in days}
    return [
        _stretch(Period(start, end), prices, members, counts, asked_on=start if recounts else days.start)
        for start, end in pairwise(sorted(cuts))
    ]


def days_running(contract: Contract, year: Period) -> Period:
    """The days of a year on which the contract runs. Raises NotReckonedError for none."""
    start = max(year.start, contract.begins_on)
    end = min(year.end, contract.ends_on) if contract.ends_on else year.end
    if end <= start:
        raise NotReckonedError("Le contrat n’a aucun jour dans cette période.")
    return Period(start, end)


def _counts(contract: Contract, days: Period) -> list[Counted]:
    """The counts in force by the end of some days, the last first: what a correction replaces is none."""
    found = [one for one in standing(contract.counts.all()) if one.as_of < days.end]
    found.sort(key=lambda one: (one.as_of, one.pk), reverse=True)
    return [Counted(one.pk, one.as_of, dict(zip(one.codes, one.seniors, strict=True))) for one in found]


def _stretch(
    days: Period,
    prices: Sequence[PricePeriod],
    members: Sequence[Covered],
    counts: Sequence[Counted],
    *,
    asked_on: datetime.date,
) -> tuple[Stretch, frozenset[int]]:
    price = next((one for one in prices if _holds(one, days.start)), None)
    if price is None:
        raise NotReckonedError(f"Aucun prix n’est donné pour le {day_words(days.start)}.")
    covered = [one.commune_id for one in members if _holds(one, days.start)]
    if not covered:
        raise NotReckonedError(f"Aucune commune n’est couverte le {day_words(days.start)}.")
    by_commune = {code: _count_of(code, days.start, asked_on, counts) for code in covered}
    missing = sorted(code for code, counted in by_commune.items() if counted is None)
    if missing:
        # Their names are asked for here alone: the communes of all contracts are those of France.
        names = Commune.objects.filter(code__in=missing).order_by("search_name").values_list("name", flat=True)
        raise NotReckonedError(f"Les seniors ne sont pas comptés : {listed(list(names))}, le {day_words(days.start)}.")
    found = {code: counted for code, counted in by_commune.items() if counted is not None}
    stretch = Stretch(days, price.rates, {code: one.by_commune[code] for code, one in found.items()})
    return stretch, frozenset(one.number for one in found.values())


def _holds(one: PricePeriod | Covered, day: datetime.date) -> bool:
    return one.starts_on <= day and (one.ends_on is None or day < one.ends_on)


def _count_of(code: str, day: datetime.date, asked_on: datetime.date, counts: Sequence[Counted]) -> Counted | None:
    """The count that tells the seniors of a commune on a day: the last one when it was asked; of a commune that joined
    since, the first that knows it."""
    known = [one for one in counts if code in one.by_commune and one.as_of <= day]
    settled = [one for one in known if one.as_of <= asked_on]
    if settled:
        return settled[0]
    return known[-1] if known else None
