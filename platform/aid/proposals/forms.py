"""What a volunteer says of a mission."""

from typing import Any

from django import forms

from aid.help_requests.enums import Reason
from aid.proposals.models import LONGEST_WORDS_BACK
from core.forms import LongText

LONGEST = 24 * 60
OTHER = "other"
# The reasons of what did not take place, as who was to go says them.
WHY_NOT_HELD = {
    Reason.NOBODY_HOME: "La personne n’était pas là",
    Reason.NOBODY_CAME: "Je n’ai pas pu y aller",
    Reason.NOT_OURS: "Ce n’était pas pour un bénévole",
    Reason.OTHER: "Autre chose",
}


class DoneForm(forms.Form):
    """It is done, and took so long."""

    duration = forms.ChoiceField(
        label="Combien de temps avez-vous passé ?",
        choices=[("30", "30 minutes"), ("60", "1 h"), ("90", "1 h 30"), ("120", "2 h"), (OTHER, "Une autre durée")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une durée, même à peu près."},
    )
    other_minutes = forms.IntegerField(
        label="Une autre durée, en minutes",
        required=False,
        help_text="Par exemple 45.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "Écrivez un nombre de minutes, par exemple 45."},
    )
    words = LongText(
        label="Quelque chose à nous dire ?",
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "Écrivez 600 caractères au plus."},
    )

    def clean(self) -> dict[str, Any]:
        """Find how many minutes it took. A number typed beside « 1 h » is what was meant."""
        cleaned = super().clean()
        minutes = cleaned.get("other_minutes")
        if cleaned.get("duration") == OTHER and "other_minutes" not in self.errors and minutes is None:
            self.add_error("other_minutes", "Écrivez un nombre de minutes, par exemple 45.")
        elif minutes is not None and not 1 <= minutes <= LONGEST:
            self.add_error("other_minutes", "Écrivez un nombre entre 1 et 1440 minutes.")
        return cleaned

    @property
    def minutes(self) -> int:
        """How long it took, once the form is valid."""
        typed = self.cleaned_data["other_minutes"]
        return typed if typed is not None else int(self.cleaned_data["duration"])


class WordsBackForm(forms.Form):
    """A few words to who wrote to them."""

    words = LongText(
        label="Quelques mots en retour",
        max_length=LONGEST_WORDS_BACK,
        required=False,
        help_text="Par exemple : « Plutôt jeudi ? » Ni numéro, ni adresse : avec un oui, vous recevez chacun les deux.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"Écrivez {LONGEST_WORDS_BACK} caractères au plus."},
    )


class NotHeldForm(forms.Form):
    """It did not take place, and why."""

    reason = forms.ChoiceField(
        label="Que s’est-il passé ?",
        choices=list(WHY_NOT_HELD.items()),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choisissez ce qui s’est passé."),
    )
    # Beside DoneForm on its page: no two fields have one name.
    story = LongText(
        label="Quelques mots",
        max_length=600,
        required=False,
        help_text="Par exemple : personne n’a ouvert. L’équipe les lit et prend le relais.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "Écrivez 600 caractères au plus."},
    )

    def said(self) -> dict[str, Any]:
        """As `tell_not_held` wants it, from a valid form."""
        return {"reason": Reason(self.cleaned_data["reason"]), "words": self.cleaned_data["story"]}


class WithdrawForm(forms.Form):
    """They cannot go after all."""

    words = LongText(
        label="Quelque chose à nous dire ?",
        max_length=600,
        required=False,
        help_text="Seule l’équipe le lit.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "Écrivez 600 caractères au plus."},
    )
