"""What is asked of who worries."""

import uuid
from typing import Any

from django import forms
from django.utils.text import capfirst

from aid.worries.enums import Grade
from aid.worries.services import LONGEST_WORDS


class WorryForm(forms.Form):
    """How worried, and what happens. The form has a number of its own: sent twice, it is one worry."""

    grade = forms.ChoiceField(
        label="À quel point ?",
        choices=[(one.value, capfirst(one.label)) for one in Grade],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une réponse.", "invalid_choice": "Choisissez une réponse de la liste."},
    )
    words = forms.CharField(
        label="Que se passe-t-il ?",
        help_text="Ce que vous avez vu ou entendu, avec vos mots. Seule l’équipe de la ville le lit.",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Écrivez en quelques mots ce qui se passe."},
    )
    form_uid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("form_uid", uuid.uuid4())

    def clean_words(self) -> str:
        """Not too long; what was typed stays in the page."""
        words = self.cleaned_data["words"]
        if len(words) > LONGEST_WORDS:
            raise forms.ValidationError(f"C’est trop long : {LONGEST_WORDS} signes au plus.")
        return words
