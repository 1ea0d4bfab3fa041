"""The verbs of birthdays: tell one, forget it, see who is coming, wish it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from accounts.models import Account
from aid.notifications import services as notifications
from aid.people.models import Person
from aid.people.services import locked
from aid.privacy import consents
from aid.privacy.enums import Agreed, ConsentKind
from aid.privacy.rights import objecting_among
from aid.recognition import texts
from aid.recognition.models import FEBRUARY, Birthday, BirthdayQuerySet
from aid.recognition.volunteers import NotAVolunteerError, volunteers_here

COMING = timedelta(days=30)
LEAP_DAY = (FEBRUARY, 29)


@transaction.atomic
def tell_birthday(
    person: Person, *, day: int, month: int, how: Agreed = Agreed.ON_SCREEN, by_account: Account | None = None
) -> Birthday:
    """Keep the birthday that a volunteer tells, and that they agreed to a word that day; another takes its place.

    Raises NotAVolunteerError, and ValidationError by field for a day that no year has.
    """
    known = locked(person)
    if not volunteers_here().filter(pk=known.pk).exists():
        raise NotAVolunteerError
    birthday = Birthday.objects.filter(person=known).first()
    is_new = birthday is None
    birthday = birthday or Birthday(person=known)
    birthday.day, birthday.month = day, month
    try:
        birthday.full_clean()
    except ValidationError:
        raise ValidationError({"day": "Ce jour n’existe pas dans ce mois."}) from None
    birthday.save()
    if is_new:
        consents.give(known, kind=ConsentKind.BIRTHDAY, how=how, by_account=by_account)
    return birthday


def forget_birthday(person: Person, *, how: Agreed = Agreed.ON_SCREEN, by_account: Account | None = None) -> None:
    """Wish nothing any more, and keep nothing of it. Raises consents.NotGivenError."""
    consents.withdraw(person, kind=ConsentKind.BIRTHDAY, how=how, by_account=by_account)


@dataclass(frozen=True)
class Coming:
    """A birthday to come, and its day this time."""

    person: Person
    on: date


def coming_birthdays(among: BirthdayQuerySet, *, today: date, within: timedelta = COMING) -> list[Coming]:
    """The birthdays of the coming days among some, the nearest first; today's comes first of all."""
    days = [today + timedelta(days=ahead) for ahead in range(within.days + 1)]
    when = {code: day for day in days for code in _codes_of(day)}
    found = _coded(among).filter(code__in=when).select_related("person__commune__commune", "person__district")
    lines = [Coming(one.person, when[one.code]) for one in found]
    return sorted(lines, key=lambda one: (one.on, one.person.search_name, one.person.pk))


def wish_birthdays(today: date) -> int:
    """Write to those whose birthday it is, by the channel that they chose; answer how many. A second time is nothing.

    Who is phoned is to be called, with the words to say. Who wants no word any more gets none.
    """
    today_s = _coded(Birthday.objects.to_wish()).filter(code__in=_codes_of(today)).select_related("person")
    born = [one.person for one in today_s]
    objecting = objecting_among(person.pk for person in born)
    wished = [person for person in born if person.pk not in objecting]
    for person in wished:
        key = f"birthday:{today.year}:{person.pk}"
        notifications.send(person=person, kind="birthday", key=key, words=texts.birthday(person))
    return len(wished)


def _coded(birthdays: BirthdayQuerySet) -> BirthdayQuerySet:
    """The same, each with its month and day as one number: 1231 is the last of the year."""
    return birthdays.annotate(code=F("month") * 100 + F("day"))


def _codes_of(day: date) -> Iterable[int]:
    """Which birthdays fall on a day: the 28th of February is the 29th's too, in years that have none."""
    codes = [day.month * 100 + day.day]
    is_last_of_february = (day.month, day.day) == (FEBRUARY, 28) and (day + timedelta(days=1)).day == 1
    return [*codes, LEAP_DAY[0] * 100 + LEAP_DAY[1]] if is_last_of_february else codes
