"""A birthday, as a volunteer tells it; the period of a certificate."""

import re
from typing import Any

from django import forms
from django.utils.dates import MONTHS

from aid.people.models import Person
from aid.recognition.models import Birthday

INVALID = "Choisissez dans la liste."
# What a button sends, beside the years, for all that was given.
EVERY_YEAR = "tout"


def year_in(text: str) -> int:
    """A year in four digits. Raises ValueError for anything else."""
    if not re.fullmatch("[0-9]{4}", text):
        raise ValueError(text)
    return int(text)


def period_in(text: str) -> int | None:
    """The year that a button sent, None for all of them. Raises ValueError for anything else."""
    return None if text == EVERY_YEAR else year_in(text)


class BirthdayForm(forms.Form):
    """A day and a month: never a year."""

    day = forms.TypedChoiceField(
        label="Le jour",
        coerce=int,
        choices=[("", "Choisir…"), *((number, str(number)) for number in range(1, 32))],
        error_messages={"required": "Choisissez le jour.", "invalid_choice": INVALID},
    )
    month = forms.TypedChoiceField(
        label="Le mois",
        coerce=int,
        choices=[("", "Choisir…"), *((number, str(name)) for number, name in MONTHS.items())],
        error_messages={"required": "Choisissez le mois.", "invalid_choice": INVALID},
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        self.birthday = Birthday.objects.filter(person=person).first()
        known = {"day": self.birthday.day, "month": self.birthday.month} if self.birthday else {}
        super().__init__(*args, initial=known, **kwargs)
