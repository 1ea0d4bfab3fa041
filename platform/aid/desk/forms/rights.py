"""What people ask of what is known of them, as agents write it down and answer it."""

from collections.abc import Iterable
from typing import Any

from django import forms

from aid.desk.forms.entry import too_long
from aid.desk.forms.gestures import words_field
from aid.notifications.channels import channel_of, is_written_to
from aid.notifications.enums import LAST_WORD
from aid.people.enums import Way
from aid.people.models import Person
from aid.privacy.enums import Agreed, RightKind, Via
from aid.privacy.models import RightsRequest
from aid.privacy.retention import Chosen
from core.forms import LongText

WRITTEN, SPOKEN = "message", "voix"
INVALID = "Choisissez une réponse de la liste."


class AskRightForm(forms.Form):
    """Who asks, by which door, and what there is to correct."""

    via = forms.ChoiceField(
        label="Comment cette demande est-elle venue ?",
        choices=[(one.value, one.label.capitalize()) for one in (Via.PHONE, Via.DESK, Via.LETTER)],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez comment elle est venue.", "invalid_choice": INVALID},
    )
    asked_by_name = forms.CharField(
        label="Qui demande, si ce n’est pas la personne elle-même ?",
        help_text="Son nom, et à quel titre : sa tutrice, par exemple.",
        required=False,
        max_length=120,
        error_messages=too_long("120"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    words = LongText(
        label="Ce que cette personne dit",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Écrivez ce qu’il faut corriger.", **too_long("1000")},
    )

    def __init__(self, *args: Any, kind: RightKind, **kwargs: Any) -> None:
        super().__init__(*args, initial={"via": Via.PHONE}, **kwargs)
        if kind == RightKind.CORRECT:
            self.fields["words"].required = True
            self.fields["words"].label = "Que faut-il corriger ?"


class RightGestureForm(forms.Form):
    """A gesture that asks for nothing more than its confirmation."""

    def __init__(self, *args: Any, request: RightsRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request


class DoneForm(RightGestureForm):
    """What was corrected, which the person reads."""

    answer = words_field("Qu’avez-vous corrigé ?", required="Écrivez ce qui a été corrigé.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request.kind == RightKind.CORRECT:
            self.fields["answer"].help_text = "La personne le lira."
        else:
            del self.fields["answer"]


class RefuseForm(RightGestureForm):
    """Why not."""

    answer = words_field(
        "Pourquoi refuser ?",
        required="Écrivez pourquoi : la personne le lira.",
        help_text="La personne le lira. Elle peut s’en plaindre à la CNIL.",
    )


class ForgetForm(RightGestureForm):
    """How the person knows that it is done: afterwards there is no number to call."""

    told = forms.ChoiceField(
        label="Comment cette personne le saura-t-elle ?",
        widget=forms.RadioSelect,
        error_messages={"required": "Dites comment elle le saura.", "invalid_choice": INVALID},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["told"].choices = _ways_to_tell(self.request.person)


def _ways_to_tell(person: Person) -> list[tuple[str, str]]:
    spoken = (SPOKEN, "Je le lui ai déjà dit, de vive voix ou par lettre")
    if not is_written_to(person, LAST_WORD):
        return [spoken]
    last = "un dernier SMS" if channel_of(person) == Way.SMS else "un dernier e-mail"
    return [(WRITTEN, f"Par {last}, que nous lui envoyons"), spoken]


class RetentionForm(forms.Form):
    """A number of months for each kind of data, between the bounds."""

    def __init__(self, *args: Any, chosen: Iterable[Chosen], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in chosen:
            kind = one.retention
            bounds = f"Écrivez un nombre de mois, de {kind.least} à {kind.most}."
            self.fields[kind.key] = forms.IntegerField(
                label=f"{kind.title}, en mois",
                help_text=f"De {kind.least} à {kind.most} mois après {kind.counted_from}. {kind.outcome}",
                initial=one.months,
                min_value=kind.least,
                max_value=kind.most,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
                error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), bounds),
            )


class HowForm(forms.Form):
    """How somebody takes an agreement back."""

    how = forms.ChoiceField(
        label="Comment cette personne le dit-elle ?",
        choices=[(one.value, one.label.capitalize()) for one in (Agreed.SPOKEN, Agreed.ON_PAPER)],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez comment elle le dit.", "invalid_choice": INVALID},
    )
