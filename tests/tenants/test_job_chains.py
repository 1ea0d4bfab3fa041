"""Jobs that ask for jobs, many at once, in steps."""

import datetime
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from aid.facts.enums import FactKind
from aid.facts.models import Fact
from harness import databases
from harness.jobs import declare, empty_queue, run_worker
from harness.jobs import states as states_of
from tenants import walls
from tenants.context import platform_context, town_context
from tenants.jobs import JobOutsideTownError, TownJob
from tenants.models import Town
from tenants.registry import TownEntry, registry

TODAY = datetime.date(2026, 1, 1)


@pytest.fixture(scope="module")
def towns(own_database: str) -> list[TownEntry]:
    return [registry.find(domain)[0] for domain in (databases.FIRST_TOWN, databases.SECOND_TOWN)]


@pytest.fixture(autouse=True)
def _empty_queue(own_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Threads of the worker keep no connection."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    yield
    empty_queue()


def write_fact(*, number: int) -> None:
    Fact.objects.create(kind=FactKind.SERVICE_DONE, happened_on=TODAY, minutes=number)


@pytest.fixture
def record() -> Iterator[TownJob]:
    yield from declare("tests.record", write_fact)


def facts(town: TownEntry) -> list[int]:
    with town_context(town):
        return list(Fact.objects.filter(happened_on=TODAY).values_list("minutes", flat=True))


def states(task: str = "tests.record") -> dict[str, int]:
    return states_of(task)


def test_many_jobs_are_asked_for_at_once_under_the_same_rules(towns, record, django_assert_num_queries):
    with town_context(towns[0]):
        with django_assert_num_queries(2):  # The town's role, the jobs.
            assert record.defer_many({"number": 6000 + number} for number in range(300)) == 300
        assert record.defer_many([]) == 0
        with pytest.raises(TypeError, match="ids"):
            record.defer_many([{"number": 1}, {"number": "Mme Durand"}])
    with pytest.raises(JobOutsideTownError):
        record.defer_many([{"number": 1}])
    assert states() == {"todo": 300}


def test_the_highest_priority_runs_first(towns, record):
    with town_context(towns[0]):
        record.defer_many([{"number": 1}, {"number": 2}], priority=-10)
        record.defer(number=3)
        record.defer(number=4, priority=10)
    with platform_context(), connection.cursor() as cursor:
        cursor.execute("SELECT args->>'number' FROM procrastinate_jobs ORDER BY priority DESC, id")
        fetched = cursor.fetchall()
    assert [int(number) for (number,) in fetched] == [4, 3, 1, 2]


@pytest.fixture
def chained(record: TownJob) -> Iterator[TownJob]:
    """A job that asks for another, then fails at its first try."""
    tries = []

    def work(*, number: int) -> None:
        record.defer(number=number)
        tries.append(number)
        if len(tries) == 1:
            raise ZeroDivisionError

    yield from declare("tests.chained", work, retry=1)


def test_a_job_that_fails_leaves_no_job_behind(towns, record, chained):
    """A worker's own connection to the queue is not the job's: what it defers must be in the job's transaction."""
    with town_context(towns[0]):
        chained.defer(number=2101)
    run_worker(times=3)
    assert states("tests.chained") == {"succeeded": 1}
    assert states() == {"succeeded": 1}
    assert facts(towns[0]).count(2101) == 1


@pytest.fixture
def stepping() -> Iterator[TownJob]:
    """A job in steps: the first is kept though it fails after it, and no table is open between them."""

    def work(*, number: int) -> None:
        with transaction.atomic():
            write_fact(number=number)
        with pytest.raises(DatabaseError, match="permission denied"):
            Fact.objects.exists()
        assert timezone.get_current_timezone_name() == "Indian/Reunion"
        raise ZeroDivisionError

    yield from declare("tests.stepping", work, in_steps=True)


def test_a_job_in_steps_keeps_each(towns, stepping):
    with walls.provisioning():
        Town.objects.filter(schema_name=towns[0].schema_name).update(time_zone="Indian/Reunion")
    with town_context(towns[0]):
        stepping.defer(number=2201)
    run_worker()
    assert states("tests.stepping") == {"failed": 1}
    assert facts(towns[0]).count(2201) == 1
