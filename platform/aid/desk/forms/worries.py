"""What is asked of who notes a worry, follows it, answers it; and who is on duty."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import capfirst

from accounts.models import Account
from aid.desk.forms.entry import too_long
from aid.desk.forms.gestures import words_field
from aid.people.models import Person
from aid.territory.models import Sector
from aid.worries.enums import WorryAnswer
from aid.worries.forms import WorryForm
from aid.worries.services import LONGEST_WORDS
from core.forms import LongText

SOMEBODY_ELSE = "autre"
NOBODY = ""


class NoteWorryForm(WorryForm):
    """A worry that somebody told an agent."""

    told_by = forms.ChoiceField(
        label="Qui le dit ?",
        widget=forms.RadioSelect,
        error_messages={"required": "Dites qui s’inquiète.", "invalid_choice": "Choisissez une réponse de la liste."},
    )
    teller = forms.CharField(
        label="Son nom, si c’est quelqu’un d’autre",
        help_text="Par exemple : sa voisine du dessous, Mme Roy.",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=too_long("120"),
    )
    field_order = ["told_by", "teller", "grade", "words"]

    def __init__(self, *args: Any, helpers: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helpers = {str(one.uid): one for one in helpers}
        named = [(uid, f"{one.full_name}, bénévole") for uid, one in self.helpers.items()]
        self.fields["told_by"].choices = [*named, (SOMEBODY_ELSE, "Quelqu’un d’autre, ou moi")]
        self.fields["words"].help_text = "Ce qui a été vu ou entendu, avec les mots de qui appelle."
        if not named:
            self.fields["told_by"].initial = SOMEBODY_ELSE

    def who(self) -> dict[str, Any]:
        """As `tell` wants them."""
        helper = self.helpers.get(self.cleaned_data["told_by"])
        return {"told_by": helper, "teller": "" if helper else self.cleaned_data["teller"]}


class WorryGestureForm(forms.Form):
    """What was done."""

    words = LongText(
        label="Qu’avez-vous fait ?",
        help_text="Un appel, un passage, qui a été prévenu. C’est gardé chiffré.",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez ce que vous avez fait.", **too_long("2 000")},
    )


class CloseWorryForm(forms.Form):
    """What came of it."""

    answer = forms.ChoiceField(
        label="Quelle réponse ?",
        choices=[(one.value, capfirst(one.label)) for one in WorryAnswer],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une réponse.", "invalid_choice": "Choisissez une réponse de la liste."},
    )
    closing = words_field("Quelques mots pour les collègues")


class DutyForm(forms.Form):
    """Who is given the worries of each sector, and those of everywhere else."""

    def __init__(
        self,
        *args: Any,
        places: list[tuple[Sector | None, list[Account]]],
        chosen: Mapping[int | None, Account],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.places = {f"secteur-{sector.pk}" if sector else "ailleurs": (sector, able) for sector, able in places}
        for name, (sector, able) in self.places.items():
            known = chosen.get(sector.pk if sector else None)
            self.fields[name] = forms.ChoiceField(
                label=f"Secteur {sector}" if sector else "Partout ailleurs",
                required=False,
                choices=[
                    (NOBODY, "La personne d’« ailleurs »" if sector else "Qui en suit le moins"),
                    *((str(one.uid), one.get_full_name() or one.email or one.phone) for one in able),
                ],
                initial=str(known.uid) if known else NOBODY,
                error_messages={"invalid_choice": "Choisissez quelqu’un de la liste."},
            )

    def duties(self) -> dict[Sector | None, Account | None]:
        """By sector, who was chosen."""
        return {
            sector: next((one for one in able if str(one.uid) == self.cleaned_data[name]), None)
            for name, (sector, able) in self.places.items()
        }
