"""Writing in the journal of a worry, and to who follows it: what its verbs share."""

from accounts.models import Account
from aid.notifications.services import send_to_account
from aid.notifications.words import Words
from aid.worries.enums import WorryStepName
from aid.worries.models import Worry, WorryStep, WorryWords


def write_step(worry: Worry, name: WorryStepName, *, by_account: Account | None = None, words: str = "") -> WorryStep:
    """Keep what happened, and what was said of it, sealed. Raises SealError where there are words and no key."""
    step = WorryStep(worry=worry, name=name, by_account=by_account)
    step.save()
    if words:
        said = WorryWords(step=step)
        said.seal(words)
        said.save()
    return step


def write_to(account: Account | None, worry: Worry, *, key: str, words: Words) -> None:
    """Write to one of the town's people about a worry, once for a key; nobody, or nowhere to read, is nothing sent."""
    if account is not None and (account.email or account.phone):
        send_to_account(account, kind="worry", key=f"worry:{key}:{worry.pk}:{account.pk}", words=words)
