"""Verbs about accounts."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.enums import DoorAct
from accounts.factors import journal
from accounts.models import Account
from accounts.roles import ADMINISTRATORS, BILLERS
from accounts.sessions import sign_out_everywhere
from tenants.registry import current_town

BACK_OFFICE = "/gestion/"


@transaction.atomic
def invite_administrator(*, email: str) -> Account:
    """Give an address the town's back-office: who reads it signs in by a code, at `sign_in_path()`.

    Idempotent. Raises ValidationError for what is not an address, or opens for several persons.
    """
    account = _account_of(email)
    account.groups.add(Group.objects.get(name=ADMINISTRATORS))
    return account


@transaction.atomic
def invite_operator(*, email: str) -> Account:
    """Have an address run the towns from the platform's console. Idempotent; who bills goes on billing.

    Raises ValidationError for what is not an address, or where the connection is in a town.
    """
    account = _account_of_platform(email)
    if not account.is_superuser:
        sign_out_everywhere(account)
    account.is_superuser = account.is_active = True
    account.save(update_fields=["is_superuser", "is_active"])
    return account


@transaction.atomic
def invite_biller(*, email: str) -> Account:
    """Have an address bill the towns from the platform's console. Idempotent; who runs them goes on.

    Raises ValidationError for what is not an address, or where the connection is in a town.
    """
    account = _account_of_platform(email)
    # Whoever joins a group signs in again (accounts.sessions).
    account.groups.add(Group.objects.get_or_create(name=BILLERS)[0])
    account.is_active = True
    account.save(update_fields=["is_active"])
    return account


def close_account(account: Account) -> None:
    """Have nothing open an account any more, and whoever is in be out. Its number and address may open another."""
    account.email = account.phone = None
    account.is_active = False
    account.save(update_fields=["email", "phone", "is_active"])
    sign_out_everywhere(account)


@transaction.atomic
def reset_second_step(account: Account, *, by_account: Account | None) -> None:
    """Forget an account's application, passkeys and codes of rescue, and sign it out everywhere.

    Its next sign-in makes them again. `by_account` is nobody where the operator's command does it.
    """
    Authenticator.objects.filter(user=account).delete()
    sign_out_everywhere(account)
    journal(account, DoorAct.FACTORS_RESET, by=by_account)


def _account_of_platform(email: str) -> Account:
    if current_town() is not None:
        raise ValidationError("Un opérateur n’a de compte que sur la plateforme.")
    return _account_of(email)


def _account_of(email: str) -> Account:
    return Account.objects.filter(email=email.strip().lower()).first() or Account.objects.create_account(email=email)


def sign_in_path() -> str:
    """Where an administrator signs in to a town's back-office."""
    return f"{reverse('account_login', urlconf=settings.ROOT_URLCONF)}?next={BACK_OFFICE}"
