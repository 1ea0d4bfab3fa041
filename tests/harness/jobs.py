"""Jobs declared for a test, and the worker that runs them."""

import asyncio
from collections import Counter
from collections.abc import Iterator

from django.db import connection
from procrastinate.contrib.django import app

from tenants import walls
from tenants.context import platform_context
from tenants.jobs import TownJob, town_job
from tenants.management.commands.worker import work


def declare(name: str, work: object, **options: object) -> Iterator[TownJob]:
    """Declare a job for the time of a test: the product's queue does not know it afterwards."""
    yield town_job(name=name, **options)(work)
    del app.tasks[name]


def run_worker(times: int = 1) -> None:
    """Run what waits, as `manage.py worker --once` does."""
    for _ in range(times):
        asyncio.run(work(concurrency=4, wait=False))


def states(task: str) -> Counter[str]:
    """How many jobs of a task are in each state, over all towns."""
    with platform_context(), connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE task_name = %s", [task])
        return Counter(row[0] for row in cursor.fetchall())


def empty_queue() -> None:
    """Forget every job and worker."""
    with walls.provisioning():
        walls.run("TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_workers CASCADE")
    connection.close()
