"""What a town says of its own books: what is wrong is told next to its field, and nothing that was typed is lost."""

import datetime
from typing import Any

from django import forms
from django.utils.text import capfirst

from aid.desk.forms.entry import too_long
from billing.identifiers import LONGEST_REFERENCE
from billing.models.contracts import LONGEST_WORDS
from billing.town_books.numbers import PeriodAsked
from core.forms import LongText

CHOOSE = "Choisissez une période."


class ContestForm(forms.Form):
    """What is wrong in a count."""

    words = LongText(
        label="Qu’est-ce qui ne va pas dans ce comptage\u00a0?",
        help_text="Par exemple : une commune manque, ou un nombre ne ressemble pas au vôtre. Dites lequel, et d’où il "
        "vient. N’écrivez le nom de personne.",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Écrivez ce qui ne va pas.", **too_long(str(LONGEST_WORDS))},
    )


class NumberForm(forms.Form):
    """A number of engagement, and its period."""

    starts_on = forms.TypedChoiceField(
        label="Pour quelle période\u00a0?",
        coerce=datetime.date.fromisoformat,
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE, "invalid": CHOOSE},
    )
    number = LongText(
        label="Numéro d’engagement",
        help_text="Tel que votre logiciel de comptabilité le donne. Il sera écrit sur la facture.",
        max_length=LONGEST_REFERENCE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Écrivez le numéro d’engagement.", **too_long(str(LONGEST_REFERENCE))},
    )

    def __init__(self, *args: Any, periods: tuple[PeriodAsked, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.period.start.isoformat(), capfirst(one.words)) for one in periods if one.is_open]
        self.fields["starts_on"].choices = choices
        asked = [one for one in periods if one.is_asked] or [one for one in periods if one.is_open]
        if asked:
            self.fields["starts_on"].initial = asked[0].period.start.isoformat()
