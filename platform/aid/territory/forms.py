"""Choosing a commune of the territory: in a list, or typed where there are too many to scroll."""

from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError

from aid.territory.models import CoveredCommune
from core.text import fold

# Past that many, a list is too long to scroll: the name is typed, and the browser suggests.
MOST_LISTED_COMMUNES = 30
NOT_OURS = "Cette commune n’est pas sur notre territoire. Choisissez-en une de la liste."


def suggests(communes: Sequence[CoveredCommune]) -> bool:
    """Whether a commune is typed, with suggestions (a datalist « communes » of the page)."""
    return len(communes) > MOST_LISTED_COMMUNES


def commune_field(communes: Sequence[CoveredCommune], label: str) -> forms.Field:
    """The question, for a form whose `clean_…` calls `commune_among`."""
    if not suggests(communes):
        return forms.ModelChoiceField(
            label=label,
            queryset=CoveredCommune.objects.all(),
            empty_label="Choisissez",
            error_messages={
                "required": "Choisissez votre commune.",
                "invalid_choice": "Choisissez une commune de la liste.",
            },
        )
    widget = forms.TextInput(attrs={"list": "communes", "autocomplete": "off"})
    return forms.CharField(
        label=label, max_length=120, widget=widget, error_messages={"required": "Écrivez votre commune."}
    )


def commune_among(communes: Sequence[CoveredCommune], given: CoveredCommune | str) -> CoveredCommune:
    """The commune that was chosen, or typed, accents and capitals aside. Raises ValidationError."""
    if isinstance(given, CoveredCommune):
        return given
    found = [commune for commune in communes if fold(str(commune)) == fold(given)]
    if not found:
        raise ValidationError(NOT_OURS)
    return found[0]
