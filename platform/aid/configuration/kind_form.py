"""The form of a kind of help, in the back-office: who asks, who helps, months, and the town's own questions."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.utils import ErrorList
from django.utils.dates import MONTHS
from wagtail.admin.forms.models import WagtailAdminModelForm

from aid.configuration.enums import Asking, Helping, QuestionType
from aid.configuration.questions import LONGEST_LABEL, MOST_QUESTIONS

WRITE_A_NUMBER = "Écrivez un nombre entier."


class QuestionsWidget(forms.Widget):
    """As many rows as there may be questions; those that say nothing are none. It needs no JavaScript."""

    template_name = "aid/configuration/questions.html"

    def id_for_label(self, id_: str) -> str:
        """The words of the first question."""
        return f"{id_}-0-label"

    def get_context(self, name: str, value: list[dict[str, Any]] | None, attrs: dict[str, Any] | None) -> Any:
        """Each row: what it is called, and what was written in it."""
        context = super().get_context(name, value, attrs)
        known = [*(value or []), *[{}] * MOST_QUESTIONS][:MOST_QUESTIONS]
        rows = [(f"{name}-{rank}", f"{context['widget']['attrs']['id']}-{rank}", one) for rank, one in enumerate(known)]
        return context | {"rows": rows, "types": QuestionType.choices, "longest": LONGEST_LABEL}

    def value_from_datadict(self, data: Mapping[str, str], files: object, name: str) -> list[dict[str, Any]]:
        """What was written, as it is kept; a choice a line."""
        rows = [self._row(data, f"{name}-{rank}") for rank in range(MOST_QUESTIONS)]
        return [row for row in rows if row["label"] or "choices" in row]

    def value_omitted_from_data(self, data: Mapping[str, str], files: object, name: str) -> bool:
        """Whether the form was sent without its questions."""
        return f"{name}-0-label" not in data

    @staticmethod
    def _row(data: Mapping[str, str], name: str) -> dict[str, Any]:
        choices = [line.strip() for line in data.get(f"{name}-choices", "").splitlines() if line.strip()]
        row: dict[str, Any] = {"label": data.get(f"{name}-label", "").strip(), "type": data.get(f"{name}-type", "")}
        if choices:
            row["choices"] = choices
        if data.get(f"{name}-is_required"):
            row["is_required"] = True
        return row


class QuestionsField(forms.Field):
    """The town's questions; `KindOfHelp.clean` says what is wrong with them."""

    widget = QuestionsWidget

    def has_changed(self, initial: list[dict[str, Any]] | None, data: list[dict[str, Any]]) -> bool:
        """Whether one is another than before."""
        return (initial or []) != data


def month(label: str) -> forms.TypedChoiceField:
    """A month of the year, or none."""
    return forms.TypedChoiceField(
        label=label, choices=[("", "Toute l’année"), *MONTHS.items()], coerce=int, empty_value=None, required=False
    )


class KindOfHelpForm(WagtailAdminModelForm):
    """A kind of help, in plain words."""

    askers = forms.MultipleChoiceField(
        label="Qui peut demander",
        choices=Asking,
        widget=forms.CheckboxSelectMultiple,
        help_text="Sur le site, un habitant demande pour soi, un aidant pour un proche. L’accueil note les autres.",
        error_messages={"required": "Dites qui peut demander."},
    )
    helpers = forms.MultipleChoiceField(
        label="Qui peut aider",
        choices=Helping,
        widget=forms.CheckboxSelectMultiple,
        help_text="Une association répond par une personne : sur sa page d’étapes, l’accueil note pour qui elle vient.",
        error_messages={"required": "Dites qui peut aider."},
    )
    first_month = month("De")
    last_month = month("À")
    questions = QuestionsField(
        label="Questions",
        required=False,
        help_text=(
            f"{MOST_QUESTIONS} au plus. Ne posez pas de question sur la santé. L’équipe et le bénévole qui vient "
            "lisent les réponses."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.IntegerField):
                field.error_messages["invalid"] = WRITE_A_NUMBER

    def _post_clean(self) -> None:
        """Put what a rule of the table says beside its field."""
        super()._post_clean()
        for error in self.errors.pop(NON_FIELD_ERRORS, ErrorList()).as_data():
            self.add_error(error.code if error.code in self.fields else None, error)
