"""What the directory does later, and each night."""

from django.db import connections, transaction
from procrastinate.contrib.django import app

from aid.directory import professionals, services, welcoming
from aid.people.models import Person
from tenants.context import facing, platform_context
from tenants.jobs import town_job
from tenants.models import Town

NIGHT = "12 3 * * *"
QUEUE = "directory.night"


@town_job(name="directory.welcome_newcomer")
def welcome_newcomer(*, person: int) -> None:
    """Entrust a newcomer to a referent. Twice is once."""
    newcomer = Person.objects.living().filter(pk=person).first()
    if newcomer is not None:
        welcoming.welcome(newcomer)


@town_job(name="directory.night")
def tidy_up() -> None:
    """Close the referents whose last day has passed; ask that professionals checked a year ago be checked again."""
    services.end_those_over()
    professionals.ask_to_check_again()


@app.periodic(cron=NIGHT)
@app.task(name="directory.tidy_up_towns", queueing_lock="directory.tidy_up_towns")
def tidy_up_towns(timestamp: int) -> None:
    """Ask it of each town."""
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
            tidy_up.defer(lock=QUEUE, queueing_lock=QUEUE)
    return len(towns)
