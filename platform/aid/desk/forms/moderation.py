"""What an agent decides of a public text, and of somebody."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from aid.desk.forms.entry import too_long
from aid.desk.forms.gestures import words_field
from aid.moderation.enums import Outcome, Reason, SanctionKind, Via
from aid.moderation.models import Case, Sanction
from aid.moderation.queue import DECISIONS
from core.forms import LongText

LAST_SECOND = datetime.time(23, 59, 59)
CHOOSE = "Choisissez une réponse de la liste."
READ_BY_THEM = "La personne le lira. N’écrivez rien qui dise qui a signalé."
SAID_TO_THEM = "Vous le direz au téléphone\u00a0: ce texte n’a pas d’auteur à qui écrire."
REASONS = [("", "Choisir"), *[(value, label.capitalize()) for value, label in Reason.choices if value != Reason.FINE]]
DECIDED = {
    Outcome.KEPT: "Laisser : rien à redire",
    Outcome.HIDDEN: "Masquer : la personne pourra le corriger",
    Outcome.REMOVED: "Retirer",
}
MEASURES = {
    SanctionKind.WARNING: "Avertir : rien d’autre ne change",
    SanctionKind.MUTE: "Interdire de publier, jusqu’à une date",
    SanctionKind.SUSPENSION: "Suspendre : ni publication, ni mission",
    SanctionKind.EXCLUSION: "Exclure du réseau",
}


class DecisionForm(forms.Form):
    """Leave, hide or remove; why; and in which words the author reads it."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label="Que décidez-vous ?",
        choices=[(one.value, DECIDED[one]) for one in DECISIONS],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une décision.", "invalid_choice": CHOOSE},
    )
    reason = forms.ChoiceField(
        label="Pourquoi ?",
        choices=REASONS,
        required=False,
        help_text="Pour masquer ou retirer.",
        error_messages={"invalid_choice": CHOOSE},
    )
    words = words_field("En quelques mots", help_text=READ_BY_THEM)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, initial={"revision": case.revision}, **kwargs)
        if case.author_id is None:
            self.fields["words"].help_text = SAID_TO_THEM

    def decision(self) -> dict[str, Any]:
        """What `queue.decide` takes."""
        said = self.cleaned_data
        return {
            "outcome": Outcome(said["outcome"]),
            "reason": Reason(said["reason"] or Reason.FINE),
            "words": said["words"],
            "revision": said["revision"],
        }


class MeasureForm(forms.Form):
    """What is done about somebody, why, and until when."""

    kind = forms.ChoiceField(
        label="Quelle mesure ?",
        choices=[(one.value, MEASURES[one]) for one in SanctionKind],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une mesure.", "invalid_choice": CHOOSE},
    )
    reason = forms.ChoiceField(
        label="Pourquoi ?",
        choices=REASONS,
        error_messages={"required": "Choisissez une raison.", "invalid_choice": CHOOSE},
    )
    words = words_field(
        "Ce que vous lui dites", required="Écrivez pourquoi : la personne le lira.", help_text=READ_BY_THEM
    )
    ends_on = forms.DateField(
        label="Jusqu’au",
        required=False,
        help_text="Pour une interdiction de publier. Pour une suspension : le jour où la revoir.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Écrivez une date : jour, mois, année."},
    )

    def clean(self) -> dict[str, Any]:
        """A mute has an end; what lasts until somebody lifts it has none."""
        said = super().clean()
        kind = said.get("kind")
        if kind == SanctionKind.MUTE and not said.get("ends_on") and "ends_on" not in self.errors:
            self.add_error("ends_on", "Dites jusqu’à quand.")
        if kind in (SanctionKind.WARNING, SanctionKind.EXCLUSION) and said.get("ends_on"):
            self.add_error("ends_on", "Cette mesure n’a pas de date de fin.")
        return said

    def measure(self) -> dict[str, Any]:
        """What `sanctions.take` takes. The last day counts whole."""
        said = self.cleaned_data
        day = said["ends_on"]
        end = day and timezone.make_aware(datetime.datetime.combine(day, LAST_SECOND))
        return {
            "kind": SanctionKind(said["kind"]),
            "reason": Reason(said["reason"]),
            "words": said["words"],
            "ends_at": end,
        }


class MeasureGestureForm(forms.Form):
    """A gesture on a measure that asks for nothing more than its confirmation."""

    def __init__(self, *args: Any, sanction: Sanction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sanction = sanction


class AppealForm(MeasureGestureForm):
    """What the person says, by which door."""

    via = forms.ChoiceField(
        label="Comment cette personne vous l’a-t-elle dit ?",
        choices=[(one.value, one.label.capitalize()) for one in (Via.PHONE, Via.DESK, Via.LETTER)],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez comment.", "invalid_choice": CHOOSE},
    )
    words = LongText(
        label="Ce que cette personne répond",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Écrivez ce que la personne répond.", **too_long("1000")},
    )


class AnswerForm(MeasureGestureForm):
    """Uphold or lift, and why."""

    is_lifted = forms.ChoiceField(
        label="Que décidez-vous ?",
        choices=[("non", "Maintenir la mesure"), ("oui", "Lever la mesure")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une réponse.", "invalid_choice": CHOOSE},
    )
    words = words_field("Pourquoi ?", required="Écrivez pourquoi : la personne le lira.", help_text=READ_BY_THEM)
