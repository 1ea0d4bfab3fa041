"""What the second step of a sign-in is made of: six digits of an application, codes of rescue on paper, their limits.

Rows are django-allauth's (`allauth.mfa.models.Authenticator`); passkeys are in `accounts.passkeys`. Used digits are
kept in their row and not in the cache, as allauth does: ours forgets whenever the town changes what it shows.
"""

import base64
import secrets
import time
from datetime import timedelta

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts import limits
from accounts.enums import DoorAct
from accounts.models import Account, DoorStep

Kind = Authenticator.Type
SECONDS = app_settings.TOTP_PERIOD
DIGITS = 6
# Telephones drift; RFC 6238 (5.2) advises one step on each side.
DRIFT = 1
RESCUES, RESCUE_DIGITS = 10, 10
LAST_STEP, HASHES = "last_step", "hashes"


# --- What is kept is sealed: a copy of the table opens nothing


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derived = [salted_hmac("accounts.factors", "seal", secret=key, algorithm="sha256").digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])


def seal(text: str) -> str:
    """Encrypt with a key of this installation's (AES-128-CBC and HMAC-SHA256: Fernet)."""
    return _cipher().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed. Raises InvalidToken for what another installation sealed."""
    return _cipher().decrypt(sealed.encode()).decode()


# --- Whether there is one


def has_factor(account: Account) -> bool:
    """Whether an account has a second step: an application or a passkey. Codes of rescue alone are none."""
    return get_adapter().is_mfa_enabled(account, [Kind.TOTP, Kind.WEBAUTHN])


def factors_of(account: Account) -> list[Authenticator]:
    """An account's application, then its passkeys in the order they came."""
    kept = Authenticator.objects.filter(user=account, type__in=[Kind.TOTP, Kind.WEBAUTHN])
    return list(kept.order_by("type", "pk"))


# --- The six digits of an application (RFC 6238)


def new_secret() -> str:
    """A secret to give to an application: 160 bits, in base 32."""
    return generate_totp_secret()


def digits_at(secret: str, step: int) -> str:
    """What an application shows during one step of thirty seconds, counted from 1970."""
    return format_hotp_value(hotp_value(secret, step))


def step_now() -> int:
    """The step that we are in."""
    return int(time.time()) // SECONDS


def step_of(secret: str, typed: str) -> int | None:
    """The step whose digits were typed, one early or late at most; None for wrong ones."""
    now = step_now()
    found = [one for one in range(now - DRIFT, now + DRIFT + 1) if constant_time_compare(digits_at(secret, one), typed)]
    return found[-1] if found else None


@transaction.atomic
def add_application(account: Account, *, secret: str, step: int) -> None:
    """Have an application's digits open from now on, in place of a former one's; those just typed are used up."""
    Authenticator.objects.filter(user=account, type=Kind.TOTP).delete()
    data = {"secret": get_adapter().encrypt(secret), LAST_STEP: step}
    Authenticator.objects.create(user=account, type=Kind.TOTP, data=data)
    journal(account, DoorAct.FACTOR_ADDED, by=account)


def may_try(account: Account) -> bool:
    """Count a try of an account's second step before it is looked at: five in a quarter of an hour, thirty a day.

    Three steps are right at a time: thirty tries find one of a million once in 11 000 days.
    """
    who = str(account.uid)
    return limits.hit(kind="factor", subject=who, most=5, within=timedelta(minutes=15)) and limits.hit(
        kind="factor_day", subject=who, most=30, within=timedelta(days=1)
    )


@transaction.atomic
def check(account: Account, typed: str) -> bool:
    """Whether what was typed is the application's six digits, or a code of rescue. Each opens once.

    Spaces and dashes are forgiven.
    """
    digits = "".join(char for char in typed if char.isascii() and char.isdigit())
    if len(digits) == RESCUE_DIGITS:
        return _use_rescue(account, digits)
    kept = Authenticator.objects.select_for_update().filter(user=account, type=Kind.TOTP).first()
    if kept is None or len(digits) != DIGITS:
        return False
    try:
        step = step_of(unseal(kept.data["secret"]), digits)
    except InvalidToken:
        return False
    # Whoever read them over a shoulder comes too late, and so do those of before.
    if step is None or step <= kept.data[LAST_STEP]:
        return False
    kept.data[LAST_STEP] = step
    kept.last_used_at = timezone.now()
    kept.save(update_fields=["data", "last_used_at"])
    return True


# --- Codes of rescue: ten, on paper, for who lost the telephone


@transaction.atomic
def renew_rescues(account: Account) -> list[str]:
    """Ten new codes, told here and never again; the former ones open nothing any more."""
    codes = [f"{secrets.randbelow(10**RESCUE_DIGITS):0{RESCUE_DIGITS}}" for _ in range(RESCUES)]
    Authenticator.objects.filter(user=account, type=Kind.RECOVERY_CODES).delete()
    data = {HASHES: [_hidden(account, code) for code in codes]}
    Authenticator.objects.create(user=account, type=Kind.RECOVERY_CODES, data=data)
    journal(account, DoorAct.RESCUE_RENEWED, by=account)
    return codes


def rescues_left(account: Account) -> int:
    """How many codes of rescue still open."""
    kept = Authenticator.objects.filter(user=account, type=Kind.RECOVERY_CODES).first()
    return len(kept.data[HASHES]) if kept else 0


def _use_rescue(account: Account, code: str) -> bool:
    kept = Authenticator.objects.select_for_update().filter(user=account, type=Kind.RECOVERY_CODES).first()
    hidden = _hidden(account, code)
    if kept is None or hidden not in kept.data[HASHES]:
        return False
    kept.data[HASHES].remove(hidden)
    kept.last_used_at = timezone.now()
    kept.save(update_fields=["data", "last_used_at"])
    journal(account, DoorAct.RESCUE_USED, by=account)
    return True


def _hidden(account: Account, code: str) -> str:
    return salted_hmac("accounts.factors.rescue", f"{account.uid}:{code}", algorithm="sha256").hexdigest()


# --- Taken away


@transaction.atomic
def remove(account: Account, *, number: int) -> bool:
    """Take one of an account's own factors away; False for the last one, which stays, and for what is not theirs."""
    kept = list(Authenticator.objects.select_for_update().filter(user=account, type__in=[Kind.TOTP, Kind.WEBAUTHN]))
    chosen = next((one for one in kept if one.pk == number), None)
    if chosen is None or len(kept) == 1:
        return False
    chosen.delete()
    journal(account, DoorAct.FACTOR_REMOVED, by=account)
    return True


def journal(account: Account, act: DoorAct, *, by: Account | None) -> None:
    """Write in the journal of the door; `by` nobody where the operator's command did it."""
    DoorStep.objects.create(account=account, act=act, by_account=by)
