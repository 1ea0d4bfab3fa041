"""From asked to gone, once: claim, commit, speak to the door, commit.

The claim is committed before anything leaves, so whoever comes after a worker that died knows that the message may
have left. Where the door carries once what is asked twice under one reference, it is asked again; elsewhere nobody can
know, and somebody at the town is told.
"""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from aid.configuration.models import Identity
from aid.configuration.services import identity, rules
from aid.notifications import ceiling, layout, texts
from aid.notifications.alerts import Alert, AlertKind, tell
from aid.notifications.channels import relay_of
from aid.notifications.enums import CODE, RECEIPTS, REPLY, TRANSITIONS, MessageState
from aid.notifications.models import Message
from aid.notifications.quiet import waits_until
from aid.notifications.unsubscribing import address_for
from core.doors import DoorBusyError, DoorRefusedError, DoorUncertainError
from core.doors.mail import send_mail
from core.doors.sms import sms_door
from core.phones import receives_sms

logger = logging.getLogger(__name__)

# How long to wait after each try that met a busy door; after the last one the message has failed.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 20, 60, 240))
# Whoever waits for a code asks for another one by then.
CODES_WAIT, CODES_LIVE = timedelta(seconds=20), timedelta(minutes=10)

Again = Callable[[datetime], None]


@dataclass(frozen=True)
class Errand:
    """All that the door is told: nothing is read from the database while it is spoken to."""

    message: Message
    town: Identity
    sms_sender: str
    # Where an e-mail that its reader may do without leads who wants no more.
    unsubscribe: str


def deliver(number: int, *, again: Again) -> None:
    """Deliver the message of this number if it is still to be; `again` asks for another try, at an hour.

    Called outside any transaction; each step opens its own.
    """
    errand = claim(number, again=again)
    if errand is None:
        return
    try:
        hand_over(errand)
    except DoorBusyError as busy:
        wait_for_door(errand.message, str(busy), again)
    except DoorUncertainError as silence:
        if asks_twice(errand.message):
            wait_for_door(errand.message, str(silence), again)
        else:
            doubt(errand.message)
    except DoorRefusedError as refusal:
        give_up(errand.message, str(refusal))
    else:
        conclude(errand.message)


@transaction.atomic
def claim(number: int, *, again: Again) -> Errand | None:
    """Take a message to its door; None where there is nothing to take there, or not before the end of quiet hours."""
    message = Message.objects.select_for_update(of=["self"]).filter(pk=number).first()
    if message is None or MessageState.SENDING not in TRANSITIONS[message.state]:
        return None
    if message.state == MessageState.SENDING and not asks_twice(message):
        doubt(message)
        return None
    if not has_reader(message):
        return None
    morning = waits_until(message, rules(), timezone.now())
    if morning is not None:
        again(morning)
        return None
    if message.is_sms and not message.tries and not ceiling.take_place(message):
        hold(message)
        return None
    message.state = MessageState.SENDING
    message.tries += 1
    message.save(update_fields=["state", "tries", "person", "recipient"])
    return Errand(message=message, town=identity(), sms_sender=rules().sms_sender, unsubscribe=address_for(message))


def has_reader(message: Message) -> bool:
    """Whether its reader still reads at the number or the address that it was written to.

    They may have another by now: it goes there. Else, and to who died, it does not leave at all. A code goes to who
    asked for it, and an answer to who wrote, whoever they are.
    """
    if message.person is None or (message.kind in {CODE, REPLY} and message.person.deceased_on is None):
        return True
    reader = message.person = message.person.standing
    if message.about is not None and (message.about.deceased_on or relay_of(message.about.standing) != reader):
        # They may not read for them any more, or nobody is left to read for.
        give_up_unsent(message)
        return False
    at = reader.phone if message.is_sms else reader.email
    if reader.deceased_on is None and at and (not message.is_sms or receives_sms(at)):
        message.recipient = at
        return True
    give_up_unsent(message)
    return False


def give_up_unsent(message: Message) -> None:
    """It was not handed over, and will not be: its reader is called, unless they died."""
    if _move(message, MessageState.FAILED):
        _have_called(message, texts.not_sent(message.body))


def hand_over(errand: Errand) -> None:
    """Speak to the door. Raises DoorBusyError, DoorRefusedError or DoorUncertainError."""
    message, town = errand.message, errand.town
    if message.is_sms:
        sms_door().send(
            sender=errand.sms_sender, recipient=message.recipient, text=message.body, reference=str(message.uid)
        )
    else:
        send_mail(
            sender_name=town.public_name,
            reply_to=town.email,
            recipient=message.recipient,
            subject=message.subject,
            text=layout.plain(town, message.body, errand.unsubscribe),
            html=layout.html(town, message.subject, message.body, errand.unsubscribe),
            reference=str(message.uid),
            unsubscribe=errand.unsubscribe,
        )


def asks_twice(message: Message) -> bool:
    """Whether a message may be handed over again without being read twice. No mail server promises that."""
    return settings.OUTBOX or (message.is_sms and settings.SMS_GATEWAY["sends_once"])


@transaction.atomic
def conclude(message: Message) -> None:
    """It left."""
    _move(message, MessageState.SENT, sent_at=timezone.now())


@transaction.atomic
def wait_for_door(message: Message, why: str, again: Again) -> None:
    """Try again later, or give up: after several hours, and sooner for a code."""
    logger.warning("message %s waits: %s", message.pk, why)
    if message.kind == CODE:
        wait = CODES_WAIT * message.tries if timezone.now() < message.created_at + CODES_LIVE else None
    else:
        wait = WAITS[message.tries - 1] if message.tries <= len(WAITS) else None
    if wait is None:
        give_up(message, why)
    elif _move(message, MessageState.QUEUED):
        again(timezone.now() + wait)


@transaction.atomic
def give_up(message: Message, why: str) -> None:
    """It will not leave: somebody is told, if it mattered."""
    logger.warning("message %s failed: %s", message.pk, why)
    if _move(message, MessageState.FAILED):
        _have_called(message, texts.not_sent(message.body))


@transaction.atomic
def doubt(message: Message) -> None:
    """It may have left: it is not sent again, and somebody checks, if it mattered."""
    logger.warning("message %s may have left", message.pk)
    if _move(message, MessageState.UNCERTAIN) and message.kind != CODE:
        _tell_to_call(message, texts.maybe_sent(message.body))


@transaction.atomic
def receive_receipt(*, reference: uuid.UUID, state: MessageState) -> None:
    """Keep what the gateway tells of a message that it took: that it arrived, or that it never will.

    The first word is kept: told again, or too late, it changes nothing; nor does it about a message of another town.
    Raises ValueError for a state that is none of those.
    """
    if state not in RECEIPTS:
        raise ValueError(state)
    message = Message.objects.select_related("person", "about").filter(uid=reference, tries__gt=0).first()
    if message is None:
        return
    now = timezone.now()
    moved = _move(message, state, sent_at=Coalesce("sent_at", now), receipt_at=now)
    if moved and state == MessageState.UNREACHED:
        _have_called(message, texts.unreached(message.body))


def hold(message: Message) -> None:
    """Keep it back: the ceiling of the day or of the month is reached. The town is told once a day, and calls whom it
    must.
    """
    _move(message, MessageState.HELD)
    _have_called(message, texts.held(message.body))
    first_day = ceiling.hold_back()
    if first_day:
        known = rules()
        words = (
            texts.budget_spent(known.sms_monthly_budget)
            if ceiling.is_month_spent(message)
            else texts.ceiling_reached(known.sms_daily_ceiling)
        )
        tell(Alert(kind=AlertKind.SMS_CEILING, key=f"sms-ceiling:{first_day}", words=words))


def _have_called(message: Message, words: str) -> None:
    whom = message.about or message.person
    if message.must_be_told and (whom is None or whom.deceased_on is None):
        _tell_to_call(message, words)


def _tell_to_call(message: Message, words: str) -> None:
    whom = message.about or message.person
    tell(Alert(kind=AlertKind.TO_CALL, key=f"message:{message.pk}", words=words, person=whom))


def _move(message: Message, state: MessageState, **changes: object) -> bool:
    """Change the state, if it is still one that leads there: another worker may have been quicker."""
    sources = [source for source, targets in TRANSITIONS.items() if state in targets]
    return bool(Message.objects.filter(pk=message.pk, state__in=sources).update(state=state, **changes))
