"""Work for later, in the town that asked for it.

Procrastinate keeps the queue in the public schema, outside a town's schema, export and erasure: so a job's arguments
are ids, and a town's role can defer its own jobs and read nothing else (0003_jobs_wall holds both).
"""

import contextlib
import functools
import uuid
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, connections, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import JobDeferrer, Status
from procrastinate.manager import JobManager
from procrastinate.tasks import Task
from psycopg.types.json import Jsonb

from tenants.context import PLATFORM, facing, town_context
from tenants.models import Town
from tenants.postgresql.base import PUBLIC

# Seconds without a sign of a worker, which gives one every ten: by then it is dead, not busy.
STALLED_AFTER = 120
# The queue of what opens towns: left to a worker that was given the login for it (tenants.walls.provisioning).
PROVISIONING = "provisioning"
# A job under which several workers died is taken for what kills them.
MOST_TRIES_OF_STALLED_JOBS = 3
# The queue as Django's own connection reaches it. A worker gives the app a connection of its own, as the platform: a
# job that defers by that one would show the next job what it has not committed yet, and keep it if it fails.
QUEUE = JobManager(DjangoConnector())
DEFER_MANY = """
SELECT procrastinate_defer_jobs_v1(
    array_agg(ROW(%s, %s, %s, NULL, NULL, arguments, NULL)::procrastinate_job_to_defer_v1)
) FROM jsonb_array_elements(%s) AS arguments
"""


class JobOutsideTownError(RuntimeError):
    """A job of a town was asked for, or run, without a town."""


class TownJob:
    """What `@town_job` makes of a function: call it to run it here and now, `defer` it for the worker."""

    def __init__(self, work: Callable[..., None], task: Task) -> None:
        self.work = work
        self.task = task
        # Whether it is left undone where nobody can answer it (tenants.rounds).
        self.only_where_answering = False
        functools.update_wrapper(self, work)

    def __call__(self, **ids: int | str) -> None:
        """Run it in the town and the transaction that the caller is in."""
        self.work(**ids)

    def defer(
        self,
        *,
        lock: str | None = None,
        queueing_lock: str | None = None,
        schedule_at: datetime | None = None,
        priority: int = 0,
        **ids: int | uuid.UUID,
    ) -> bool:
        """Queue it for the town that the connection is in, in the same transaction.

        Two jobs under one `lock` never run at once; under one `queueing_lock` only one may wait: False says that one
        was waiting already. The highest priority runs first. Raises TypeError for an argument that is not an id,
        JobOutsideTownError on the platform.
        """
        town = self._town()
        locks = {
            "lock": lock and f"{town}:{lock}",
            "queueing_lock": queueing_lock and f"{town}:{queueing_lock}",
        }
        asked = _arguments(town, ids)
        try:
            # The refusal of a second waiting job would abort the caller's transaction.
            with transaction.atomic():
                self._deferrer(**locks, schedule_at=schedule_at, priority=priority).defer(**asked)
        except AlreadyEnqueued:
            return False
        return True

    def defer_many(self, each: Iterable[Mapping[str, int | uuid.UUID]], *, priority: int = 0) -> int:
        """Queue one job for each set of ids, by a single statement; answer how many. Raises as `defer` does."""
        town = self._town()
        asked = [_arguments(town, ids) for ids in each]
        if asked:
            job = self.task.configure(priority=priority).job
            # By Procrastinate's function, and not its batch_defer, which makes, logs and wraps an object for each job:
            # two thousand took half a second.
            with connection.cursor() as cursor:
                cursor.execute(DEFER_MANY, [job.queue, job.task_name, job.priority, Jsonb(asked)])
        return len(asked)

    def _town(self) -> str:
        if connection.schema_name == PUBLIC:
            raise JobOutsideTownError(f"{self.task.name} is a job of a town")
        return connection.schema_name

    def _deferrer(self, **options: Any) -> JobDeferrer:
        return JobDeferrer(job_manager=QUEUE, job=self.task.configure(**options).job)


def defer_with_rows(task: JobDeferrer, **ids: int) -> None:
    """Queue a task of the platform (`task.configure()`, `app.configure_task(…)`) in the transaction of its rows.

    Its own `defer` does so in a request alone: in a worker it commits at once, before what the task will read.
    """
    JobDeferrer(job_manager=QUEUE, job=task.job).defer(**ids)


def _arguments(town: str, ids: Mapping[str, int | uuid.UUID]) -> dict[str, int | str]:
    """What the queue keeps of a job: its town, and ids."""
    for name, value in ids.items():
        if isinstance(value, bool) or not isinstance(value, int | uuid.UUID):
            raise TypeError(f"{name}: the arguments of a job are ids, never a name, a number or a text")
    return {"town": town} | {name: str(value) if isinstance(value, uuid.UUID) else value for name, value in ids.items()}


def town_job(*, in_steps: bool = False, **options: Any) -> Callable[[Callable[..., None]], TownJob]:
    """Declare a job of a town. Options are Procrastinate's (`queue`, `retry`, `name`…).

    All that it writes in the town is kept, or nothing. Yet it may run again after it was done, where its worker died
    before saying so: what it does outside the database must bear a second time.

    A job `in_steps` opens its transactions itself: what it must not forget is committed before it speaks to the
    outside, and no row is locked meanwhile. Between its steps PostgreSQL refuses every table.
    """
    enter = facing if in_steps else town_context

    def declare(work: Callable[..., None]) -> TownJob:
        @app.task(**({"name": f"{work.__module__}.{work.__qualname__}"} | options))
        def run(*, town: str | None = None, **ids: int | str) -> None:
            if not town or town == PUBLIC:
                raise JobOutsideTownError(f"{work.__qualname__} was queued without a town")
            try:
                with town_context(PLATFORM):
                    entered = Town.objects.with_schema().filter(schema_name=town).first()
                # A town that was erased since took with it what the job was about; one may be suspended meanwhile.
                if entered is not None and (entered.answers or not job.only_where_answering):
                    # All or nothing: a failed job leaves no half row for its next try to meet. Days and hours are
                    # the town's own, as in its pages.
                    with enter(entered), timezone.override(zoneinfo.ZoneInfo(entered.time_zone)):
                        work(**ids)
            finally:
                # No request ends here to drop a connection that broke, and each grows with the towns it visits.
                connections.close_all()

        job = TownJob(work, run)
        return job

    return declare


@app.periodic(cron="17 3 * * *")
@app.task(name="tenants.purge_finished_jobs", queueing_lock="tenants.purge_finished_jobs", pass_context=True)
async def purge_finished_jobs(context: Any, timestamp: int) -> None:
    """Forget what ended more than thirty days ago, failures included."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=30 * 24, include_failed=True, include_cancelled=True, include_aborted=True
    )


@app.periodic(cron="*/5 * * * *")
@app.task(name="tenants.retry_stalled_jobs", queueing_lock="tenants.retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: Any, timestamp: int) -> None:
    """Give back to the queue what a worker was doing when it died: Procrastinate leaves it « doing » for ever.

    What it wrote was rolled back with its connection. After MOST_TRIES_OF_STALLED_JOBS the job is given up as failed.
    """
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        # It may end by itself between the two statements.
        with contextlib.suppress(ConnectorException):
            if job.attempts < MOST_TRIES_OF_STALLED_JOBS:
                await jobs.retry_job(job)
            else:
                await jobs.finish_job(job, status=Status.FAILED, delete_job=False)
