"""Passkeys: what a telephone, a computer or a small key proves by itself (WebAuthn, by django-allauth and fido2).

They need JavaScript and an address in https, or this machine's; who has neither uses an application.
"""

import json
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.enums import DoorAct
from accounts.factors import Kind, journal
from accounts.models import Account

# What browsers send weighs some two kilobytes.
LONGEST = 20_000


def has_passkey(account: Account) -> bool:
    """Whether a passkey may be asked for."""
    return Authenticator.objects.filter(user=account, type=Kind.WEBAUTHN).exists()


def begin_adding(account: Account) -> str:
    """What the browser must be told to make a passkey, in JSON; the challenge waits in the session."""
    return json.dumps(auth.begin_registration(account, passwordless=False))


@transaction.atomic
def add(account: Account, *, name: str, answer: str) -> bool:
    """Keep the passkey that a browser made, if it answers this session's challenge."""
    credential = _read(answer)
    if credential is None:
        return False
    try:
        auth.parse_registration_response(credential)
        auth.complete_registration(credential)
    except (ValidationError, ValueError, TypeError, KeyError):
        return False
    auth.WebAuthn.add(account, name, credential)
    journal(account, DoorAct.FACTOR_ADDED, by=account)
    return True


def begin_checking(account: Account) -> str:
    """What the browser must be told to prove that it holds one of an account's passkeys."""
    return json.dumps(auth.begin_authentication(account))


@transaction.atomic
def check(account: Account, *, answer: str) -> bool:
    """Whether a browser proved it, for this session's challenge, which serves once."""
    credential = _read(answer)
    if credential is None:
        return False
    try:
        auth.parse_authentication_response(credential)
        used = auth.complete_authentication(account, credential)
    except (ValidationError, ValueError, TypeError, KeyError):
        return False
    used.last_used_at = timezone.now()
    used.save(update_fields=["last_used_at"])
    return True


def _read(answer: str) -> dict[str, Any] | None:
    """What a browser wrote; None for what is no answer of one."""
    if len(answer) > LONGEST:
        return None
    try:
        told = json.loads(answer)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None
