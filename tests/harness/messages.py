"""What the town has sent, for the tests of every room."""

from django.utils.timezone import now

from aid.notifications.enums import MessageState
from aid.notifications.jobs import deliver
from aid.notifications.models import Message
from aid.people.enums import Channel


def deliver_all() -> list[Message]:
    """Do what the worker will: deliver all that waits, in the transaction of the test; answer what was sent."""
    waiting = list(Message.objects.filter(state=MessageState.QUEUED).order_by("pk").values_list("pk", flat=True))
    for number in waiting:
        deliver(message=number)
    return list(Message.objects.filter(pk__in=waiting, state=MessageState.SENT).order_by("pk"))


def an_sms() -> dict[str, int]:
    """One that was sent."""
    message = Message.objects.create(
        kind="proposal",
        key="one",
        channel=Channel.SMS,
        recipient="+33639980042",
        state=MessageState.SENT,
        sent_at=now(),
    )
    return {"number": message.pk}
