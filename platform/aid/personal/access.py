"""Who is what in a town, and whose things are shown to an account."""

from functools import cache

from accounts.models import Account
from aid.onboarding.enums import VolunteerState
from aid.people.models import Person
from core.text import fold
from core.written import Asked, Rows


def is_resident(account: Account) -> bool:
    """Whether an account opens the door of somebody whom the town knows."""
    return bool(_states_of_persons(account))


def is_shared(account: Account) -> bool:
    """Whether several persons enter by an account: it is nobody's of the town's people then (accounts.roles)."""
    return account.persons.count() > 1


def names_of(account: Account) -> list[tuple[str, str]]:
    """The first and last names of its persons, which no password of theirs may be (accounts.passwords)."""
    return list(account.persons.values_list("first_name", "last_name"))


def is_volunteer(account: Account) -> bool:
    """Whether one of its persons is a volunteer whom the town vouches for."""
    return VolunteerState.ADMITTED in _states_of_persons(account).values()


def persons_of(account: Account) -> list[Person]:
    """The persons of an account, with the volunteer that each is: a couple that shares a telephone shares the door."""
    return list(Person.objects.filter(account=account).select_related("volunteer").order_by("pk"))


def chosen_among(persons: list[Person], uid: str | None) -> Person | None:
    """Who of an account is here: whom they said to be, by `uid`; nobody was asked where there is one person only.

    None when it is yet to be asked, or when whom they said to be is not of the account any more.
    """
    if uid is None:
        return persons[0] if len(persons) == 1 else None
    return next((person for person in persons if str(person.uid) == uid), None)


def called(persons: list[Person]) -> dict[Person, str]:
    """What tells the persons of an account apart: their first name, and their last name if two share the first."""
    firsts = [fold(person.first_name) for person in persons]
    return {
        person: person.full_name if firsts.count(fold(person.first_name)) > 1 else person.first_name
        for person in persons
    }


def _states_of_persons(account: Account) -> dict[int, str | None]:
    """Where each person of an account stands as a volunteer. Asked once, as all that `roles_of` asks is."""
    if not hasattr(account, "states_of_persons"):
        account.states_of_persons = dict(_states().ask(account=account.pk))
    return account.states_of_persons


# Asked on each page of who signed in.
@cache
def _states() -> Rows:
    """The persons of an account, and where each stands; written once."""
    return Rows.of(Person.objects.filter(account=Asked("account")).values_list("pk", "volunteer__state"))
