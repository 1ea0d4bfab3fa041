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
    # Whether who does it leaves something changed: who may only look has none of these.
    changes: bool


def may_read(name: str, *roles: Role) -> Ability:
    """Something that these roles may see."""
    return Ability(name, frozenset(roles), changes=False)


def may_do(name: str, *roles: Role) -> Ability:
    """Something that these roles may change."""
    return Ability(name, frozenset(roles), changes=True)


_abilities: dict[str, Ability] = {}
_only_looks: list[Callable[[Account], bool]] = []


def register(abilities: Iterable[Ability]) -> None:
    """Have these asked about: for the rooms that have the screens, from `ready()`."""
    _abilities.update({ability.name: ability for ability in abilities})


def register_who_only_looks(predicate: Callable[[Account], bool]) -> None:
    """Have `predicate` asked who may see what their roles see and change nothing of it."""
    if predicate not in _only_looks:
        _only_looks.append(predicate)


def roles_with(name: str) -> frozenset[Role]:
    """The roles that give an ability. Raises KeyError for one that no room knows."""
    return _abilities[name].roles


def get_abilities(account: Account | AnonymousUser) -> dict[str, bool]:
    """Every ability, and whether an account has it where the connection is. Asks for its roles, which are kept."""
    roles = roles_of(account)
    only_looks = bool(roles) and any(predicate(account) for predicate in _only_looks)
    return {
        ability.name: bool(ability.roles & roles) and not (ability.changes and only_looks)
        for ability in _abilities.values()
    }
