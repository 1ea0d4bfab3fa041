"""A card that is worth nothing any more, and the number that somebody reads on one."""

from django import forms
from django.utils.text import capfirst

from aid.cards.enums import CHOSEN
from aid.cards.words import LONGEST
from aid.desk.forms.entry import too_long

NUMBER_LENGTH = 6


class VoidForm(forms.Form):
    """Why."""

    reason = forms.ChoiceField(
        label="Pourquoi l’annuler ?",
        choices=[(one.value, capfirst(one.label)) for one in CHOSEN],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez une raison.",
            "invalid_choice": "Choisissez une raison de la liste.",
        },
    )


class NumberForm(forms.Form):
    """The number of a card, as it is read aloud: case, spaces and dashes are forgiven."""

    number = forms.CharField(
        label="Numéro de la carte",
        help_text="Six lettres et chiffres, écrits sous le nom.",
        max_length=20,
        error_messages={"required": "Écrivez le numéro de la carte.", **too_long("20")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_number(self) -> str:
        """As it is printed."""
        signs = "".join(char for char in self.cleaned_data["number"].upper() if char.isalnum())
        if len(signs) != NUMBER_LENGTH:
            raise forms.ValidationError("Ce numéro a six lettres et chiffres.")
        half = NUMBER_LENGTH // 2
        return f"{signs[:half]}-{signs[half:]}"


class WordForm(forms.Form):
    """A word that she says on the telephone."""

    text = forms.CharField(
        label="Son mot",
        help_text="Un mot simple, qu’elle retient, et que personne ne devine.",
        error_messages={"required": "Écrivez un mot.", **too_long(str(LONGEST))},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
