"""What an application of codes would show: for the outbox of a demonstration, where one person plays everybody."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.conf import settings

from accounts import factors
from accounts.factors import DRIFT, LAST_STEP, Kind, step_now
from accounts.models import Account


@dataclass(frozen=True)
class Shown:
    """An account of the team, and its six digits of now."""

    account: Account
    digits: str


def digits_shown() -> list[Shown]:
    """Those of everybody with an application here, the first made first; nothing where messages really leave.

    Digits that were used up give way to the next ones, which open already.
    """
    if not settings.OUTBOX:
        return []
    shown = []
    for kept in Authenticator.objects.filter(type=Kind.TOTP).select_related("user").order_by("user_id"):
        try:
            secret = factors.unseal(kept.data["secret"])
        except InvalidToken:
            continue
        step = min(max(step_now(), kept.data[LAST_STEP] + 1), step_now() + DRIFT)
        shown.append(Shown(kept.user, factors.digits_at(secret, step)))
    return shown


def give_applications() -> None:
    """Give one to each of the team who has none, so that a demonstration is signed in to without a telephone."""
    team = Account.objects.filter(groups__isnull=False) | Account.objects.filter(is_superuser=True)
    for account in team.distinct():
        if not factors.has_factor(account):
            factors.add_application(account, secret=factors.new_secret(), step=0)
