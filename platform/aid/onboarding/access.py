"""Who may note which step."""

from django.core.exceptions import ValidationError

from accounts.models import Account
from accounts.roles import Role, roles_of
from aid.onboarding.models import Step

RESERVED = "Seul un administrateur peut noter cette étape : « {} »."


def check_may_note(account: Account | None, *steps: Step) -> None:
    """Raise ValidationError, naming it, where a step is for administrators only. None: the software itself."""
    reserved = [step for step in steps if step.is_reserved]
    if reserved and account is not None and Role.ADMINISTRATOR not in roles_of(account):
        raise ValidationError(RESERVED.format(reserved[0].name), "reserved")
