"""Public holidays: against those that were published, and what the law says of each part of France."""

import datetime
from datetime import date

import pytest

from core import public_holidays

EVERYWHERE_2026 = {
    date(2026, 1, 1), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 8), date(2026, 5, 14), date(2026, 5, 25),
    date(2026, 7, 14), date(2026, 8, 15), date(2026, 11, 1), date(2026, 11, 11), date(2026, 12, 25),
}  # fmt: skip


@pytest.mark.parametrize(
    ("department", "more"),
    [
        ("60", set()),
        ("", set()),
        ("2A", set()),
        ("57", {date(2026, 4, 3), date(2026, 12, 26)}),
        ("67", {date(2026, 4, 3), date(2026, 12, 26)}),
        ("68", {date(2026, 4, 3), date(2026, 12, 26)}),
        ("971", {date(2026, 5, 27)}),
        ("972", {date(2026, 5, 22)}),
        ("973", {date(2026, 6, 10)}),
        ("974", {date(2026, 12, 20)}),
        ("976", {date(2026, 4, 27)}),
        ("978", {date(2026, 5, 28)}),
    ],
)
def test_the_year_2026_is_as_it_was_published(department, more):
    assert public_holidays.in_year(2026, department) == EVERYWHERE_2026 | more


@pytest.mark.parametrize("year", range(2024, 2044))
def test_ascension_is_a_thursday_and_two_mondays_follow_feasts(year):
    days = public_holidays.in_year(year)
    moving = {day for day in days if (day.month, day.day) not in public_holidays.FIXED}
    # Ascension may fall on a fixed one: the first of May in 2008.
    assert {day.weekday() for day in moving} <= {0, 3}
    assert len(days) >= 10


def test_a_span_over_a_year_end_has_both():
    found = public_holidays.between(date(2026, 12, 20), date(2027, 1, 5), "68")
    assert found == {date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)}
    assert public_holidays.between(date(2026, 12, 26), date(2026, 12, 26)) == set()
    assert datetime.date(2027, 5, 6) in public_holidays.between(date(2027, 1, 1), date(2027, 12, 31))
