"""What changes of a request: what is asked for, or that it is not needed any more."""

from typing import Any

from django import forms

from aid.help_requests import times
from aid.help_requests.enums import CANCEL_REASONS, Reason
from aid.help_requests.forms import OTHER, PRECISE, TODAY, TOMORROW, WhenForm, urgency_field
from aid.help_requests.models import HelpRequest
from aid.help_requests.needs import LONGEST_DETAILS, Need
from aid.help_requests.services import LONGEST_WORDS
from core.forms import LongText

IN_HER_WORDS = {
    Reason.NOT_NEEDED: "Je n’en ai plus besoin",
    Reason.FOUND_ELSEWHERE: "J’ai trouvé une autre solution",
    Reason.IMPEDED: "J’ai un empêchement",
    Reason.MISTAKE: "C’était une erreur, ou je l’ai demandé deux fois",
    Reason.NOT_OURS: "Ce n’est pas pour un bénévole",
    Reason.OTHER: "Une autre raison",
}


def words_field(label: str, most: int, **more: Any) -> LongText:
    """Some lines, for who wishes to write them."""
    return LongText(
        label=label,
        required=False,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"Écrivez {most} caractères au plus."},
        **more,
    )


class AmendForm(WhenForm):
    """What was asked for, as it is: whatever of it changes."""

    details = words_field("Un mot pour le voisin qui viendra", LONGEST_DETAILS)
    urgency = urgency_field()

    def __init__(self, *args: Any, request: HelpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        ahead = (request.day - times.town_now().date()).days
        self.initial = {
            "day_choice": {0: TODAY, 1: TOMORROW}.get(ahead, OTHER),
            "day": request.day,
            "moment": PRECISE if request.hour else request.moment,
            "hour": request.hour,
            "commune": str(request.commune) if self.suggests_communes else request.commune_id,
            "district": request.district_id,
            "address": request.address,
            "details": request.details,
            "urgency": request.urgency,
        } | self.initial
        for name, label in (("commune", "La commune"), ("district", "Le quartier"), ("address", "L’adresse")):
            if name in self.fields:
                self.fields[name].label = label

    def wanted(self) -> Need:
        """What is asked for now, from a valid form."""
        return self.need(self.request.kind, self.cleaned_data["details"])


class CancelForm(forms.Form):
    """Why nothing is needed any more, for who wishes to say."""

    reason = forms.ChoiceField(
        label="Pourquoi ? Vous pouvez ne pas répondre.",
        choices=[(reason, IN_HER_WORDS[reason]) for reason in CANCEL_REASONS],
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez une réponse de la liste."},
    )
    words = words_field("Quelques mots", LONGEST_WORDS)

    def said(self) -> dict[str, Any]:
        """As `cancel` wants it, from a valid form."""
        reason = self.cleaned_data["reason"]
        return {"reason": Reason(reason) if reason else None, "words": self.cleaned_data["words"]}
