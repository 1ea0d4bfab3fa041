"""What messages ask of the worker."""

from datetime import datetime

from django.utils import timezone
from procrastinate import RetryStrategy

from aid.notifications import delivering
from aid.notifications.models import Message
from tenants.jobs import town_job
from tenants.rounds import each_morning

# For what nobody foresaw (a lost database): the message itself tells the next run how far the last one came.
AFTER_A_FAULT = RetryStrategy(max_attempts=5, wait=20, linear_wait=60)


@town_job(name="notifications.deliver", in_steps=True, retry=AFTER_A_FAULT)
def deliver(*, message: int) -> None:
    """Hand a message to its door, once."""

    def again(at: datetime) -> None:
        deliver.defer(message=message, schedule_at=at)

    delivering.deliver(message, again=again)


@town_job(name="notifications.blank")
def blank(*, message: int) -> None:
    """Wipe the words of a code that has lived."""
    Message.objects.filter(pk=message).update(subject="", body="")


@town_job(name="notifications.blank_all")
def blank_all(*, message: int) -> None:
    """Wipe a last word, and where it went."""
    Message.objects.filter(pk=message).update(recipient="", subject="", body="")


@each_morning
@town_job(name="notifications.send_digests", retry=3)
def send_digests() -> None:
    """Write the digest of the week, on Mondays."""
    # It writes by the services, which queue what is above.
    from aid.notifications import digests

    digests.send_digests(timezone.localdate())
