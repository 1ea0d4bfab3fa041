"""What each night notices of steps, town by town; and what is written of it, by day."""

from datetime import datetime, timedelta

from django.db import connections, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from aid.onboarding import expiry
from tenants.context import facing, platform_context
from tenants.jobs import town_job
from tenants.models import Town, TownState

# Before the town's people arrive, and once their day is their own date everywhere in France.
NIGHT = "23 4 * * *"
# Nobody's telephone rings at night: the town's own hour.
TOLD_AT = 10
QUEUE = "onboarding.notice_lapses"


@town_job(name="onboarding.notice_lapses", in_steps=True, retry=2)
def notice_lapses() -> None:
    """Tell the town whose steps ended; then have volunteers written to, in the morning."""
    expiry.notice_lapses()
    with transaction.atomic():
        remind.defer(schedule_at=_next_morning(timezone.localtime()), queueing_lock="onboarding.remind")


@town_job(name="onboarding.remind", in_steps=True, retry=2)
def remind() -> None:
    """Write to volunteers whose steps end, or ended, and to who is awaited tomorrow."""
    expiry.remind()


@app.periodic(cron=NIGHT)
@app.task(name="onboarding.notice_in_towns", queueing_lock="onboarding.notice_in_towns")
def notice_in_towns(timestamp: int) -> None:
    """Ask it of each town that is open: a suspended one asks nobody to help."""
    try:
        ask_each_town()
    finally:
        connections.close_all()


def ask_each_town() -> int:
    """Queue the night's work of every open town; answer how many. One that still waits is not queued twice."""
    with platform_context():
        towns = list(Town.objects.filter(state=TownState.OPEN).order_by("pk"))
    for town in towns:
        with facing(town), transaction.atomic():
            notice_lapses.defer(lock=QUEUE, queueing_lock=QUEUE)
    return len(towns)


def _next_morning(now: datetime) -> datetime:
    morning = now.replace(hour=TOLD_AT, minute=0, second=0, microsecond=0)
    return morning if now < morning else morning + timedelta(days=1)
