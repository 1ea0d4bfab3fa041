"""What each night takes away, town by town; and telling, by day, who will be forgotten."""

from datetime import datetime, timedelta

from django.db import connections, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from aid.privacy import leaving, retention
from tenants.context import facing, platform_context
from tenants.jobs import town_job
from tenants.models import Town

NIGHT = "37 1 * * *"
# Nobody's telephone rings at night: the town's own hour.
TOLD_AT = 10
QUEUE = "privacy.purge"


@town_job(name="privacy.purge", in_steps=True, retry=2)
def purge() -> None:
    """Take away what this town has kept long enough, batch by batch; then forget who was told and is still silent."""
    for one in retention.declared():
        retention.purge(one)
    for work in retention.work_of_the_night():
        work()
    leaving.forget_silent()
    with transaction.atomic():
        tell_silent.defer(schedule_at=_next_morning(timezone.localtime()), queueing_lock="privacy.tell_silent")


@town_job(name="privacy.tell_silent", in_steps=True, retry=2)
def tell_silent() -> None:
    """Tell who has been silent for so long that they will be forgotten."""
    leaving.tell_silent()


@app.periodic(cron=NIGHT)
@app.task(name="privacy.purge_towns", queueing_lock="privacy.purge_towns")
def purge_towns(timestamp: int) -> None:
    """Ask it of each town whose schema is there: a suspended one keeps nothing longer."""
    try:
        ask_each_town()
    finally:
        connections.close_all()


def ask_each_town() -> int:
    """Queue the night's work of every town; answer how many. One that still waits is not queued twice."""
    with platform_context():
        towns = list(Town.objects.with_schema().order_by("pk"))
    for town in towns:
        with facing(town), transaction.atomic():
            purge.defer(lock=QUEUE, queueing_lock=QUEUE)
    return len(towns)


def _next_morning(now: datetime) -> datetime:
    morning = now.replace(hour=TOLD_AT, minute=0, second=0, microsecond=0)
    return morning if now < morning else morning + timedelta(days=1)
