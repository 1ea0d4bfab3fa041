"""What an operator says before entering a town."""

from django import forms

from aid.support.models import LONGEST_REASON, SHORTEST_REASON

LOOKS, ACTS = "lire", "agir"
DURATIONS = [(15, "15 minutes"), (30, "30 minutes"), (60, "1 heure"), (120, "2 heures"), (240, "4 heures")]
CHOOSE = "Choisissez une réponse."


class SupportForm(forms.Form):
    """Why, for how long, and whether anything will be changed."""

    reason = forms.CharField(
        label="Pourquoi entrez-vous ?",
        help_text="La ville lit ces mots. Par exemple : «\xa0Mme Roy nous a appelés, l’import de sa liste ne finit "
        "pas.\xa0»",
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        error_messages={
            "required": "Écrivez pourquoi, en une phrase.",
            "min_length": "Écrivez pourquoi, en une phrase : ces mots sont trop courts.",
            "max_length": f"Écrivez {LONGEST_REASON} signes au plus.",
        },
        widget=forms.Textarea(attrs={"rows": 3, "minlength": False, "maxlength": False}),
    )
    minutes = forms.TypedChoiceField(
        label="Combien de temps ?",
        coerce=int,
        choices=DURATIONS,
        initial=30,
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    acts = forms.ChoiceField(
        label="Pour quoi faire ?",
        choices=[(LOOKS, "Lire seulement"), (ACTS, "Lire et modifier")],
        initial=LOOKS,
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )

    def clean_acts(self) -> bool:
        """Whether anything will be changed."""
        return self.cleaned_data["acts"] == ACTS
