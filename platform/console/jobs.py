"""What the worker does for the platform itself."""

from django.conf import settings
from django.db import connections
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from console import figures, openings
from console.billing_desk.jobs import approve_year, bill_year, count_year
from console.models import Mail
from tenants.context import platform_context
from tenants.jobs import PROVISIONING, town_job
from tenants.rounds import nightly_everywhere

# A worker looks for the tasks of the console here.
__all__ = ["approve_year", "bill_year", "count_town", "count_year", "note_failed_jobs", "open_town", "send_mail"]


@app.task(name="console.send_mail", retry=RetryStrategy(max_attempts=5, exponential_wait=3))
def send_mail(*, mail: int) -> None:
    """Send an e-mail and forget it; keep it where the demo shows what was sent. One that is gone was sent."""
    if settings.OUTBOX:
        return
    try:
        with platform_context():
            kept = Mail.objects.select_for_update().filter(pk=mail).first()
            if kept is not None:
                kept.message().send()
                kept.delete()
    finally:
        connections.close_all()


@nightly_everywhere
@town_job(in_steps=True, name="console.count_town", retry=RetryStrategy(max_attempts=3, exponential_wait=60))
def count_town() -> None:
    """Read the figures of a town, a suspended one too: each town is a job, so one that fails stops no other."""
    figures.count_town(figures.current(), now=timezone.now())


@app.periodic(cron="47 5 * * *")
@app.task(name="console.note_failed_jobs", queueing_lock="console.note_failed_jobs")
def note_failed_jobs(timestamp: int) -> None:
    """Write how many jobs of each town failed, once the night's rounds are over."""
    try:
        with platform_context():
            figures.note_failed_jobs()
    finally:
        connections.close_all()


@app.task(name=openings.TASK, queue=PROVISIONING, retry=RetryStrategy(max_attempts=3, wait=20))
def open_town(*, opening: int) -> None:
    """Open a town that was asked from the console, where a worker has the right to."""
    try:
        openings.open_asked(opening)
    finally:
        connections.close_all()
