"""What is asked of somebody who leaves a shared account: of them in « mon espace », of an agent at the desk."""

from collections.abc import Collection
from typing import Any

from django import forms

ANSWER = "Répondez par oui ou par non."
YES, NO = "oui", "non"


class LeavingForm(forms.Form):
    """Whether what was shared is still theirs: one question a contact that is."""

    # By field, the question and its answers, as somebody is asked about themselves.
    questions = {
        "phone": (
            "Ce numéro est-il encore le vôtre ?",
            [(YES, "Oui, on peut m’y joindre"), (NO, "Non, oubliez ce numéro pour moi")],
        ),
        "email": (
            "Cette adresse e-mail est-elle encore la vôtre ?",
            [(YES, "Oui, on peut m’y écrire"), (NO, "Non, oubliez cette adresse pour moi")],
        ),
    }

    phone = forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": ANSWER, "invalid_choice": ANSWER})
    email = forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": ANSWER, "invalid_choice": ANSWER})

    def __init__(self, *args: Any, shared: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in [name for name in self.fields if name not in shared]:
            del self.fields[name]
        for name, field in self.fields.items():
            field.label, field.choices = self.questions[name]

    def no_longer_theirs(self) -> list[str]:
        """The fields of a person to take off."""
        return [name for name, answer in self.cleaned_data.items() if answer == NO]
