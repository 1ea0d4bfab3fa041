"""What is done about worries out of anybody's way: urgent ones that nobody took are told again."""

from django.db import connections, transaction
from procrastinate.contrib.django import app

from aid.worries import services
from tenants.context import facing, platform_context
from tenants.jobs import town_job
from tenants.models import Town

EACH_QUARTER = "*/15 * * * *"
QUEUE = "worries.escalate"


@town_job(name="worries.escalate", retry=2)
def escalate() -> None:
    """Tell this town's administrators of urgent worries that nobody took."""
    services.escalate_late()


@app.periodic(cron=EACH_QUARTER)
@app.task(name="worries.escalate_towns", queueing_lock="worries.escalate_towns")
def escalate_towns(timestamp: int) -> None:
    """Ask it of each town."""
    try:
        ask_each_town()
    finally:
        connections.close_all()


def ask_each_town() -> int:
    """Queue it for every town that there is; answer how many. One that still waits is not queued twice."""
    with platform_context():
        towns = list(Town.objects.with_schema().order_by("pk"))
    for town in towns:
        with facing(town), transaction.atomic():
            escalate.defer(lock=QUEUE, queueing_lock=QUEUE)
    return len(towns)
