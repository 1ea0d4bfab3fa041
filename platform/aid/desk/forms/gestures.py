"""The gestures of an agent on a request: what each asks before it is done."""

from typing import Any

from django import forms

from aid.desk.forms.entry import LongText, too_long
from aid.help_requests.models import HelpRequest
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal
from themes.brand import format_telephone

LONGEST_DAY = 24 * 60
# Beyond, a list where the first letters lead to a name.
MOST_CARDS = 12


def words_field(label: str, *, required: str = "", help_text: str = "") -> LongText:
    """Some lines of text; `required` is the error where there are none."""
    return LongText(
        label=label,
        help_text=help_text,
        required=bool(required),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": required, **too_long("600")},
    )


class GestureForm(forms.Form):
    """A gesture that asks for nothing more than its confirmation."""

    def __init__(self, *args: Any, request: HelpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    is_empty = False


class AcceptForm(GestureForm):
    """Who said yes on the telephone, of those who were asked."""

    proposal = forms.ModelChoiceField(
        label="Qui a dit oui ?",
        queryset=Proposal.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choisissez qui vient.", "invalid_choice": "Choisissez quelqu’un de la liste."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["proposal"]
        field.queryset = (
            self.request.proposals.standing()
            .filter(answer=Answer.ASKED)
            .select_related("volunteer__person", "request")
            .order_by("volunteer__person__search_name", "pk")
        )
        if field.queryset.count() > MOST_CARDS:
            field.widget = forms.Select()
            field.empty_label = "Choisir…"
        field.label_from_instance = self._label

    @property
    def is_empty(self) -> bool:
        """Whether nobody can be chosen."""
        return not self.fields["proposal"].queryset.exists()

    def _label(self, proposal: Proposal) -> str:
        person = proposal.volunteer.person
        return ", ".join(filter(None, [person.full_name, format_telephone(person.phone)]))


class FinishForm(GestureForm):
    """It was done, and how long it took."""

    minutes = forms.IntegerField(
        label="Combien de minutes ?",
        min_value=1,
        max_value=LONGEST_DAY,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            "Écrivez un nombre de minutes, de 1 à 1\xa0440. Une heure fait 60.",
        ),
    )
    words = words_field("Comment cela s’est-il passé ?")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("minutes", self.request.kind.usual_minutes)


class ReasonForm(GestureForm):
    """Why."""

    words = words_field("Pourquoi ?", required="Écrivez en quelques mots pourquoi.")


class NoteForm(GestureForm):
    """A line for colleagues."""

    words = words_field(
        "Une note pour les collègues",
        required="Écrivez votre note.",
        help_text="Elle reste dans l’histoire de la demande.",
    )


class OutcomeForm(forms.Form):
    """What came of a follow-up."""

    outcome = words_field("Que s’est-il passé ?")
