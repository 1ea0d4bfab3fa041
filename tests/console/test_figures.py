"""The figures of the night: read in each town, kept as numbers with their hour; a town that fails stops no other."""

import pytest
from django.db import OperationalError
from django.utils import timezone

from aid.people import counting
from aid.people.models import Person
from console import figures
from console.jobs import count_town, note_failed_jobs
from console.models import TownFigures
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.desk import make_person, make_request, make_volunteer
from harness.jobs import empty_queue, run_worker, states
from harness.towns import entry_of
from tenants.context import facing, platform_context, town_context
from tenants.models import Town
from tenants.rounds import ask_each_town

pytestmark = pytest.mark.usefixtures("own_database")


@pytest.fixture(autouse=True)
def _nothing_counted():
    empty_queue()
    with platform_context():
        TownFigures.objects.all().delete()


def counted() -> dict[str, TownFigures]:
    with platform_context():
        return {one.town.name: one for one in TownFigures.objects.select_related("town")}


def test_numbers_leave_the_town_and_nothing_else():
    town = entry_of(FIRST_TOWN)
    with town_context(town):
        before = figures.read_figures(timezone.now())
        Person.objects.filter(pk=make_person().pk).update(birth_year=1940)
        make_request(make_person())
        make_volunteer()
    figures.count_town(town, now=timezone.now())
    kept = counted()["Pont-Sainte-Maxence"]
    assert kept.seniors == before.seniors + 1
    assert kept.requests == before.requests + 1
    assert kept.volunteers == before.volunteers + 1
    assert (kept.has_failed, kept.health) == (False, "good")
    named = {field.name for field in TownFigures._meta.get_fields()}
    assert not [
        field
        for field in TownFigures._meta.get_fields()
        if field.get_internal_type() in {"CharField", "TextField", "JSONField", "EmailField"}
    ], named


def test_each_night_every_town_is_a_job_of_its_own_and_one_that_fails_says_so(monkeypatch):
    figures.count_town(entry_of(SECOND_TOWN), now=timezone.now())
    was = counted()["Lormes"]
    lormes = entry_of(SECOND_TOWN).schema_name

    def fail(*, age, on):
        from django.db import connection

        if connection.schema_name == lormes:
            raise OperationalError("the disk of this one")
        return real(age=age, on=on)

    real = counting.count_seniors
    monkeypatch.setattr(figures, "count_seniors", fail)
    ask_each_town()
    run_worker()
    now = counted()
    assert now["Pont-Sainte-Maxence"].health == "good"
    assert (now["Lormes"].health, now["Lormes"].counted_at) == ("failed", was.counted_at)
    assert now["Lormes"].tried_at > was.tried_at
    assert states("console.count_town")["todo"] == 1, "it is tried again"
    monkeypatch.undo()
    figures.count_town(entry_of(SECOND_TOWN), now=timezone.now())
    assert counted()["Lormes"].health == "good"


def test_a_suspended_town_is_counted_too():
    with platform_context():
        Town.objects.filter(name="Lormes").update(state="suspended")
    ask_each_town()
    run_worker()
    assert set(counted()) == {"Lormes", "Pont-Sainte-Maxence"}
    with platform_context():
        Town.objects.filter(name="Lormes").update(state="open")


def test_a_round_that_is_asked_twice_counts_once():
    ask_each_town()
    ask_each_town()
    assert states("console.count_town")["todo"] == 2


def test_jobs_that_fail_are_counted_by_town(monkeypatch):
    figures.count_town(entry_of(FIRST_TOWN), now=timezone.now())
    monkeypatch.setattr(count_town.task, "retry_strategy", None)
    monkeypatch.setattr(figures, "read_figures", lambda now: 1 / 0)
    with facing(entry_of(FIRST_TOWN)), town_context(entry_of(FIRST_TOWN)):
        count_town.defer()
    run_worker()
    assert states("console.count_town")["failed"] == 1
    note_failed_jobs(timestamp=0)
    assert counted()["Pont-Sainte-Maxence"].failed_jobs == 1
    empty_queue()
    note_failed_jobs(timestamp=0)
    assert counted()["Pont-Sainte-Maxence"].failed_jobs == 0
