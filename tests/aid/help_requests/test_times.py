"""Days and hours on the town's clock, whatever the clock does."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from aid.help_requests import times
from aid.help_requests.enums import Moment

PARIS = ZoneInfo("Europe/Paris")
FUTURE = st.dates(datetime.date(2027, 1, 1), datetime.date(2060, 1, 1))


@given(FUTURE, st.none() | st.times(), st.sampled_from(Moment), st.integers(5, 24 * 60))
def test_the_end_is_the_start_and_its_minutes_even_where_clocks_change(day, hour, moment, minutes):
    end = times.end_of(day=day, hour=hour, moment=moment, minutes=minutes)
    start = end - datetime.timedelta(minutes=minutes)
    local = start.astimezone(PARIS)
    expected = hour or times.LATEST_STARTS[moment]
    assert end.utcoffset() == datetime.timedelta(0)
    # An hour that clocks skip is the one after: nobody can come at half past two that night.
    assert local.date() == day
    assert local.time() == expected or (local.hour - expected.hour == 1 and expected.hour == 2)


@pytest.mark.parametrize(
    ("day", "hour", "end"),
    [
        ("2027-03-28", "01:30", "2027-03-28T01:30+00:00"),  # 3:30 by the new time: an hour later, not two
        ("2027-10-31", "01:30", "2027-11-01T00:30+00:00"),
        ("2027-07-14", "14:00", "2027-07-14T13:00+00:00"),
        ("2027-01-14", "14:00", "2027-01-14T14:00+00:00"),
    ],
)
def test_an_hour_lasts_an_hour_the_night_that_clocks_change(day, hour, end):
    minutes = 25 * 60 if day == "2027-10-31" else 60
    told = times.end_of(
        day=datetime.date.fromisoformat(day),
        hour=datetime.time.fromisoformat(hour),
        moment=Moment.ANY,
        minutes=minutes,
    )
    assert told == datetime.datetime.fromisoformat(end)


@pytest.fixture
def half_past_one(monkeypatch):
    """A Tuesday, 13:30 in Paris."""
    now = datetime.datetime(2026, 11, 24, 13, 30, tzinfo=PARIS)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    return now


def test_what_is_asked_late_in_the_day_does_not_end_before_it_is_asked(half_past_one):
    end = times.end_of(day=half_past_one.date(), hour=datetime.time(9), moment=Moment.ANY, minutes=60)
    assert end == half_past_one + datetime.timedelta(hours=1)


@pytest.mark.parametrize(("days", "said"), [(-1, "passé"), (-400, "passé"), (366, "trop loin"), (9999, "trop loin")])
def test_a_day_that_cannot_be_is_refused(half_past_one, days, said):
    with pytest.raises(ValidationError, match=said) as refusal:
        times.check_day(half_past_one.date() + datetime.timedelta(days=days))
    assert list(refusal.value.message_dict) == ["day"]


@pytest.mark.parametrize("days", [0, 1, 365])
def test_a_day_that_can_be_is_not(half_past_one, days):
    times.check_day(half_past_one.date() + datetime.timedelta(days=days))


@pytest.mark.parametrize(
    ("hour", "moment", "field"),
    [
        ("13:30", Moment.ANY, "hour"),
        ("00:00", Moment.ANY, "hour"),
        ("13:31", Moment.ANY, None),
        (None, Moment.MORNING, "moment"),
        (None, Moment.AFTERNOON, None),
        (None, Moment.ANY, None),
    ],
)
def test_an_hour_of_today_that_is_over_is_refused_and_one_of_tomorrow_never(half_past_one, hour, moment, field):
    today = half_past_one.date()
    hour = datetime.time.fromisoformat(hour) if hour else None
    times.check_hour(today + datetime.timedelta(days=1), hour, moment)
    if field is None:
        times.check_hour(today, hour, moment)
        return
    with pytest.raises(ValidationError) as refusal:
        times.check_hour(today, hour, moment)
    assert list(refusal.value.message_dict) == [field]


@pytest.mark.parametrize(
    ("day", "hour", "moment", "said"),
    [
        ("2026-12-01", None, Moment.MORNING, "mardi 1er décembre, le matin"),
        ("2026-11-11", None, Moment.ANY, "mercredi 11 novembre, dans la journée"),
        ("2026-11-24", "14:30", Moment.ANY, "mardi 24 novembre, à 14\u00a0h\u00a030"),
        ("2026-11-24", "09:00", Moment.ANY, "mardi 24 novembre, à 9\u00a0h"),
        ("2026-11-24", "09:05", Moment.ANY, "mardi 24 novembre, à 9\u00a0h\u00a005"),
    ],
)
def test_days_and_hours_are_said_as_people_say_them(day, hour, moment, said):
    hour = datetime.time.fromisoformat(hour) if hour else None
    assert times.when_words(datetime.date.fromisoformat(day), hour, moment) == said
