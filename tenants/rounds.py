"""What is done in every town each night, and each morning: rooms declare jobs, one task asks them of each town.

In a suspended town nobody is written to and nothing is asked of anybody: its site does not answer, so neither could
they. What was kept long enough is taken away all the same, on the day that was promised.
"""

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
    """Have a job done each night in every town that answers. As a decorator, above `@town_job`; twice is once."""
    job.only_where_answering = True
    _nightly[job.task.name] = job
    return job


def nightly_everywhere(job: TownJob) -> TownJob:
    """Have a job done each night in every town, a suspended one too: it takes away or counts, and writes to nobody."""
    _nightly[job.task.name] = job
    return job


def each_morning(job: TownJob) -> TownJob:
    """Have a job done each morning at ten, by its own clock, in every town that answers: it may write to people."""
    job.only_where_answering = True
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
    """Queue the jobs of each town whose schema is there; answer how many towns.

    One that still waits is not queued twice, and no job runs twice at once in a town. Each looks again, when its hour
    comes, whether the town answers.
    """
    with platform_context():
        towns = list(Town.objects.with_schema().order_by("pk"))
    for town in towns:
        morning = next_morning(timezone.now().astimezone(zoneinfo.ZoneInfo(town.time_zone)))
        with facing(town), transaction.atomic():
            for jobs, at in ((_nightly, None), (_each_morning, morning)):
                for name, job in jobs.items():
                    if town.answers or not job.only_where_answering:
                        job.defer(lock=name, queueing_lock=name, schedule_at=at)
    return len(towns)


def next_morning(now: datetime) -> datetime:
    """Ten o'clock to come, by the clock that tells `now`."""
    morning = now.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return morning if now < morning else morning + timedelta(days=1)
