"""What all the verbs of this room share: a volunteer held under lock, the journal of their place, how long steps last.

Locks are taken in one order everywhere: the person, then the volunteer, then the town's steps.
"""

import datetime

from django.core.exceptions import ValidationError

from accounts.models import Account
from aid.onboarding.models import MoveWords, Step, Volunteer, VolunteerMove
from aid.onboarding.models.volunteers import LONGEST_REASON
from aid.people.models import Person
from core.dates import months_after


class NotAllowedError(Exception):
    """The volunteer is not where this step starts; the message says where they stand, in French."""


def hold(volunteer: Volunteer) -> Volunteer:
    """A volunteer as they are, with their person, until the end of the transaction."""
    # The person first: what is written next points at them, and who makes two cards one holds both.
    list(Person.objects.select_for_update(of=["self"], no_key=True).filter(volunteer=volunteer.pk).values_list("pk"))
    return Volunteer.objects.select_for_update(of=["self"], no_key=True).select_related("person").get(pk=volunteer.pk)


def journal(
    volunteer: Volunteer, name: str, *, before: str, by_account: Account | None = None, words: str = ""
) -> VolunteerMove:
    """Add a line to the journal of a volunteer's place, with its words beside it: those can be forgotten.

    Raises ValidationError (« words ») where they are too long.
    """
    if len(words) > LONGEST_REASON:
        raise ValidationError({"words": f"Écrivez {LONGEST_REASON} caractères au plus."})
    line = VolunteerMove.objects.create(
        volunteer=volunteer, name=name, from_state=before, to_state=volunteer.state, by_account=by_account
    )
    if words:
        MoveWords.objects.create(move=line, words=words)
    return line


def end_of(step: Step, passed_on: datetime.date) -> datetime.date | None:
    """Until when a step is good that was passed on a day; None without limit."""
    return months_after(passed_on, step.validity_months) if step.validity_months else None
