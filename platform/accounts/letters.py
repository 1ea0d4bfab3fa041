"""A code in a letter: how somebody with neither telephone nor e-mail comes in, once, within thirty days.

Only an agent has one printed; the letter is handed over or posted. Who is staff never comes in by one.
"""

import secrets
import uuid
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.enums import DoorAct
from accounts.factors import journal
from accounts.models import Account, PrintedCode
from accounts.roles import is_staff

LIVES = timedelta(days=30)
# Read aloud, written by hand: none is taken for another (no 0 nor O, 1, I nor L, 2 nor Z, 5 nor S, 8 nor B, U nor V).
ALPHABET = "ACDEFGHJKMNPQRTWXY34679"
LENGTH, GROUP = 12, 4  # 54 bits: a thousand tries an hour find one in two billion years


class StaffAccountError(Exception):
    """The town's own people come in by their e-mail and their second step, never by a letter."""


@transaction.atomic
def make_code(account: Account, *, reader: uuid.UUID, by_account: Account) -> str:
    """A code for one person (their uid) of an account, told here and never again; it ends their former one.

    Raises StaffAccountError.
    """
    if is_staff(account):
        raise StaffAccountError
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    PrintedCode.objects.filter(ends_at__lte=timezone.now()).delete()
    PrintedCode.objects.update_or_create(
        reader=reader,
        defaults={"account": account, "code": _hidden(code), "ends_at": timezone.now() + LIVES},
    )
    journal(account, DoorAct.LETTER_PRINTED, by=by_account)
    return "-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP))


@transaction.atomic
def use_code(typed: str) -> Account | None:
    """The account that a code opens, which it does once; None for a wrong, used, former or late one.

    Case, spaces and dashes are forgiven.
    """
    letters = "".join(char for char in typed.upper() if char.isalnum())
    kept = PrintedCode.objects.select_for_update(of=["self"]).filter(code=_hidden(letters)).first()
    if kept is None or kept.ends_at <= timezone.now():
        return None
    account = Account.objects.get(pk=kept.account_id)
    kept.delete()
    if not account.is_active or is_staff(account):
        return None
    journal(account, DoorAct.LETTER_USED, by=account)
    return account


def forget_codes(*, reader: uuid.UUID) -> None:
    """End what was printed for somebody: the account is theirs no more."""
    PrintedCode.objects.filter(reader=reader).delete()


def _hidden(code: str) -> str:
    """A hash that only this installation can compute, for this town."""
    told = f"{connection.schema_name}:{code}"
    return salted_hmac("accounts.letters", told, algorithm="sha256").hexdigest()
