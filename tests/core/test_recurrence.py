"""Days that come again: against an oracle that walks the calendar day by day, and knows nothing of iCalendar."""

import datetime
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from core.recurrence import LAST, MOST_WEEKS, RANKS, Recurrence, monthly_like, read

TUESDAY = 1
starts = st.dates(date(2024, 1, 1), date(2032, 12, 31))
endings = st.one_of(
    st.just({}),
    st.builds(lambda day: {"until": day}, st.dates(date(2024, 1, 1), date(2034, 1, 1))),
    st.builds(lambda count: {"count": count}, st.integers(1, 40)),
)
weekly = st.builds(
    lambda days, every, end: Recurrence(tuple(sorted(days)), every=every, **end),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(1, MOST_WEEKS),
    endings,
)
monthly = st.builds(
    lambda day, nth, end: Recurrence((day,), nth=nth, **end), st.integers(0, 6), st.sampled_from(sorted(RANKS)), endings
)
rules = st.one_of(weekly, monthly)


def oracle(rule: Recurrence, starts_on: date, first: date, last: date) -> list[date]:
    """Every day from the start, one by one."""
    found, times = [], 0
    for number in range((last - starts_on).days + 1):
        day = starts_on + datetime.timedelta(days=number)
        if day.weekday() not in rule.weekdays or (rule.until and day > rule.until):
            continue
        if rule.nth:
            a_week = datetime.timedelta(days=7)
            is_last = (day + a_week).month != day.month
            if not (is_last if rule.nth == LAST else (day.day + 6) // 7 == rule.nth):
                continue
        else:
            monday = starts_on - datetime.timedelta(days=starts_on.weekday())
            if (day - monday).days // 7 % rule.every:
                continue
        times += 1
        if rule.count and times > rule.count:
            break
        if day >= first:
            found.append(day)
    return found


@given(rules, starts, st.integers(-30, 200), st.integers(0, 400))
@example(Recurrence((TUESDAY,)), date(2028, 2, 22), 0, 14)  # 29 February is a Tuesday
@example(Recurrence((6,)), date(2026, 10, 18), 0, 14)  # clocks change on Sunday the 25th
@example(Recurrence((3, 4), every=2), date(2026, 12, 24), 0, 30)  # a year ends in the middle
@example(Recurrence((4,), nth=LAST), date(2027, 12, 31), 0, 90)
def test_its_days_are_those_of_the_calendar(rule, starts_on, before, length):
    first = starts_on + datetime.timedelta(days=before)
    last = first + datetime.timedelta(days=length)
    assert rule.days(starts_on, first=first, last=last) == oracle(rule, starts_on, first, last)


@given(rules)
def test_what_is_written_is_read_again(rule):
    assert read(rule.text) == rule
    assert len(rule.text) <= 80


@given(starts)
def test_each_month_like_a_day_gives_that_day_first(day):
    assert monthly_like(day).days(day, first=day, last=day + datetime.timedelta(days=1)) == [day]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tous les mardis",
        "FREQ=DAILY",
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;BYDAY=MO,MO",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;BYDAY=MO;BYHOUR=3",
        "FREQ=WEEKLY;BYDAY=MO;BYDAY=MO",
        "FREQ=WEEKLY;BYDAY=MO;INTERVAL=0",
        "FREQ=WEEKLY;BYDAY=MO;INTERVAL=99",
        "FREQ=WEEKLY;BYDAY=MO;COUNT=0",
        "FREQ=WEEKLY;BYDAY=MO;COUNT=3;UNTIL=20270101",
        "FREQ=WEEKLY;BYDAY=MO;UNTIL=demain",
        "FREQ=MONTHLY;BYDAY=MO",
        "FREQ=MONTHLY;BYDAY=5MO",
        "FREQ=MONTHLY;BYDAY=1MO,2TU",
        "FREQ=MONTHLY;BYDAY=1MO;INTERVAL=2",
    ],
)
def test_what_we_do_not_understand_is_refused(text):
    with pytest.raises(ValidationError, match="pas de celles"):
        read(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", "chaque mardi"),
        ("FREQ=WEEKLY;BYDAY=TU,FR;COUNT=10", "chaque mardi et vendredi, 10 fois"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR", "toutes les 2 semaines, le mardi et le vendredi"),
        ("FREQ=MONTHLY;BYDAY=-1TH;UNTIL=20270301", "chaque mois, le dernier jeudi, jusqu’au 1er mars 2027"),
    ],
)
def test_it_is_said_as_people_do(text, words):
    assert read(text).words == words
