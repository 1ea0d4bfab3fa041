"""Jobs of towns: deferred with the change, run in the town that asked, and no business of any other."""

import asyncio
import datetime
import json
import os
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, connection, connections, transaction
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

from aid.facts.enums import FactKind
from aid.facts.models import Fact
from harness import databases
from tenants import jobs, walls
from tenants.context import facing, platform_context, town_context
from tenants.jobs import JobOutsideTownError, TownJob, defer_with_rows, town_job
from tenants.lifecycle import erase_town
from tenants.management.commands.worker import work
from tenants.models import Town
from tenants.opening import Request, open_town
from tenants.registry import TownEntry, registry

ROOT = Path(__file__).resolve().parents[2]
TODAY = datetime.date(2026, 1, 1)
DEFER = (
    "SELECT procrastinate_defer_jobs_v1(ARRAY["
    "ROW('default', 'tests.record', 0, %s, %s, %s, now())::procrastinate_job_to_defer_v1])"
)


@pytest.fixture(scope="module")
def towns(own_database: str) -> tuple[TownEntry, TownEntry]:
    first, _ = registry.find(databases.FIRST_TOWN)
    second, _ = registry.find(databases.SECOND_TOWN)
    return first, second


@pytest.fixture(autouse=True)
def _empty_queue(own_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A job waits for no other test's, and threads of the worker keep no connection."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    yield
    with walls.provisioning():
        walls.run("TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_workers CASCADE")
    connection.close()


def declare(name: str, work: object, **options: object) -> Iterator[TownJob]:
    """Declare a job for the time of a test: the product's queue does not know it afterwards."""
    yield town_job(name=name, **options)(work)
    del app.tasks[name]


def write_fact(*, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        assert cursor.fetchone() == (connection.schema_name,)
    Fact.objects.create(kind=FactKind.SERVICE_DONE, happened_on=TODAY, minutes=number)


@pytest.fixture
def record() -> Iterator[TownJob]:
    yield from declare("tests.record", write_fact)


def facts(town: TownEntry) -> list[int]:
    with town_context(town):
        return sorted(Fact.objects.filter(happened_on=TODAY).values_list("minutes", flat=True))


def run_worker(times: int = 1) -> None:
    for _ in range(times):
        asyncio.run(work(concurrency=4, wait=False))


def ask(statement: str, parameters: object = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def states(task: str = "tests.record") -> Counter[str]:
    with platform_context():
        return Counter(
            row[0] for row in ask("SELECT status::text FROM procrastinate_jobs WHERE task_name = %s", [task])
        )


def assert_refused(town: TownEntry, statement: str, parameters: object = None) -> None:
    with pytest.raises(DatabaseError) as refusal, town_context(town):
        ask(statement, parameters)
    assert isinstance(refusal.value.__cause__, psycopg.errors.InsufficientPrivilege), refusal.value


# --- Asking


def test_a_job_is_asked_for_with_the_change_or_not_at_all(towns, record):
    first, _ = towns
    with town_context(first):
        assert record.defer(number=1)
        transaction.set_rollback(True)
    assert states() == {}
    with town_context(first):
        assert record.defer(number=2)
    assert states() == {"todo": 1}
    run_worker()
    assert (states(), 2 in facts(first), 1 in facts(first)) == ({"succeeded": 1}, True, False)


@pytest.mark.parametrize("value", ["Mme Durand", "0612345678", 1.5, True, None, {"id": 1}, [1]])
def test_arguments_are_ids(towns, record, value):
    with town_context(towns[0]):
        with pytest.raises(TypeError, match="ids"):
            record.defer(number=value)
        assert record.defer(number=uuid.uuid4())
        transaction.set_rollback(True)


def test_a_job_of_a_town_is_refused_outside_towns(own_database, record):
    with platform_context(), pytest.raises(JobOutsideTownError):
        record.defer(number=1)
    with pytest.raises(JobOutsideTownError):
        record.defer(number=1)
    with platform_context():
        app.configure_task("tests.record").defer(number=1)
    run_worker()
    assert states() == {"failed": 1}


def test_one_waiting_job_is_enough(towns, record):
    first, second = towns
    with town_context(first):
        assert record.defer(queueing_lock="figures", number=1) is True
        assert record.defer(queueing_lock="figures", number=1) is False
        assert record.defer(number=1) is True
        Fact.objects.create(kind=FactKind.SERVICE_DONE, happened_on=TODAY, minutes=101)
    with town_context(second):
        assert record.defer(queueing_lock="figures", number=1) is True
    assert (states(), 101 in facts(first)) == ({"todo": 3}, True)


def test_a_job_called_runs_here_and_now(towns, record):
    with town_context(towns[0]):
        record(number=102)
        assert Fact.objects.filter(minutes=102).exists()
        transaction.set_rollback(True)


# --- The wall


def test_a_town_neither_sees_nor_touches_the_queue(towns, record):
    first, second = towns
    for town in towns:
        with town_context(town):
            record.defer(number=3)
    with platform_context():
        theirs = ask("SELECT id FROM procrastinate_jobs WHERE args->>'town' = %s", [second.schema_name])[0][0]

    with town_context(first):
        seen = ask("SELECT id, args FROM tenants_my_jobs")
        assert [json.loads(arguments) for _, arguments in seen] == [{"number": 3, "town": first.schema_name}]
    for statement in (
        "SELECT * FROM procrastinate_jobs",
        "SELECT * FROM procrastinate_events",
        "DELETE FROM tenants_my_jobs",
        "UPDATE tenants_my_jobs SET attempts = 9",
        f"UPDATE procrastinate_jobs SET status = 'cancelled' WHERE id = {theirs}",
        "SELECT * FROM procrastinate_fetch_job_v2(NULL, NULL)",
        f"SELECT procrastinate_finish_job_v1({theirs}, 'succeeded', false)",
        f"SELECT procrastinate_cancel_job_v1({theirs}, false, true)",
        f"SELECT procrastinate_retry_job_v2({theirs}, now(), 0, NULL, NULL)",
        "INSERT INTO procrastinate_jobs (task_name, args) VALUES ('tests.record', '{}')",
    ):
        assert_refused(first, statement)
    with facing(first), pytest.raises(DatabaseError, match="permission denied"):
        ask("SELECT * FROM public.tenants_my_jobs")
    assert states() == {"todo": 2}


def test_a_town_forges_no_job_nor_lock_of_another(towns):
    first, second = towns
    mine, theirs = f'{{"town": "{first.schema_name}"}}', f'{{"town": "{second.schema_name}"}}'
    prefix = second.schema_name
    for lock, queueing_lock, arguments in (
        (None, None, theirs),
        (None, None, "{}"),
        (None, None, '{"town": "public"}'),
        (f"{prefix}:x", None, mine),
        ("x", None, mine),
        (None, f"{prefix}:x", mine),
        (None, "tenants.purge_finished_jobs", mine),
    ):
        assert_refused(first, DEFER, [lock, queueing_lock, arguments])
    assert states() == {}
    with town_context(first):
        ask(DEFER, [f"{first.schema_name}:x", None, mine])
    assert states() == {"todo": 1}


def test_a_job_of_the_platform_asked_for_by_a_town_does_nothing(towns, record):
    """A town may name any task; those of the platform take no town."""
    with town_context(towns[0]):
        ask(
            DEFER.replace("tests.record", jobs.purge_finished_jobs.name),
            [None, None, f'{{"town": "{towns[0].schema_name}"}}'],
        )
    run_worker()
    assert states(jobs.purge_finished_jobs.name)["failed"] == 1


def test_a_lock_holds_back_its_own_town_only(towns, record):
    for town in towns:
        with town_context(town):
            record.defer(lock="figures", number=4)
    with platform_context():
        locks = {row[0] for row in ask("SELECT lock FROM procrastinate_jobs WHERE task_name = 'tests.record'")}
    assert locks == {f"{town.schema_name}:figures" for town in towns}


# --- The worker


def test_a_worker_runs_each_job_in_the_town_that_asked(towns, record):
    first, second = towns
    for number in range(30):
        with town_context(towns[number % 2]):
            record.defer(number=1000 + number)
    call_command("worker", "--once", concurrency=4)

    assert states() == {"succeeded": 30}
    assert [number for number in facts(first) if 1000 <= number < 1030] == list(range(1000, 1030, 2))
    assert [number for number in facts(second) if 1000 <= number < 1030] == list(range(1001, 1030, 2))


@pytest.fixture
def failing() -> Iterator[tuple[TownJob, list[int]]]:
    tries = []

    def work(*, number: int) -> None:
        write_fact(number=number)
        tries.append(number)
        if len(tries) == 1:
            raise ZeroDivisionError

    for job in declare("tests.failing", work, retry=1):
        yield job, tries


def test_a_job_that_fails_leaves_no_half_row_and_is_tried_again(towns, failing):
    job, tries = failing
    with town_context(towns[0]):
        job.defer(number=2001)
    run_worker(times=2)
    assert tries == [2001, 2001]
    assert facts(towns[0]).count(2001) == 1
    assert states("tests.failing") == {"succeeded": 1}


def test_the_job_of_an_erased_town_ends_quietly(own_database, record, settings, tmp_path):
    settings.MEDIA_ROOT, settings.PRIVATE_ROOT = tmp_path / "media", tmp_path / "private"
    opened = open_town(Request(blueprint="bip-pop", name="Éphémère", communes=["21001"], telephone="03 80 00 00 00"))
    with town_context(opened.town):
        record.defer(number=3001)
    with platform_context():
        town = Town.objects.get(pk=opened.town.pk)
    erase_town(town)
    run_worker()
    assert states() == {"succeeded": 1}


# --- A worker that dies

# What `manage.py worker` does, with a job that writes and then never ends.
DYING_WORKER = """
import asyncio, sys, time
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from aid.facts.models import Fact
from tenants.jobs import town_job
from tenants.management.commands.worker import work

@town_job(name="tests.record")
def write_and_hang(*, number):
    Fact.objects.create(kind="service_done", happened_on="2026-01-01", minutes=number)
    print("written", flush=True)
    time.sleep(120)

asyncio.run(work(concurrency=1, wait=True))
"""


def age_workers(seconds: int) -> None:
    with walls.provisioning(), connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - make_interval(secs => %s)", [seconds])


def give_back_stalled_jobs() -> None:
    with platform_context():
        # Under a lock of ours: the worker may have deferred its own already, as it does every five minutes.
        jobs.retry_stalled_jobs.configure(queueing_lock="tests").defer(timestamp=0)
    run_worker(times=2)


@pytest.mark.long
def test_a_job_whose_worker_was_killed_is_done_once_by_the_next(towns, record, own_database):
    first, _ = towns
    with town_context(first):
        record.defer(number=4001)
    worker = subprocess.Popen(
        [sys.executable, "-c", DYING_WORKER, own_database],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}"},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert worker.stdout.readline() == "written\n"
    finally:
        worker.kill()
        worker.communicate(timeout=30)

    give_back_stalled_jobs()
    assert (states(), facts(first).count(4001)) == ({"doing": 1}, 0), "a worker that may be alive keeps its job"
    age_workers(jobs.STALLED_AFTER + 1)
    give_back_stalled_jobs()
    assert (states(), facts(first).count(4001)) == ({"succeeded": 1}, 1)


def test_stalled_jobs_are_given_back_then_given_up(towns, record):
    first, _ = towns
    with town_context(first):
        record.defer(number=5001)
        record.defer(number=5002)
    with walls.provisioning():
        walls.run("INSERT INTO procrastinate_workers DEFAULT VALUES")
        walls.run(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM procrastinate_workers)"
        )
        walls.run("UPDATE procrastinate_jobs SET attempts = 3 WHERE args->>'number' = '5002'")
    age_workers(jobs.STALLED_AFTER - 60)
    give_back_stalled_jobs()
    assert states() == {"doing": 2}
    age_workers(jobs.STALLED_AFTER + 1)
    give_back_stalled_jobs()
    assert states() == {"succeeded": 1, "failed": 1}
    assert [number for number in facts(first) if number > 5000] == [5001]


# --- The check


@pytest.mark.parametrize(
    ("sabotage", "problem"),
    [
        (None, []),
        (
            "ALTER FUNCTION procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[]) SECURITY INVOKER",
            ["tenants.E020"],
        ),
        ("DROP FUNCTION procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[])", ["tenants.E020"]),
        ("DROP TRIGGER tenants_jobs_wall ON procrastinate_jobs", ["tenants.E021"]),
        ("ALTER TABLE procrastinate_jobs DISABLE TRIGGER tenants_jobs_wall", ["tenants.E021"]),
        ("DROP TABLE procrastinate_jobs CASCADE", []),
    ],
)
def test_the_check_sees_that_the_wall_is_down(own_database, sabotage, problem):
    with walls.provisioning(), transaction.atomic():
        if sabotage:
            walls.run(sabotage)
        found = [error.id for error in run_checks(tags=[Tags.database], databases=["default"])]
        transaction.set_rollback(True)
    assert found == problem


def test_the_bare_login_may_ask_the_check(own_database):
    assert run_checks(tags=[Tags.database], databases=["default"]) == []


def test_no_worker_starts_behind_a_wall_that_is_down(own_database):
    with walls.provisioning(), transaction.atomic():
        walls.run("DROP TRIGGER tenants_jobs_wall ON procrastinate_jobs")
        with pytest.raises(SystemCheckError, match=r"tenants\.E021"):
            call_command("worker", "--once", skip_checks=False)
        transaction.set_rollback(True)


def test_no_job_of_a_test_is_known_to_the_product(own_database):
    assert [name for name in app.tasks if name.startswith("tests.")] == []
    assert django_settings.PROCRASTINATE_AUTODISCOVER_MODULE_NAME == "jobs"


@pytest.fixture
def asking() -> Iterator[tuple[Task, list[int]]]:
    """A task of the platform that asks for another in its transaction, then fails or not."""
    done = []

    @app.task(name="tests.later")
    def later(*, number: int) -> None:
        done.append(number)

    @app.task(name="tests.asks")
    def asks(*, number: int, fails: bool) -> None:
        try:
            with platform_context():
                defer_with_rows(later.configure(), number=number)
                if fails:
                    raise ZeroDivisionError
        finally:
            connections.close_all()

    yield asks, done
    for task in (later, asks):
        del app.tasks[task.name]


def test_a_worker_asks_for_what_follows_with_its_rows_or_not_at_all(towns, asking):
    asks, done = asking
    with platform_context():
        asks.defer(number=1, fails=True)
        asks.defer(number=2, fails=False)
    run_worker(times=2)
    assert (states("tests.asks"), states("tests.later")) == ({"failed": 1, "succeeded": 1}, {"succeeded": 1})
    assert done == [2]
