"""Codes of six digits that prove who reads a telephone or an address, and the doors by which codes leave.

This room is below the one that sends messages, which registers its sender here. In a town every code leaves through
it; on the platform, through the console's.
"""

import secrets
import uuid
from datetime import timedelta
from typing import Protocol

from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts import limits, texts
from accounts.models import Code
from tenants.registry import current_town

LIVES = timedelta(minutes=15)
MOST_TRIES = 5
MOST_AN_HOUR = 5
DIGITS = 6
SMS, EMAIL = "sms", "email"


class Sender(Protocol):
    """What sends a message. It must only write in the database: who is told nothing is written to, then undone."""

    def __call__(self, *, channel: str, recipient: str, subject: str, body: str, key: str) -> object:
        """Send `body` by « sms » or « email », once for a key. An SMS is given the town's name and telephone."""


class SenderMissingError(RuntimeError):
    """No room has registered how messages leave from here."""


_senders: dict[str, Sender] = {}


def register_sender(sender: Sender, *, platform: bool = False) -> None:
    """Have codes leave by `sender`, from every town; or from the platform. The last to register is used."""
    _senders["platform" if platform else "town"] = sender


def deliver(*, channel: str, recipient: str, subject: str, body: str) -> None:
    """Hand a message to the sender of where the connection is. Raises SenderMissingError."""
    sender = _senders.get("platform" if current_town() is None else "town")
    if sender is None:
        raise SenderMissingError("no sender of codes is registered here")
    sender(channel=channel, recipient=recipient, subject=subject, body=body, key=f"code:{uuid.uuid4()}")


def pretend(*, channel: str, recipient: str, subject: str, body: str) -> None:
    """Do the work of `deliver` and undo it: who has no account waits for an answer as long as who has one."""
    with transaction.atomic():
        deliver(channel=channel, recipient=recipient, subject=subject, body=body)
        transaction.set_rollback(True)


def send_code(*, purpose: str, phone: str = "", email: str = "") -> None:
    """Send a number (E.164) a new code by SMS, or an address by e-mail: the last one for this purpose alone works.

    Asking costs a message: count it first (accounts.limits).
    """
    code, contact = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}", phone or email
    Code.objects.update_or_create(
        purpose=purpose,
        phone=_hidden(purpose, contact),
        defaults={"code": _hidden(purpose, contact, code), "tries": 0, "ends_at": timezone.now() + LIVES},
    )
    Code.objects.filter(ends_at__lt=timezone.now() - LIVES).delete()
    if phone:
        deliver(channel=SMS, recipient=phone, subject="", body=texts.confirmation_sms(code))
    else:
        body = texts.confirmation_email(code)
        deliver(channel=EMAIL, recipient=email, subject=texts.CONFIRMATION_SUBJECT, body=body)


def send_counted_code(*, kind: str, subject: str, purpose: str, phone: str = "", email: str = "") -> bool:
    """Send a code as `send_code` does, five an hour for this `subject` of this `kind`; False where these were sent."""
    if not limits.hit(kind=kind, subject=subject, most=MOST_AN_HOUR, within=timedelta(hours=1)):
        return False
    send_code(purpose=purpose, phone=phone, email=email)
    return True


def check_code(*, purpose: str, typed: str, phone: str = "", email: str = "") -> bool:
    """Say whether what was typed is the code that this contact was sent for this purpose, within 15 minutes.

    A right code works once; after five wrong ones a new code must be sent. Spaces and dashes are forgiven.
    """
    contact = phone or email
    with transaction.atomic():
        kept = Code.objects.select_for_update().filter(purpose=purpose, phone=_hidden(purpose, contact)).first()
        if kept is None or kept.tries >= MOST_TRIES or kept.ends_at <= timezone.now():
            return False
        digits = "".join(char for char in typed if char.isdecimal())
        if constant_time_compare(kept.code, _hidden(purpose, contact, digits)):
            kept.delete()
            return True
        kept.tries += 1
        kept.save(update_fields=["tries"])
        return False


def _hidden(*parts: str) -> str:
    """Neither a number nor a code is kept: a hash that only this installation can compute, for this town."""
    told = "\0".join((connection.schema_name, *parts))
    return salted_hmac("accounts.codes", told, algorithm="sha256").hexdigest()
