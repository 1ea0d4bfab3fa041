"""What may be done: « somebody may export people ». Roles are turned into abilities here and nowhere else.

Views ask by `accounts.access.ability_required`, templates by the `abilities` that their frame gives them, an API by
`get_abilities`: what is shown is what is allowed. Rooms above say theirs, by `register`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from accounts.models import Account
from accounts.roles import Role, roles_of


@dataclass(frozen=True)
class Ability:
    """One thing that may be done: its name ends the sentence « somebody may… »."""

    name: str
    roles: frozenset[Role]
    # Whether who does it leaves something changed.
    changes: bool = False
    # Whether it stays between the town's own people, whoever helps them.
    is_confidential: bool = False


def may_read(name: str, *roles: Role) -> Ability:
    """Something that these roles may see."""
    return Ability(name, frozenset(roles))


def may_do(name: str, *roles: Role) -> Ability:
    """Something that these roles may change."""
    return Ability(name, frozenset(roles), changes=True)


def may_in_confidence(name: str, *roles: Role) -> Ability:
    """Something that is for these roles of the town's own people, and never for who helps from outside."""
    return Ability(name, frozenset(roles), changes=True, is_confidential=True)


# Whether an account goes without an ability that its roles give.
Limit = Callable[[Account, Ability], bool]
_abilities: dict[str, Ability] = {}
_limits: list[Limit] = []


def register(abilities: Iterable[Ability]) -> None:
    """Have these asked about: for the rooms that have the screens, from `ready()`."""
    _abilities.update({ability.name: ability for ability in abilities})


def register_limit(limit: Limit) -> None:
    """Have `limit` asked whether somebody goes without what their roles give: for rooms above, from `ready()`."""
    if limit not in _limits:
        _limits.append(limit)


def roles_with(name: str) -> frozenset[Role]:
    """The roles that give an ability. Raises KeyError for one that no room knows."""
    return _abilities[name].roles


def get_abilities(account: Account | AnonymousUser) -> dict[str, bool]:
    """Every ability, and whether an account has it where the connection is. Asks for its roles, which are kept."""
    roles = roles_of(account)
    return {
        ability.name: bool(ability.roles & roles) and not any(limit(account, ability) for limit in _limits)
        for ability in _abilities.values()
    }
