"""Somebody died: their card stays, nobody writes to it, and their door is closed.

What they had begun ends with it: aid.desk.deaths.
"""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from accounts.roles import is_staff
from accounts.services import close_account
from accounts.sessions import sign_out_everywhere
from aid.people import changes
from aid.people.models import Person
from aid.people.services import CONTACTS, locked


@transaction.atomic
def note_death(person: Person, *, on: datetime.date, by_account: Account) -> Person:
    """Keep that somebody died that day; their account opens no more, but for who shares it. Twice keeps the last day.

    Raises ValidationError, by field, for a day to come or before their birth.
    """
    known = locked(person)
    if on > timezone.localdate():
        raise ValidationError({"on": "Ce jour n’est pas encore venu."})
    if known.birth_year and on.year < known.birth_year:
        raise ValidationError({"on": f"Ce jour vient avant sa naissance, en {known.birth_year}."})
    before = changes.read(known, ["deceased_on"])
    account, known.account, known.deceased_on = known.account, None, on
    known.save(update_fields=["account", "deceased_on"])
    if account is not None and not is_staff(account):
        _close_door(known, account)
    changes.tell(known, before, by_account=by_account)
    return known


@transaction.atomic
def take_back_death(person: Person, *, by_account: Account) -> Person:
    """It was a mistake: they are written to and let in again, by their next code. What was stopped stays so."""
    known = locked(person)
    before = changes.read(known, ["deceased_on"])
    known.deceased_on = None
    known.save(update_fields=["deceased_on"])
    changes.tell(known, before, by_account=by_account)
    return known


def _close_door(person: Person, account: Account) -> None:
    """Leave an account to who shares it, without what was this person's alone; else close it."""
    others = account.persons.all()
    if not others:
        close_account(account)
        return
    for name in CONTACTS:
        value = getattr(person, name)
        if value and getattr(account, name) == value and not any(getattr(one, name) == value for one in others):
            setattr(account, name, None)
    account.save(update_fields=CONTACTS)
    sign_out_everywhere(account)
