"""What somebody is here, in one line: « demande de l’aide · bénévole ». Rooms above say it, by `register`.

Nothing is stored: each is a condition on rows that there are, asked in the query that reads the card.
"""

from dataclasses import dataclass

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from accounts.models import Account
from accounts.roles import ADMINISTRATORS, AGENTS, COORDINATORS
from aid.people.models import Person, PersonQuerySet


@dataclass(frozen=True)
class PersonRole:
    """One thing that somebody may be: its place in the line, its French words, and on which persons it holds."""

    place: int
    name: str
    words: str
    holds: Exists | Q

    @property
    def told(self) -> ExpressionWrapper:
        """Whether it holds, beside a card."""
        return ExpressionWrapper(self.holds, BooleanField())


_roles: dict[str, PersonRole] = {}


def register(role: PersonRole) -> None:
    """Have a role told. For rooms above, from `ready()`; twice is once."""
    _roles[role.name] = role


def with_roles(persons: PersonQuerySet) -> PersonQuerySet:
    """The same persons, each with what they are here, in the same query; and whether they enter as a colleague does."""
    holds = {_column(role): role.told for role in _roles.values()}
    groups = Account.groups.through.objects.filter(account=OuterRef("account"))
    return persons.annotate(enters_as_staff=Exists(groups), **holds)


def words_of(person: Person) -> str:
    """What somebody whom `with_roles` read is here; empty for who is nothing yet."""
    told = sorted(_roles.values(), key=lambda role: role.place)
    return " · ".join(role.words for role in told if getattr(person, _column(role)))


def of_staff(group: str) -> Exists:
    """Whether the account of a person is in a group of the town's own people."""
    return Exists(Account.groups.through.objects.filter(account=OuterRef("account"), group__name=group))


def register_staff() -> None:
    """Called when the app is ready."""
    register(PersonRole(80, "agent", "agent de la ville", of_staff(AGENTS)))
    register(PersonRole(85, "coordinator", "coordination de secteurs", of_staff(COORDINATORS)))
    register(PersonRole(90, "administrator", "administration du site", of_staff(ADMINISTRATORS)))


def _column(role: PersonRole) -> str:
    return f"is_here_{role.name}"
