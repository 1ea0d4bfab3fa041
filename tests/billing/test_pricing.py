"""The price: the examples that were computed by hand, then properties against exact fractions."""

import datetime
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from billing.enums import FloorScope, LineKind
from billing.money import CENT, ZERO
from billing.periods import Period
from billing.pricing import Due, Rates, Stretch, Terms, adjustment, due

EURO = Rates(Decimal("1.0000"), Decimal("1000.00"))
ONCE = Terms(FloorScope.CONTRACT, prorates_floor=True)
YEAR = Period(date(2026, 10, 1), date(2027, 10, 1))
FIRST_OF_MARCH = date(2027, 3, 1)


def whole_year(counts: dict[str, int], *, rates: Rates = EURO, terms: Terms = ONCE, year: Period = YEAR) -> Due:
    return due([Stretch(year, rates, counts)], year=year, terms=terms)


def changing(before: dict[str, int], after: dict[str, int], *, terms: Terms = ONCE, year: Period = YEAR) -> Due:
    """Another count from the first of March on."""
    day = FIRST_OF_MARCH.replace(year=year.end.year)
    stretches = [Stretch(Period(year.start, day), EURO, before), Stretch(Period(day, year.end), EURO, after)]
    return due(stretches, year=year, terms=terms)


def amounts(result: Due) -> list[tuple[str, str]]:
    return [(line.kind, str(line.amount)) for line in result.lines]


@pytest.mark.parametrize(
    ("count", "lines"),
    [
        (0, [("seniors", "0.00"), ("floor", "1000.00")]),
        (1, [("seniors", "1.00"), ("floor", "999.00")]),
        (812, [("seniors", "812.00"), ("floor", "188.00")]),
        (999, [("seniors", "999.00"), ("floor", "1.00")]),
        (1000, [("seniors", "1000.00")]),
        (1001, [("seniors", "1001.00")]),
        (85_745, [("seniors", "85745.00")]),
    ],
)
def test_one_euro_a_senior_and_a_thousand_at_least(count, lines):
    result = whole_year({"60509": count})
    assert amounts(result) == lines
    assert result.total == EURO.yearly(count) == max(count, 1000)
    assert result.shares == {"60509": result.total}


def test_the_minimum_says_its_name():
    assert LineKind.FLOOR.label == "complément au minimum annuel"


def test_a_commune_of_700_joins_600_on_the_first_of_march():
    """175.89 = 300 x 214/365."""
    before, after = whole_year({"a": 600}), changing({"a": 600}, {"a": 600, "b": 700})
    assert before.total == Decimal("1000.00")
    assert adjustment(after.total, before.total, minimum=ZERO).amount == Decimal("175.89")
    assert sum(after.shares.values()) == after.total
    assert set(after.shares) == {"a", "b"}


def test_300_more_under_the_minimum_cost_nothing():
    assert adjustment(
        changing({"a": 600}, {"a": 600, "b": 300}).total, whole_year({"a": 600}).total, minimum=ZERO
    ).amount == Decimal("0.00")


def test_a_commune_that_leaves_is_given_back_what_it_would_have_cost():
    whole = whole_year({"a": 600, "b": 700})
    left = changing({"a": 600, "b": 700}, {"a": 600})
    assert adjustment(left.total, whole.total, minimum=ZERO).amount == Decimal("-175.89")


def test_a_year_of_366_days_counts_its_29_february():
    leap = Period(date(2027, 10, 1), date(2028, 10, 1))
    assert leap.days == 366
    assert whole_year({"a": 1300}, year=leap).total == Decimal("1300.00")
    # 1 October to 1 March is 152 days: 1000 + 300 x 214/366
    assert changing({"a": 600}, {"a": 1300}, year=leap).total == Decimal("1175.41")


def test_what_comes_and_goes_is_billed_by_what_is_due_in_all():
    """Three reckonings, each less what was billed before: nothing is lost nor asked twice."""
    reckonings = [whole_year({"a": 600}), changing({"a": 600}, {"a": 1300}), changing({"a": 600}, {"a": 900})]
    billed, asked = ZERO, []
    for one in reckonings:
        asked.append(adjustment(one.total, billed, minimum=ZERO).amount)
        billed += asked[-1]
    assert asked == [Decimal("1000.00"), Decimal("175.89"), Decimal("-175.89")]
    assert billed == reckonings[-1].total


def test_a_small_difference_waits_and_is_not_forgotten():
    first = adjustment(Decimal("1012.00"), Decimal("1000.00"), minimum=Decimal(15))
    assert (first.amount, first.carried) == (ZERO, Decimal("12.00"))
    second = adjustment(Decimal("1020.00"), Decimal("1000.00"), minimum=Decimal(15))
    assert (second.amount, second.carried) == (Decimal("20.00"), ZERO)
    assert adjustment(Decimal("985.00"), Decimal("1000.00"), minimum=Decimal(15)).amount == Decimal(-15)


def test_a_minimum_a_commune_is_owed_by_each():
    each = Terms(FloorScope.COMMUNE, prorates_floor=True)
    result = whole_year({"a": 600, "b": 1400}, terms=each)
    assert amounts(result) == [("seniors", "2000.00"), ("floor", "400.00")]
    assert result.shares == {"a": Decimal(1000), "b": Decimal(1400)}
    assert whole_year({"a": 600, "b": 1400}).total == Decimal(2000)


@pytest.mark.parametrize(
    ("prorates", "scope", "total", "each"),
    [
        (True, FloorScope.CONTRACT, 200, 100),
        (False, FloorScope.CONTRACT, 1000, 500),
        (True, FloorScope.COMMUNE, 400, 200),
        (False, FloorScope.COMMUNE, 2000, 1000),
    ],
)
def test_a_short_first_year_owes_the_minimum_whole_or_for_its_days(prorates, scope, total, each):
    year = Period(date(2027, 1, 1), date(2028, 1, 1))
    last_fifth = Period(date(2027, 10, 20), year.end)
    assert last_fifth.days * 5 == year.days
    terms = Terms(scope, prorates_floor=prorates)
    result = due([Stretch(last_fifth, EURO, {"a": 100, "b": 100})], year=year, terms=terms)
    assert amounts(result) == [("seniors", "40.00"), ("floor", f"{total - 40}.00")]
    assert result.shares == {"a": each, "b": each}


@pytest.mark.parametrize(("prorates", "part"), [(True, "500.00"), (False, "1000.00")])
def test_who_comes_in_the_middle_of_a_year_owes_its_own_minimum_the_same_way(prorates, part):
    terms = Terms(FloorScope.COMMUNE, prorates_floor=prorates)
    half = Period(date(2028, 1, 1), date(2028, 7, 2))
    year = Period(half.start, date(2029, 1, 1))
    assert half.days * 2 == year.days
    stretches = [
        Stretch(half, EURO, {"a": 2_000}),
        Stretch(Period(half.end, year.end), EURO, {"a": 2_000, "b": 30}),
    ]
    assert due(stretches, year=year, terms=terms).shares == {"a": Decimal(2_000), "b": Decimal(part)}


def test_a_price_that_changes_in_the_year_counts_for_its_days():
    new_year = date(2027, 1, 1)
    indexed = Rates(Decimal("1.0305"), Decimal("1030.50"))
    stretches = [
        Stretch(Period(YEAR.start, new_year), EURO, {"a": 20_000}),
        Stretch(Period(new_year, YEAR.end), indexed, {"a": 20_000}),
    ]
    # (20000 x 92 + 20610 x 273) / 365
    assert due(stretches, year=YEAR, terms=ONCE).total == Decimal("20456.25")


def test_fifty_two_communes_share_to_the_cent():
    counts = {f"60{number:03}": 7 + number * 13 % 29 for number in range(1, 53)}
    result = whole_year(counts)
    assert result.total == max(Decimal(1000), Decimal(sum(counts.values())))
    assert sum(result.shares.values()) == result.total


@pytest.mark.parametrize(
    ("unit", "floor"),
    [("-1", "0"), ("1", "-1"), ("NaN", "0"), ("1", "Infinity"), ("1.00001", "0"), ("1", "0.005"), ("1E8", "0")],
)
def test_what_is_no_price_is_refused(unit, floor):
    with pytest.raises(ValueError, match=r"price|decimals|cents"):
        Rates(Decimal(unit), Decimal(floor))


@pytest.mark.parametrize("counts", [{}, {"a": -1}, {"a": 10_000_001}], ids=str)
def test_what_is_no_count_is_refused(counts):
    with pytest.raises(ValueError, match=r"seniors|commune"):
        Stretch(YEAR, EURO, counts)


DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    "periods",
    [
        [],
        [Period(YEAR.start - DAY, YEAR.end)],
        [Period(YEAR.start, YEAR.end + DAY)],
        [Period(YEAR.start, FIRST_OF_MARCH), Period(FIRST_OF_MARCH + DAY, YEAR.end)],
        [Period(YEAR.start, FIRST_OF_MARCH + DAY), Period(FIRST_OF_MARCH, YEAR.end)],
    ],
    ids=["none", "before", "after", "hole", "overlap"],
)
def test_days_are_counted_once_and_all_of_them(periods):
    with pytest.raises(ValueError, match=r"no day|within|follow"):
        due([Stretch(period, EURO, {"a": 1}) for period in periods], year=YEAR, terms=ONCE)


terms = st.builds(Terms, st.sampled_from(FloorScope), st.booleans())
rates = st.tuples(st.integers(0, 5_0000), st.integers(0, 3_000_00))
# Of each commune in turn; one that is not there has no count.
counts = st.lists(st.none() | st.integers(0, 90_000), min_size=2, max_size=3)
starts = st.sampled_from([date(2026, 10, 1), date(2027, 10, 1), date(2028, 1, 1)])
cuts = st.lists(st.integers(0, 364), min_size=1, max_size=3, unique=True).map(sorted)


def priced(drawn: tuple[int, int]) -> Rates:
    return Rates(Decimal(drawn[0]).scaleb(-4), Decimal(drawn[1]).scaleb(-2))


def counted(drawn: list[int | None]) -> dict[str, int]:
    there = {code: count for code, count in zip("abc", drawn, strict=False) if count is not None}
    return there or {"d": 0}


def covered(start: date, cuts: list[int], drawn: list[tuple]) -> tuple[Period, list[Stretch]]:
    """A year, common or leap, and the stretches that cover it from some day to its end."""
    year = Period(start, start.replace(year=start.year + 1))
    days = [*(start + datetime.timedelta(days=cut) for cut in cuts), year.end]
    periods = [Period(first, last) for first, last in pairwise(days)]
    return year, [
        Stretch(period, priced(price), counted(people)) for period, (price, people) in zip(periods, drawn, strict=False)
    ]


years = st.builds(covered, starts, cuts, st.lists(st.tuples(rates, counts), min_size=3, max_size=3))


def exact(stretches: list[Stretch], year: Period, terms: Terms) -> Fraction:
    """The formula, in fractions, with nothing of the code that it checks."""
    by_commune = terms.floor_scope == FloorScope.COMMUNE
    total = Fraction(0)
    groups = sorted({code for one in stretches for code in one.counts}) if by_commune else [None]
    for group in groups:
        there = [one for one in stretches if group is None or group in one.counts]
        part = Fraction(0)
        for one in there:
            count = sum(one.counts.values()) if group is None else one.counts[group]
            part += max(Fraction(one.rates.unit) * count, Fraction(one.rates.floor)) * one.period.days / year.days
        if not terms.prorates_floor:
            days = sum(one.period.days for one in there)
            part = max(part, sum(Fraction(one.rates.floor) * one.period.days for one in there) / days)
        total += part
    return total


@settings(max_examples=700)
@given(years, terms)
@example((YEAR, [Stretch(YEAR, EURO, {"a": 0})]), ONCE)
def test_what_is_due_is_the_formula_rounded_once_and_everything_adds_up(drawn, terms):
    year, stretches = drawn
    result = due(stretches, year=year, terms=terms)
    wanted = exact(stretches, year, terms)
    assert abs(Fraction(result.total) - wanted) <= Fraction(1, 200)
    assert sum(result.shares.values()) == result.total
    assert all(line.amount >= 0 and line.amount == line.amount.quantize(CENT) for line in result.lines)
    for line, one in zip(result.lines, stretches, strict=False):
        alone = Fraction(one.rates.unit) * one.count * one.period.days / year.days
        assert abs(Fraction(line.amount) - alone) <= Fraction(1, 100)


@settings(max_examples=400)
@given(counts.map(counted), rates.map(priced), terms)
def test_a_whole_year_is_never_under_the_minimum_nor_under_its_seniors(counts, rates, terms):
    result = whole_year(counts, rates=rates, terms=terms)
    assert result.total >= rates.floor
    assert result.total >= rates.unit * sum(counts.values()) - CENT / 2


@settings(max_examples=200)
@given(st.lists(years, min_size=1, max_size=2), st.integers(0, 30).map(Decimal))
def test_reckonings_bill_in_all_what_is_due_but_for_what_waits(drawn, minimum):
    billed, waits = ZERO, ZERO
    for year, stretches in drawn:
        owed = due(stretches, year=year, terms=ONCE).total
        asked = adjustment(owed, billed, minimum=minimum)
        billed, waits = billed + asked.amount, asked.carried
        assert billed + waits == owed
        assert abs(waits) < max(minimum, CENT)
        assert asked.amount == 0 or abs(asked.amount) >= minimum
