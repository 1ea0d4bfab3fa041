"""What is done in every town each night, and each morning by its own clock."""

import datetime
import zoneinfo

import pytest

from harness import jobs
from harness.databases import FIRST_TOWN
from tenants import rounds, walls
from tenants.context import platform_context, town_context
from tenants.enums import TownState
from tenants.models import Town
from tenants.registry import registry
from tenants.rounds import ask_each_town, each_morning, next_morning


@pytest.fixture
def told_in_the_morning():
    told = []
    for job in jobs.declare("tests.tell", lambda: told.append(1)):
        yield each_morning(job), told
        del rounds._each_morning[job.task.name]


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


@pytest.fixture
def suspended(own_database):
    def move(state):
        with platform_context(), walls.provisioning():
            Town.objects.filter(schema_name=registry.find(FIRST_TOWN)[0].schema_name).update(state=state)

    yield move
    move(TownState.OPEN)
    jobs.empty_queue()


def test_a_suspended_town_takes_away_what_was_kept_long_enough_is_counted_and_does_nothing_else(suspended):
    suspended(TownState.SUSPENDED)
    towns = ask_each_town()
    everywhere = {name for name, job in rounds._nightly.items() if not job.only_where_answering}
    assert everywhere == {"console.count_town", "privacy.purge", "photos.drop_strays"}
    for name in rounds._nightly | rounds._each_morning:
        assert jobs.states(name)["todo"] == towns - (name not in everywhere), name


@pytest.mark.parametrize("state", [TownState.SUSPENDED, TownState.LEAVING])
def test_one_that_is_suspended_before_the_morning_writes_to_nobody(suspended, told_in_the_morning, state):
    job, told = told_in_the_morning
    with town_context(registry.find(FIRST_TOWN)[0]):
        job.defer()
    suspended(state)
    jobs.run_worker()
    assert jobs.states(job.task.name)["succeeded"] == 1
    assert len(told) == (state == TownState.LEAVING)
