"""The years of a contract: they follow each other, and each holds the days that it must."""

import datetime
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from billing.enums import YearStart
from billing.periods import Period, contract_year

days = st.dates(date(2020, 1, 1), date(2060, 12, 31))


def test_the_end_is_not_in_a_period():
    year = Period(date(2026, 10, 1), date(2027, 10, 1))
    assert (year.days, year.last_day) == (365, date(2027, 9, 30))
    assert date(2027, 9, 30) in year
    assert date(2027, 10, 1) not in year


def test_a_period_has_a_day_at_least():
    with pytest.raises(ValueError, match="no day"):
        Period(date(2026, 10, 1), date(2026, 10, 1))


@pytest.mark.parametrize(
    ("begins", "on", "year_start", "start", "end"),
    [
        (date(2026, 10, 1), date(2027, 3, 1), YearStart.ANNIVERSARY, date(2026, 10, 1), date(2027, 10, 1)),
        (date(2026, 10, 1), date(2027, 3, 1), YearStart.CALENDAR, date(2027, 1, 1), date(2028, 1, 1)),
        (date(2026, 10, 1), date(2026, 10, 1), YearStart.CALENDAR, date(2026, 1, 1), date(2027, 1, 1)),
        (date(2028, 2, 29), date(2029, 2, 28), YearStart.ANNIVERSARY, date(2029, 2, 28), date(2030, 2, 28)),
        (date(2028, 2, 29), date(2032, 2, 28), YearStart.ANNIVERSARY, date(2031, 2, 28), date(2032, 2, 29)),
    ],
)
def test_the_year_that_holds_a_day(begins, on, year_start, start, end):
    assert contract_year(begins, on=on, year_start=year_start) == Period(start, end)


@pytest.mark.parametrize("year_start", YearStart)
def test_nothing_is_owed_before_the_contract(year_start):
    with pytest.raises(ValueError, match="nothing is owed"):
        contract_year(date(2026, 10, 1), on=date(2026, 9, 30), year_start=year_start)


@settings(max_examples=300)
@given(days, st.integers(0, 5_000), st.sampled_from(YearStart))
@example(date(2028, 2, 29), 0, YearStart.ANNIVERSARY)
@example(date(2028, 2, 29), 365, YearStart.ANNIVERSARY)
def test_years_follow_each_other_and_last_a_year(begins, later, year_start):
    on = begins + datetime.timedelta(days=later)
    year = contract_year(begins, on=on, year_start=year_start)
    assert on in year
    assert year.days in (365, 366)
    following = contract_year(begins, on=year.end, year_start=year_start)
    assert following.start == year.end
