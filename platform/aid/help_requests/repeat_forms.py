"""Whether a need comes again, and on which days, as forms ask it."""

from datetime import date
from typing import Any

from django import forms
from django.db import models

from aid.help_requests.recurring import MOST_NOTICE, USUAL_NOTICE
from core.recurrence import DAYS, Recurrence, ending, monthly_like


class Repeats(models.TextChoices):
    """How often."""

    ONCE = "once", "Une seule fois"
    WEEKLY = "weekly", "Chaque semaine"
    FORTNIGHTLY = "fortnightly", "Toutes les deux semaines"
    MONTHLY = "monthly", "Chaque mois, le même jour de la semaine"


def repeats_field(label: str) -> forms.ChoiceField:
    """How often: once, where nothing was said."""
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=Repeats,
        initial=Repeats.ONCE,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez une réponse de la liste."},
    )


def rule_of(
    repeats: str, first: date, *, weekdays: tuple[int, ...] = (), until: date | None = None
) -> Recurrence | None:
    """The rule that these answers say; without days, the one of the first; None for what is wanted once."""
    if repeats in {"", Repeats.ONCE}:
        return None
    if repeats == Repeats.MONTHLY:
        return ending(monthly_like(first), until)
    days = weekdays or (first.weekday(),)
    return Recurrence(days, every=2 if repeats == Repeats.FORTNIGHTLY else 1, until=until)


class RepeatFields(forms.Form):
    """All that the desk asks of it."""

    repeats = repeats_field("Revient-elle ?")
    weekdays = forms.MultipleChoiceField(
        label="Quels jours de la semaine ?",
        required=False,
        choices=[(str(number), day.capitalize()) for number, day in enumerate(DAYS)],
        widget=forms.CheckboxSelectMultiple,
        help_text="Aucun coché\xa0: le jour de la semaine du premier.",
        error_messages={"invalid_choice": "Choisissez des jours de la liste."},
    )
    until = forms.DateField(
        label="Jusqu’au",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="Sans date, jusqu’à ce qu’on l’arrête.",
        error_messages={"invalid": "Écrivez un jour, par exemple 24/11/2026."},
    )
    skips_holidays = forms.BooleanField(label="Pas les jours fériés", required=False, initial=True)

    def rule(self, first: date) -> Recurrence | None:
        """How it comes again from its first day on, from a valid form; None for what is wanted once."""
        known = self.cleaned_data
        weekdays = tuple(sorted(int(day) for day in known["weekdays"]))
        return rule_of(known["repeats"], first, weekdays=weekdays, until=known["until"])


class SkipForm(forms.Form):
    """A day on which it is not wanted."""

    day = forms.DateField(
        label="Quel jour ?",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages=dict.fromkeys(("required", "invalid"), "Choisissez un jour."),
    )


class NoticeField(forms.IntegerField):
    """How long before its day somebody is looked for."""

    def __init__(self, **options: Any) -> None:
        wrong = f"Écrivez un nombre de jours, de 1 à {MOST_NOTICE}."
        super().__init__(
            label="Chercher quelqu’un combien de jours avant ?",
            min_value=1,
            max_value=MOST_NOTICE,
            initial=USUAL_NOTICE,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
            **options,
        )
