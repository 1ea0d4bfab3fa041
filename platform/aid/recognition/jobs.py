"""What is done to thank out of anybody's way: birthdays each morning, the letter of a year in batches."""

from datetime import datetime, timedelta

from django.db import connections, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from aid.recognition import birthdays
from aid.recognition.letters import send_batch
from aid.recognition.models import YearlyLetter
from tenants.context import facing, platform_context
from tenants.enums import TownState
from tenants.jobs import town_job
from tenants.models import Town

NIGHT = "53 1 * * *"
# Of the town's own morning: a telephone that rings before wakes who sleeps.
WISHED_AT = 9
TRIES = 3
WISHES = "recognition.wish_birthdays"


@town_job(name="recognition.wish_birthdays", retry=TRIES)
def wish_birthdays() -> None:
    """Wish the birthdays of today."""
    birthdays.wish_birthdays(timezone.localdate())


@town_job(name="recognition.send_letters", retry=TRIES)
def send_letters(*, letter: int, after: int) -> None:
    """Write to the next readers of a letter, then have the rest written. Each is written to once."""
    found = YearlyLetter.objects.filter(pk=letter).first()
    then = send_batch(found, after=after) if found else None
    if then is not None:
        send_letters.defer(letter=letter, after=then)


@app.periodic(cron=NIGHT)
@app.task(name="recognition.wish_in_towns", queueing_lock="recognition.wish_in_towns")
def wish_in_towns(timestamp: int) -> None:
    """Ask it of each town that is open, for its next morning."""
    try:
        ask_each_town()
    finally:
        connections.close_all()


def ask_each_town() -> int:
    """Queue the wishes of every open town; answer how many. Those that still wait are not queued twice."""
    with platform_context():
        towns = list(Town.objects.filter(state=TownState.OPEN).order_by("pk"))
    for town in towns:
        with facing(town), transaction.atomic(), timezone.override(town.time_zone):
            wish_birthdays.defer(schedule_at=_next_morning(timezone.localtime()), queueing_lock=WISHES)
    return len(towns)


def _next_morning(now: datetime) -> datetime:
    morning = now.replace(hour=WISHED_AT, minute=0, second=0, microsecond=0)
    return morning if now < morning else morning + timedelta(days=1)
