"""Long work that the desk asks for: its arguments are ids, days and years; a worker that dies gives it back.

The yearly run and the counts are resumable by themselves (billing.yearly, billing.yearly_counts): asked again, they do
the rest.
"""

from django.db import connections, transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import Task

from accounts.models import Account
from billing import yearly, yearly_counts
from billing.models import Seller
from console.enums import ALIVE_JOBS
from tenants.context import platform_context

_TWICE = RetryStrategy(max_attempts=3, wait=60)


@app.task(name="console.count_year", retry=_TWICE)
def count_year(*, year: int, account: int) -> None:
    """Count the seniors of every contract of a year, and show each count."""
    try:
        yearly_counts.count_and_show(year, today=timezone.localdate(), by=_name_of(account))
    finally:
        connections.close_all()


@app.task(name="console.approve_year", retry=_TWICE)
def approve_year(*, year: int, account: int) -> None:
    """Approve every count of a year that its town has had time to read, and does not contest."""
    try:
        yearly_counts.approve_ready(year, now=timezone.now(), by=_name_of(account))
    finally:
        connections.close_all()


@app.task(name="console.bill_year", retry=_TWICE)
def bill_year(*, year: int, seller: int, account: int) -> None:
    """Issue what is not issued yet for a year, dated of the day when it is done."""
    try:
        with platform_context():
            sells = Seller.objects.get(pk=seller)
        yearly.run(year, sells, on=timezone.localdate(), by=_name_of(account))
    finally:
        connections.close_all()


def ask(task: Task, *, year: int, **ids: int) -> bool:
    """Queue the work of a year; False where it is asked already."""
    try:
        # The refusal of a second one would abort the transaction of the request.
        with transaction.atomic():
            task.configure(lock=_lock(task, year), queueing_lock=_lock(task, year)).defer(year=year, **ids)
    except AlreadyEnqueued:
        return False
    return True


def is_under_way(task: Task, *, year: int) -> bool:
    """Whether the work of a year waits, or is being done."""
    return ProcrastinateJob.objects.filter(task_name=task.name, lock=_lock(task, year), status__in=ALIVE_JOBS).exists()


def _lock(task: Task, year: int) -> str:
    return f"{task.name}:{year}"


def _name_of(account: int) -> str:
    with platform_context():
        return Account.objects.get(pk=account).signature
