"""The verbs of messages: send one, send many, receive what comes back."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Account
from aid.configuration.models import Identity
from aid.configuration.services import identity
from aid.notifications import replies, texts
from aid.notifications.alerts import Alert, AlertKind, tell
from aid.notifications.channels import WRITTEN, channel_of, purpose_of, relay_of
from aid.notifications.enums import CODE, LAST_WORD, REPLY, MessageState
from aid.notifications.jobs import blank, blank_all, deliver
from aid.notifications.models import LONGEST_SENDER, Message, Reply
from aid.notifications.words import Words
from aid.people.enums import Channel, Way
from aid.people.models import Person
from aid.privacy.rights import objecting_among
from core.phones import normalise_phone
from core.text import tidy

# Who waits at the door first, then who is told one thing, then rounds to many.
FIRST, LAST = 10, -10
CODES_ARE_KEPT = timedelta(days=1)
# A door that is shut is tried again for some hours.
LAST_WORD_IS_KEPT = timedelta(days=2)
LONGEST_REPLY = 1000
# What somebody of the town does where nothing is written.
TO_DO = {Way.CALL: AlertKind.TO_CALL, Way.LETTER: AlertKind.TO_WRITE}
LONGEST_SUBJECT = 150
# A letter that would come too late is said on the telephone.
POST_TAKES = timedelta(days=4)


@transaction.atomic
def send(*, person: Person, kind: str, key: str, words: Words, needed_by: datetime | None = None) -> Message | None:
    """Write to a person by the way they chose for this kind. The same key twice is the same message.

    Who is not written to is to be called, or posted a letter: a follow-up is asked, with the short words or the long,
    and the answer is None; so it is for who wants nothing of this kind, and who died. An SMS that is not `needed_by`
    an hour that comes soon waits for the end of the quiet hours.
    """
    way = channel_of(person, purpose_of(kind))
    if way == Way.LETTER and needed_by is not None and needed_by < timezone.now() + POST_TAKES:
        way = Way.CALL
    if way in WRITTEN:
        return _keep(_written(person, way, kind, key, words, needed_by=needed_by))
    if way in TO_DO:
        alert, said = TO_DO[way], words.body if way == Way.LETTER else words.sms
        tell(Alert(kind=alert, key=f"send:{key}", words=said, person=person))
    return None


@transaction.atomic
def send_to_account(account: Account, *, kind: str, key: str, words: Words) -> Message:
    """Write to one of the town's own people, by what opens their account: e-mail first. The same key is sent once."""
    return send_to_address(email=account.email or "", phone=account.phone or "", kind=kind, key=key, words=words)


@transaction.atomic
def send_to_address(*, email: str = "", phone: str = "", kind: str, key: str, words: Words) -> Message:
    """Write to who is no person of the town: by e-mail, else by SMS (E.164). The same key is sent once."""
    channel, recipient = (Channel.EMAIL, email) if email else (Channel.SMS, phone)
    return _keep(_message(person=None, channel=channel, recipient=recipient, kind=kind, key=key, words=words))


@transaction.atomic
def send_many(messages: Iterable[tuple[Person, str, str, Words]], *, needed_by: datetime | None = None) -> int:
    """Write to many persons, each (person, kind, key, words), at once; answer how many messages are new.

    Who is not written to is left out (a round to many asks nobody to phone each, and `channel_of` tells who), and so
    is who wants no word that they did not ask for. `needed_by` as for `send`.
    """
    town, messages = identity(), list(messages)
    objecting = objecting_among(person.pk for person, *_ in messages)
    written = [
        _written(person, way, kind, key, words, town=town, is_bulk=True, needed_by=needed_by)
        for person, kind, key, words in messages
        if person.pk not in objecting and (way := channel_of(person, purpose_of(kind))) in WRITTEN
    ]
    Message.objects.bulk_create(written, ignore_conflicts=True)
    # Those whose key was there already kept the other's uid.
    new = Message.objects.filter(uid__in=[message.uid for message in written]).order_by("pk")
    return deliver.defer_many([{"message": number} for number in new.values_list("pk", flat=True)], priority=LAST)


def known_keys(keys: Collection[str]) -> set[str]:
    """Those of these keys that something was written under."""
    return set(Message.objects.filter(key__in=keys).values_list("key", flat=True))


def messages_by_key(keys: Collection[str]) -> dict[str, Message]:
    """What was written under these keys."""
    return {message.key: message for message in Message.objects.filter(key__in=keys)}


def withhold(person: Person) -> int:
    """Let nothing that waits leave to somebody who died; answer how many messages. Nobody is asked to say them."""
    theirs = Message.objects.filter(Q(person=person) | Q(about=person), state=MessageState.QUEUED)
    return theirs.update(state=MessageState.FAILED)


@transaction.atomic
def send_code(*, channel: str, recipient: str, subject: str, body: str, key: str) -> None:
    """Send a sign-in or confirmation code, ahead of all others. It is wiped a day later. For accounts.codes."""
    reader = (
        Person.objects.living().filter(**{"phone" if channel == Channel.SMS else "email": recipient}).order_by("pk")[:2]
    )
    # A couple shares a telephone: then nobody knows who asked.
    person = reader[0] if len(reader) == 1 else None
    words = Words(subject=subject, body=body, sms=body)
    message = _message(person=person, channel=channel, recipient=recipient, kind=CODE, key=key, words=words)
    kept = _keep(message, priority=FIRST)
    if kept.uid == message.uid:
        blank.defer(message=kept.pk, schedule_at=timezone.now() + CODES_ARE_KEPT)


@transaction.atomic
def send_last(*, person: Person, key: str, words: Words) -> Message | None:
    """Write a last time to who is being forgotten: nothing leads to them, and all of it is wiped two days later.

    None for who cannot be written to.
    """
    way = channel_of(person)
    if way not in WRITTEN:
        return None
    recipient = person.phone if way == Way.SMS else person.email
    message = _message(person=None, channel=way, recipient=recipient, kind=LAST_WORD, key=key, words=words)
    message.is_bulk = True  # nobody is left to call if it does not arrive
    kept = _keep(message)
    if kept.uid == message.uid:
        blank_all.defer(message=kept.pk, schedule_at=timezone.now() + LAST_WORD_IS_KEPT)
    return kept


@transaction.atomic
def receive_reply(*, sender: str, text: str, reference: str = "") -> None:
    """Take in an SMS that somebody sent back; who understands it answers, else the town is asked to call.

    The same reference twice is the same reply. From a sender that no telephone can dial it answers nothing: the town
    reads it.
    """
    try:
        phone = normalise_phone(sender)
    except ValidationError:
        phone = ""
    question = Message.objects.last_sms_at(phone) if phone else None
    sender = phone or tidy(sender)[:LONGEST_SENDER]
    reply = Reply(reference=reference, sender=sender, message=question, text=text.strip()[:LONGEST_REPLY])
    try:
        # The refusal of a second one would abort the caller's transaction.
        with transaction.atomic():
            reply.save()
    except IntegrityError:
        return
    person = question.person if question else None
    if person is None and phone:
        person = Person.objects.living().filter(phone=phone).order_by("pk").first()
    back = replies.ask_handlers(phone, reply.text, question) if phone else None
    key = f"reply:{reply.pk}"
    if back is None:
        words = texts.not_understood(reply.text, sender)
        tell(Alert(kind=AlertKind.TO_CALL, key=key, words=words, person=person))
        return
    Reply.objects.filter(pk=reply.pk).update(is_understood=True)
    if back:
        words = Words(subject="", body="", sms=back)
        _keep(_message(person=person, channel=Channel.SMS, recipient=phone, kind=REPLY, key=key, words=words))


def _written(person: Person, way: Way, kind: str, key: str, words: Words, **more: Any) -> Message:
    if way == Way.RELATIVE:
        # There is one: `channel_of` has looked.
        reader = relay_of(person)
        return _written(reader, channel_of(reader), kind, key, texts.relayed(person, words), about=person, **more)
    recipient = person.phone if way == Way.SMS else person.email
    return _message(person=person, channel=way, recipient=recipient, kind=kind, key=key, words=words, **more)


def _message(
    *,
    person: Person | None,
    channel: str,
    recipient: str,
    kind: str,
    key: str,
    words: Words,
    town: Identity | None = None,
    **more: Any,
) -> Message:
    """A message as it will be read, not kept yet. Who writes many gives the town's identity, asked for once."""
    message = Message(person=person, channel=Channel(channel), recipient=recipient, kind=kind, key=key, **more)
    if message.is_sms:
        message.body = texts.sms(town or identity(), words.sms)
    else:
        message.subject, message.body = words.subject[:LONGEST_SUBJECT], words.body
    return message


def _keep(message: Message, *, priority: int = 0) -> Message:
    """Keep a message and have it delivered, in the caller's transaction; or give the one that has its key."""
    Message.objects.bulk_create([message], ignore_conflicts=True)
    kept = Message.objects.get(key=message.key)
    if kept.uid == message.uid:
        deliver.defer(message=kept.pk, priority=priority)
    return kept
