"""A password, for who wants one beside the codes: never staff's, nor that of an account that several enter by.

Whatever ends every session of an account takes it away too (accounts.sessions.sign_out_everywhere).
"""

from collections.abc import Callable
from string import digits, punctuation, whitespace

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    NumericPasswordValidator,
    UserAttributeSimilarityValidator,
    validate_password,
)
from django.core.exceptions import ValidationError

from accounts import codes, texts
from accounts.models import Account
from accounts.roles import is_shared, is_staff
from tenants.registry import current_town

SHORTEST = 12
COMMON = CommonPasswordValidator()
RULES = (
    MinimumLengthValidator(SHORTEST),
    COMMON,
    NumericPasswordValidator(),
    UserAttributeSimilarityValidator(("email", "phone", "first_name", "last_name")),
)
REFUSALS = {
    "password_too_short": "Il faut douze signes au moins\u00a0: trois ou quatre mots à la suite font l’affaire.",
    "password_too_common": "Beaucoup de gens ont choisi celui-là, il se devine. Prenez plutôt trois ou quatre mots.",
    "password_entirely_numeric": "Des chiffres seuls se devinent. Ajoutez des mots.",
    "password_too_similar": "Il ressemble trop à votre nom, à votre numéro ou à votre adresse.",
}
Names = Callable[[Account], list[tuple[str, str]]]
_names: list[Names] = []


def register_names(names: Names) -> None:
    """Have `names` asked for the first and last names of who enters by an account; the last to register is."""
    _names[:] = [names]


def may_have_one(account: Account) -> bool:
    """Whether an account may have a password: a town's, of nobody but one person, who has something to write first."""
    return (
        current_town() is not None
        and bool(account.email or account.phone)
        and not is_staff(account)
        and not is_shared(account)
    )


def check(account: Account, typed: str) -> None:
    """Refuse what would be guessed. Raises ValidationError, in plain words."""
    bare = typed.strip(digits + punctuation + whitespace)
    for first_name, last_name in [name for ask in _names for name in ask(account)] or [("", "")]:
        # Both ways round: neither alone is as long as a password.
        known = {"first_name": first_name + last_name, "last_name": last_name + first_name}
        described = Account(email=account.email or "", phone=account.phone or "", **known)
        try:
            validate_password(typed, described, password_validators=RULES)
            # « motdepasse2026! » is guessed as soon as « motdepasse ».
            COMMON.validate(bare)
        except ValidationError as error:
            raise ValidationError([REFUSALS[one.code] for one in error.error_list]) from error


def keep(account: Account, typed: str | None) -> bool:
    """Give an account a password, or take it away (None), and tell its owner; False where it was signed out meanwhile.

    Sessions are checked against it: all end, but the one that the caller keeps. Check what is typed before.
    """
    hidden = make_password(typed)
    if not Account.objects.filter(pk=account.pk, password=account.password).update(password=hidden):
        return False
    account.password = hidden
    said = texts.password_removed() if typed is None else texts.password_chosen()
    if account.email:
        body = texts.about_the_password(said)
        codes.deliver(channel=codes.EMAIL, recipient=account.email, subject=texts.ABOUT_THE_DOOR, body=body)
    else:
        codes.deliver(channel=codes.SMS, recipient=account.phone, subject="", body=said)
    return True


def opened_by(typed: str, *, phone: str = "", email: str = "") -> Account | None:
    """The account of a contact, if that is its password; None otherwise, after as much work whoever it is of."""
    contact = {"phone": phone} if phone else {"email": email}
    account = Account.objects.filter(is_active=True, **contact).first()
    if account is None:
        make_password(typed)
        return None
    # One that has none is hashed for as well, by Django.
    return account if account.check_password(typed) and may_have_one(account) else None
