"""What a contract owes for a year: so much a senior, a yearly minimum, and what changes meanwhile.

Source: the offer, « 1 € par an et par senior avec un plancher fixé à 1000 € par an ». The rest is the contract's: no
default is hidden here. Amounts are exact sums of euros times days, divided and rounded once, at the end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from billing.enums import FloorScope, LineKind
from billing.money import MOST_DECIMALS, ZERO, in_cents, round_half_up, shares
from billing.periods import Period

# More people than any commune has, and more than any price: beyond, it is a mistake of typing or of a file.
MOST_SENIORS = 10_000_000
MOST_EUROS = 10_000_000


@dataclass(frozen=True)
class Rates:
    """What is asked while a price runs: euros for a senior and a year, and euros for a year at least.

    Raises ValueError for a negative or huge one, more than four decimals a senior, a minimum not in whole cents.
    """

    unit: Decimal
    floor: Decimal

    def __post_init__(self) -> None:
        for amount in (self.unit, self.floor):
            if not (amount.is_finite() and 0 <= amount <= MOST_EUROS):
                raise ValueError(f"{amount} is no price")
        if -int(self.unit.normalize().as_tuple().exponent) > MOST_DECIMALS:
            raise ValueError(f"{self.unit} has more than {MOST_DECIMALS} decimals")
        in_cents(self.floor)

    def yearly(self, count: int) -> Decimal:
        """F(n) = max(unit x n, floor): a whole year of one count, not rounded."""
        return max(self.unit * count, self.floor)


@dataclass(frozen=True)
class Terms:
    """What a contract says of its minimum.

    `prorates_floor`: who is there for a part of a year owes that part of the minimum; the whole of it otherwise.
    """

    floor_scope: FloorScope
    prorates_floor: bool


@dataclass(frozen=True)
class Stretch:
    """Days over which nothing changes: the rates, and the seniors of each commune by its INSEE code.

    Raises ValueError for no commune, or a count that is negative or huge.
    """

    period: Period
    rates: Rates
    counts: Mapping[str, int]

    def __post_init__(self) -> None:
        if not self.counts:
            raise ValueError("a stretch counts one commune at least")
        for code, count in self.counts.items():
            if not 0 <= count <= MOST_SENIORS:
                raise ValueError(f"{count} seniors in {code}")

    @property
    def count(self) -> int:
        """Seniors of all its communes."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Line:
    """A line of what is owed, in whole cents. Of the minimum: one, at the price of its amount."""

    kind: LineKind
    period: Period
    count: int
    unit: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Due:
    """What is owed from the first day to the last: lines that add up, and the share of each commune."""

    lines: tuple[Line, ...]
    shares: dict[str, Decimal]

    @property
    def total(self) -> Decimal:
        """The sum, in whole cents."""
        return sum((line.amount for line in self.lines), ZERO)


@dataclass(frozen=True)
class Adjustment:
    """What to bill now, or to credit where it is negative; and what waits for the next reckoning."""

    amount: Decimal
    carried: Decimal


def due(stretches: Sequence[Stretch], *, year: Period, terms: Terms) -> Due:
    """What is owed for the part of a year that stretches cover: the sum of F(n) x days / days of the year.

    Rounded once. The minimum is a line of its own, there when it adds something; lines of seniors are cut from their
    running sum, so that they add up. Communes share by their seniors, or by what each owes where each owes a minimum.
    Raises ValueError for stretches that leave a hole, overlap, or are out of the year.
    """
    _refuse_holes(stretches, year)
    seniors = [one.rates.unit * one.count * one.period.days for one in stretches]
    owed = _owed_by_group(stretches, year, terms)
    lines, counted, billed = [], Decimal(0), ZERO
    for one, part in zip(stretches, seniors, strict=True):
        counted += part
        amount = round_half_up(counted, over=year.days) - billed
        billed += amount
        lines.append(Line(LineKind.SENIORS, one.period, one.count, one.rates.unit, amount))
    total = round_half_up(sum(owed.values(), Decimal(0)), over=year.days)
    if total > billed:
        covered = Period(stretches[0].period.start, stretches[-1].period.end)
        lines.append(Line(LineKind.FLOOR, covered, 1, total - billed, total - billed))
    weights = owed if terms.floor_scope == FloorScope.COMMUNE else _seniors_by_commune(stretches)
    return Due(tuple(lines), shares(total, dict(sorted(weights.items()))))


def adjustment(due_now: Decimal, already_billed: Decimal, *, minimum: Decimal) -> Adjustment:
    """What to bill or credit when what is owed has changed: what is due in all, minus what was billed in all.

    Under `minimum` euros nothing is billed: the difference waits, and the next reckoning finds it, being cumulative.
    """
    difference = in_cents(due_now) - in_cents(already_billed)
    if abs(difference) < minimum:
        return Adjustment(ZERO, difference)
    return Adjustment(difference, ZERO)


def _refuse_holes(stretches: Sequence[Stretch], year: Period) -> None:
    if not stretches:
        raise ValueError("nothing is owed for no day")
    if stretches[0].period.start < year.start or stretches[-1].period.end > year.end:
        raise ValueError("stretches are within the year")
    if any(one.period.end != following.period.start for one, following in pairwise(stretches)):
        raise ValueError("stretches follow each other")


def _owed_by_group(stretches: Sequence[Stretch], year: Period, terms: Terms) -> dict[str, Decimal]:
    """Euros times days of each who owes a minimum: the contract, under an empty key, or each commune."""
    owed: dict[str, Decimal] = {}
    floors: dict[str, Decimal] = {}
    present: dict[str, int] = {}
    for one in stretches:
        groups = one.counts if terms.floor_scope == FloorScope.COMMUNE else {"": one.count}
        days = one.period.days
        for group, count in groups.items():
            owed[group] = owed.get(group, Decimal(0)) + one.rates.yearly(count) * days
            floors[group] = floors.get(group, Decimal(0)) + one.rates.floor * days
            present[group] = present.get(group, 0) + days
    if terms.prorates_floor:
        return owed
    # Of a minimum that changed meanwhile, its mean over the days: that of each when it did not.
    return {group: max(sum_, floors[group] * year.days / present[group]) for group, sum_ in owed.items()}


def _seniors_by_commune(stretches: Sequence[Stretch]) -> dict[str, Decimal]:
    weights: dict[str, Decimal] = {}
    for one in stretches:
        for code, count in one.counts.items():
            weights[code] = weights.get(code, Decimal(0)) + one.rates.unit * count * one.period.days
    return weights
