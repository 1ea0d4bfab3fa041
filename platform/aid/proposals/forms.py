"""What a volunteer says of a mission."""

from typing import Any

from django import forms

from aid.proposals.models import LONGEST_WORDS_BACK

LONGEST = 24 * 60
OTHER = "other"


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
    words = forms.CharField(
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

    words = forms.CharField(
        label="Quelques mots en retour",
        max_length=LONGEST_WORDS_BACK,
        required=False,
        help_text="Par exemple : « Plutôt jeudi ? » Ni numéro, ni adresse : avec un oui, vous recevez chacun les deux.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"Écrivez {LONGEST_WORDS_BACK} caractères au plus."},
    )


class NotHeldForm(forms.Form):
    """It did not take place, and why."""

    reason = forms.CharField(
        label="Que s’est-il passé ?",
        max_length=600,
        help_text="Quelques mots suffisent. L’équipe les lit et prend le relais.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Écrivez quelques mots, par exemple : personne n’a ouvert.",
            "max_length": "Écrivez 600 caractères au plus.",
        },
    )
