"""A list of people that an administrator sends, and what its columns hold."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from aid.people.importing.columns import FIELDS
from core.tables import LARGEST_FILE, TOO_LARGE

NOTHING = ""
KEEP_OUT, CREATE = "non", "oui"


class UploadForm(forms.Form):
    """The file."""

    fichier = forms.FileField(
        label="Votre liste",
        help_text="Un fichier CSV ou XLSX : 5 Mo et 20\u00a0000\u00a0lignes au plus. La première ligne porte "
        "les titres.",
        error_messages={
            "required": "Choisissez un fichier.",
            "invalid": "Choisissez un fichier.",
            "missing": "Choisissez un fichier.",
            "empty": "Ce fichier est vide.",
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )

    def clean_fichier(self) -> UploadedFile:
        """Not heavier than what is read."""
        file = self.cleaned_data["fichier"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(TOO_LARGE)
        return file


class ColumnsForm(forms.Form):
    """Which column holds what. Its fields are those of a person; its choices, the titles of the list."""

    def __init__(self, *args: Any, titles: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(place), title[:80] or f"Colonne {place + 1}") for place, title in enumerate(titles)]
        for name, (label, _) in FIELDS.items():
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=[(NOTHING, "Ne pas reprendre"), *named],
                required=name == "first_name",
                error_messages={
                    "required": "Choisissez la colonne du prénom.",
                    "invalid_choice": "Choisissez une colonne de la liste.",
                },
            )

    def clean(self) -> dict[str, Any]:
        """A column holds one thing."""
        cleaned = super().clean()
        used: dict[str, str] = {}
        for name, place in list(cleaned.items()):
            if place and place in used:
                self.add_error(name, f"Cette colonne sert déjà pour « {self.fields[used[place]].label} ».")
            used.setdefault(place, name)
        return cleaned

    def columns(self) -> dict[str, int]:
        """By field, its column."""
        return {name: int(place) for name, place in self.cleaned_data.items() if place}


class ConfirmForm(forms.Form):
    """What to do of people who are probably known already."""

    deja_connues = forms.ChoiceField(
        label="Et les personnes sans doute déjà connues ?",
        choices=[(KEEP_OUT, "Ne pas les créer"), (CREATE, "Les créer quand même")],
        initial=KEEP_OUT,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez une réponse.",
            "invalid_choice": "Choisissez une réponse de la liste.",
        },
    )
