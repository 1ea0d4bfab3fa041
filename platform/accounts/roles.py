"""The first roles, and who has them.

What a resident or a volunteer is lives above this room: those rooms say it, by `register`.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import cache

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from accounts.models import Account
from core.written import Asked, Rows
from tenants.registry import current_town

ADMINISTRATORS = "Administrateurs"
AGENTS = "Agents"
COORDINATORS = "Coordinateurs"
# Of the platform, never of a town.
BILLERS = "Facturation"


class Role(StrEnum):
    """What somebody may be here. One account may have several."""

    RESIDENT = "resident"
    VOLUNTEER = "volunteer"
    PARTNER = "partner"
    AGENT = "agent"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"
    # The platform's own people: who runs towns, and who bills them. One account may be both.
    OPERATOR = "operator"
    BILLING = "billing"


Predicate = Callable[[Account], bool]
_predicates: dict[Role, Predicate] = {}
# Roles that nobody of the town's own people has: not asked about them.
_never_staff: set[Role] = set()
_sharing: list[Predicate] = []
SHARED = "Plusieurs personnes entrent par ce compte. Donnez à votre collègue un compte qui n’est qu’à elle ou lui."


def register(role: Role, predicate: Predicate, *, never_staff: bool = False) -> None:
    """Have `predicate` asked who has a role that lives in a room above: resident, volunteer, partner.

    `never_staff`: the town's own people never have this one, and are not looked up for it.
    """
    _predicates[role] = predicate
    if never_staff:
        _never_staff.add(role)


def register_sharing(predicate: Predicate) -> None:
    """Have `predicate` asked whether several persons enter by an account; the last to register is."""
    _sharing[:] = [predicate]


def is_shared(account: Account) -> bool:
    """Whether several persons enter by an account. Never on the platform, which knows no person."""
    is_somebody_s = account.pk is not None and current_town() is not None
    return is_somebody_s and any(predicate(account) for predicate in _sharing)


def refuse_if_shared(account: Account) -> None:
    """A staff account belongs to one person only. Raises ValidationError for one that several enter by."""
    if is_shared(account):
        raise ValidationError(SHARED, "shared")


def roles_of(account: Account | AnonymousUser) -> set[Role]:
    """All the roles of an account where the connection is: in a town, or on the platform.

    Who administers a town may do what its agents do, so has that role too. Nobody has a role without a way in. They are
    looked up once, as Django does for permissions: read the account again after changing what it may do.
    """
    if not hasattr(account, "roles_found"):
        account.roles_found = frozenset(_look_up(account))
    return set(account.roles_found)


def _look_up(account: Account | AnonymousUser) -> set[Role]:
    if not (account.is_authenticated and account.is_active):
        return set()
    if current_town() is None:
        return _look_up_on_the_platform(account)
    groups = set(_group_names().ask(account=account.pk))
    asked = {role: has_it for role, has_it in _predicates.items() if not (groups and role in _never_staff)}
    roles = {role for role, has_it in asked.items() if has_it(account)}
    if ADMINISTRATORS in groups:
        roles |= {Role.ADMINISTRATOR, Role.AGENT}
    if AGENTS in groups:
        roles.add(Role.AGENT)
    if COORDINATORS in groups:
        roles.add(Role.COORDINATOR)
    return roles


# Asked on each page of who signed in.
@cache
def _group_names() -> Rows:
    """The groups of an account; written once."""
    groups = Account.groups.through.objects.filter(account=Asked("account"))
    return Rows.of(groups.values_list("group__name", flat=True))


def _look_up_on_the_platform(account: Account) -> set[Role]:
    """What the operator's own people may be. Who runs towns does not bill for that, nor the other way round."""
    # The mark of a superuser is who runs towns; one that no longer does loses it.
    roles = {Role.OPERATOR} if account.is_superuser else set()
    if account.groups.filter(name=BILLERS).exists():
        roles.add(Role.BILLING)
    return roles


def may_operate(account: Account | AnonymousUser) -> bool:
    """Whether somebody runs the towns of the platform: opens, suspends, enters them. False in a town, whoever asks."""
    return Role.OPERATOR in roles_of(account)


def may_bill(account: Account | AnonymousUser) -> bool:
    """Whether somebody bills the towns, and never enters one. False in a town, whoever asks."""
    return Role.BILLING in roles_of(account)


def accounts_in(group: str) -> QuerySet[Account]:
    """The accounts that may come in and have the role of a group, by name."""
    return Account.objects.filter(is_active=True, groups__name=group).order_by("last_name", "first_name", "pk")


def is_staff(account: Account) -> bool:
    """Whether an account is of the town's own people, or the operator's: what residents have is never tied to it."""
    return account.is_superuser or account.groups.exists()
