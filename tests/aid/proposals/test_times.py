import datetime
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aid.proposals.times import EVE, followup_time
from core.french import duration_words

PARIS = zoneinfo.ZoneInfo("Europe/Paris")
MORNING = datetime.datetime(2026, 3, 3, 9, tzinfo=PARIS)
DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)


@pytest.mark.parametrize(
    ("starts", "hours", "due"),
    [
        (MORNING + 9 * DAY, 24, MORNING + DAY),
        (MORNING + DAY + 5 * HOUR, 24, MORNING.replace(hour=16)),
        (MORNING + 4 * HOUR, 24, MORNING + 2 * HOUR),
        (MORNING + 9 * DAY, 2, MORNING + 2 * HOUR),
    ],
    ids=["after the town's delay", "on the eve", "half-way on the day itself", "sooner where the town wants so"],
)
def test_the_town_is_told_in_time_to_act(starts, hours, due):
    assert followup_time(now=MORNING, starts=starts, ends=starts + HOUR, hours=hours) == due


@given(
    since=st.timedeltas(datetime.timedelta(), datetime.timedelta(days=400)),
    wait=st.integers(-72, 24 * 40),
    hours=st.integers(0, 96),
)
def test_the_town_is_never_told_too_late(since, wait, hours):
    now = MORNING + since
    starts = now + datetime.timedelta(hours=wait)
    due = followup_time(now=now, starts=starts, ends=starts + HOUR, hours=hours)
    assert now <= due <= now + datetime.timedelta(hours=hours)
    if starts > now:
        assert due < starts or hours == 0
    if due.date() >= starts.date() and hours:
        eve = datetime.datetime.combine(starts.date() - DAY, EVE, PARIS)
        assert eve - now < HOUR, "somebody had the time to be told on the eve"


def test_a_duration_is_said_as_people_say_it():
    said = [duration_words(minutes) for minutes in (1, 45, 60, 95)]
    assert [words.replace("\u00a0", " ") for words in said] == ["1 minute", "45 minutes", "1 h", "1 h 35"]
