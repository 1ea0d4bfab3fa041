"""The gestures of an agent on a request: what each asks before it is done."""

from typing import Any

from django import forms

from aid.configuration.enums import Mode
from aid.desk.forms.entry import too_long
from aid.help_requests import change_forms
from aid.help_requests.enums import CANCEL_REASONS, UNMET_REASONS, Reason
from aid.help_requests.models import HelpRequest
from aid.proposals.choosing import candidates_of
from aid.proposals.models import Proposal, ProposalQuerySet
from core.forms import LongText
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


class AmendForm(change_forms.AmendForm):
    """What was asked for, as it is: whatever of it changes."""

    is_empty = False


class WhoForm(GestureForm):
    """One of those who were asked: who it is about."""

    question, missing = "Qui ?", "Choisissez quelqu’un."
    proposal = forms.ModelChoiceField(
        queryset=Proposal.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"invalid_choice": "Choisissez quelqu’un de la liste."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["proposal"]
        field.label, field.error_messages["required"] = self.question, self.missing
        field.queryset = self.among().select_related("volunteer__person", "request")
        found = field.queryset.count()
        if found > MOST_CARDS:
            field.widget = forms.Select()
            field.empty_label = "Choisir…"
        if found == 1:
            self.initial.setdefault("proposal", field.queryset.get())
        field.label_from_instance = self._label

    def among(self) -> ProposalQuerySet:
        """Whom it may be about: those who were asked, or fewer."""
        return self.request.proposals.standing()

    @property
    def is_empty(self) -> bool:
        """Whether nobody can be chosen."""
        return not self.fields["proposal"].queryset.exists()

    def _label(self, proposal: Proposal) -> str:
        person = proposal.volunteer.person
        return ", ".join(filter(None, [person.full_name, format_telephone(person.phone)]))


class AcceptForm(WhoForm):
    """Who said yes on the telephone, of those who were asked."""

    question, missing = "Qui a dit oui ?", "Choisissez qui vient."

    def among(self) -> ProposalQuerySet:
        """Those who have not answered."""
        return super().among().asked().order_by("volunteer__person__search_name", "pk")


class ChooseForm(WhoForm):
    """Who goes, of those who put themselves forward."""

    question, missing = "Qui y va ?", "Choisissez qui vient."

    def among(self) -> ProposalQuerySet:
        """The candidates, the first one first."""
        return candidates_of(self.request)

    def _label(self, proposal: Proposal) -> str:
        times = proposal.times_helped
        helped = f"a déjà aidé {times} fois" if times else "son premier coup de main"
        return ", ".join(filter(None, [super()._label(proposal), proposal.volunteer.person.place, helped]))


class WithdrawForm(WhoForm):
    """Who cannot go after all, and what they say of it."""

    question, missing = "Qui ne peut plus y aller ?", "Choisissez qui se désiste."
    words = words_field("Que dit-il ?")

    def among(self) -> ProposalQuerySet:
        """Those who hold a place."""
        return super().among().yes().order_by("seat")


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
        if self.request.people_needed > 1:
            self.fields["minutes"].help_text = "Le temps que chacun a donné : les chiffres comptent chaque bénévole."


class ReasonForm(GestureForm):
    """Why, from the list; another reason is told in some words."""

    reasons: tuple[Reason, ...] = ()
    reason = forms.ChoiceField(
        label="Pourquoi ?",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choisissez une raison de la liste."),
    )
    words = words_field("Quelques mots")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [(reason, reason.label.capitalize()) for reason in self.reasons]

    def said(self) -> dict[str, Any]:
        """As `cancel` and `give_up` want it, from a valid form."""
        return {"reason": Reason(self.cleaned_data["reason"]), "words": self.cleaned_data["words"]}


class CancelForm(ReasonForm):
    """Why it is called off."""

    reasons = CANCEL_REASONS


class UnmetForm(ReasonForm):
    """Why nobody came."""

    reasons = UNMET_REASONS


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


class ModeForm(GestureForm):
    """How somebody is looked for from now on."""

    mode = forms.ChoiceField(
        label="De quelle façon ?",
        choices=Mode,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez comment chercher quelqu’un.",
            "invalid_choice": "Choisissez une réponse de la liste.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mode"].choices = [(one.value, one.label) for one in Mode if one != self.request.mode]


class HowForm(GestureForm):
    """How it went, as the person says it to who calls them."""

    how = forms.ChoiceField(
        label="Que dit la personne ?",
        choices=[("well", "Oui, cela s’est bien passé"), ("badly", "Non, pas vraiment")],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Dites ce que répond la personne.",
            "invalid_choice": "Choisissez une réponse de la liste.",
        },
    )
    words = words_field("Ses mots")

    @property
    def went_well(self) -> bool:
        """Whether it did, from a valid form."""
        return self.cleaned_data["how"] == "well"
