"""What is done in every town each night, and each morning: rooms declare jobs, one task asks them of each town."""

import zoneinfo
from datetime import datetime, timedelta

from django.db import connections, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from tenants.context import facing, platform_context
from tenants.jobs import TownJob
from tenants.models import Town

NIGHT = "37 1 * * *"
# Nobody's telephone rings at night: the town's own hour.
MORNING = 10

_nightly: dict[str, TownJob] = {}
_each_morning: dict[str, TownJob] = {}


def nightly(job: TownJob) -> TownJob:
    """Have a job done in every town, each night. As a decorator, above `@town_job`; twice is once."""
    _nightly[job.task.name] = job
    return job


def each_morning(job: TownJob) -> TownJob:
    """Have a job done in every town each morning at ten, by its own clock: it may write to people."""
    _each_morning[job.task.name] = job
    return job


@app.periodic(cron=NIGHT)
@app.task(name="tenants.start_rounds", queueing_lock="tenants.start_rounds")
def start_rounds(timestamp: int) -> None:
    """Ask for the night's jobs, and the morning's."""
    try:
        ask_each_town()
    finally:
        connections.close_all()


def ask_each_town() -> int:
    """Queue the jobs of each town whose schema is there (a suspended one keeps nothing longer); answer how many towns.

    One that still waits is not queued twice, and no job runs twice at once in a town.
    """
    with platform_context():
        towns = list(Town.objects.with_schema().order_by("pk"))
    for town in towns:
        morning = next_morning(timezone.now().astimezone(zoneinfo.ZoneInfo(town.time_zone)))
        with facing(town), transaction.atomic():
            for name, job in _nightly.items():
                job.defer(lock=name, queueing_lock=name)
            for name, job in _each_morning.items():
                job.defer(lock=name, queueing_lock=name, schedule_at=morning)
    return len(towns)


def next_morning(now: datetime) -> datetime:
    """Ten o'clock to come, by the clock that tells `now`."""
    morning = now.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return morning if now < morning else morning + timedelta(days=1)
