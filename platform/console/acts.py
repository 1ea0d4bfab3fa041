"""Writing in the journal of the console."""

from accounts.models import Account
from console.enums import ActKind
from console.models import ConsoleAct
from tenants.models import Town


def note(town: Town, kind: ActKind, *, by: Account, words: str = "") -> ConsoleAct:
    """Add what somebody did to a town, in the transaction of what they do."""
    return ConsoleAct.objects.create(town=town, kind=kind, by_account=by, by=by.signature, words=words)
