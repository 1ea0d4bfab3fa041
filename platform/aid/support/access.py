"""Whether support is here, by which access, and what it may do: asked again at each request."""

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AnonymousUser

from accounts.abilities import Ability
from accounts.models import Account
from aid.support import operators
from aid.support.models import SupportAccess
from core.links import number_of, token_for

BACKEND = "aid.support.access.SupportBackend"


class SupportBackend(BaseBackend):
    """Who a session of support is. It signs nobody in: the one link does (services.enter)."""

    def get_user(self, user_id: int) -> Account | None:
        """The account of an access that runs, of somebody who is still an operator; else nobody, from now on."""
        running = SupportAccess.objects.running().select_related("account")
        access = running.filter(account=user_id, account__is_active=True).first()
        if access is None or not operators.is_still_one(access.operator):
            return None
        access.account.support = access
        return access.account


def access_by(account: Account | AnonymousUser) -> SupportAccess | None:
    """The access that this request is made by; None for everybody but support."""
    return getattr(account, "support", None)


def goes_without(account: Account, ability: Ability) -> bool:
    """Whether support has not what its role gives: what is confidential, ever; what changes, where it only looks."""
    access = access_by(account)
    return access is not None and (ability.is_confidential or (ability.changes and not access.acts))


def token_of(access: SupportAccess) -> str:
    """What the link that was made last ends with."""
    return token_for(f"support:{access.link}", access.pk)


def access_of_link(token: str) -> SupportAccess | None:
    """The access that a link opens; None for a link that served, is too old, is of another town, or was never ours."""
    number = token.partition("-")[0]
    if not (number.isascii() and number.isdigit() and len(number) < len(str(2**63))):
        return None
    access = SupportAccess.objects.running().exclude(link="").filter(pk=int(number)).first()
    if access is None or not access.can_be_entered or number_of(f"support:{access.link}", token) is None:
        return None
    return access
