"""What is done in every town each night, and each morning by its own clock."""

import datetime
import zoneinfo

import pytest

from harness import jobs
from tenants import rounds
from tenants.rounds import ask_each_town, next_morning


@pytest.mark.parametrize(
    ("hour", "day"),
    [(0, 26), (9, 26), (10, 27), (23, 27)],
)
def test_the_morning_to_come_is_ten_o_clock_where_one_lives(hour, day):
    there = zoneinfo.ZoneInfo("Indian/Reunion")
    told = next_morning(datetime.datetime(2026, 11, 26, hour, 30, tzinfo=there))
    assert told == datetime.datetime(2026, 11, day, 10, 0, tzinfo=there)


def test_every_job_of_the_round_waits_once_in_each_town(own_database):
    assert {"privacy.purge", "privacy.tell_silent"} <= set(rounds._nightly) | set(rounds._each_morning)
    towns = ask_each_town()
    assert towns >= 2
    assert ask_each_town() == towns
    for name in rounds._nightly | rounds._each_morning:
        assert jobs.states(name)["todo"] == towns, name
    jobs.empty_queue()
