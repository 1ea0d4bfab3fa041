"""Who phones to answer what a neighbour offers for a day."""

from collections.abc import Iterable
from typing import Any

from django import forms

from aid.help_requests.enums import Consent, Source
from aid.help_requests.texts import AGREEMENT
from aid.nearby.forms import AnswerForm
from aid.nearby.one_off import Line


class AnswerForThemForm(AnswerForm):
    """Which offer, where, a word; and how they agreed."""

    offer = forms.ChoiceField(
        label="À quelle proposition ?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez une proposition.",
            "invalid_choice": "Cette proposition n’attend plus de réponse. Choisissez-en une autre.",
        },
    )
    source = forms.ChoiceField(
        label="Par où ?",
        choices=[(one.value, one.label) for one in (Source.PHONE, Source.DESK)],
        initial=Source.PHONE,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Dites si c’est au téléphone ou à l’accueil."),
    )
    consent = forms.ChoiceField(
        label="Son accord",
        help_text=f"À lire : « {AGREEMENT} Êtes-vous d’accord ? »",
        choices=[(one.value, one.label) for one in (Consent.SPOKEN, Consent.ON_PAPER)],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Demandez-lui son accord, puis cochez comment il a été donné."
        ),
    )

    def __init__(self, *args: Any, lines: Iterable[Line], **kwargs: Any) -> None:
        super().__init__(*args, is_for_her=True, **kwargs)
        self.lines = {str(line.offer.uid): line for line in lines}
        self.fields["offer"].choices = [(uid, _words(line)) for uid, line in self.lines.items()]
        self.order_fields(["offer", "commune", "district", "address", "details", "source", "consent"])

    @property
    def chosen(self) -> Line:
        """Which offer, of a form that is valid."""
        return self.lines[self.cleaned_data["offer"]]


def _words(line: Line) -> str:
    return f"{line.first_name} : {line.offer.kind}, {line.when}, {line.offer.place}"
