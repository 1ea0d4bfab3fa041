"""What is asked for, with the town's own questions about it, and who asks: parts of the form of a request."""

from typing import Any

from django import forms

from accounts.models import Account
from aid.configuration.forms import AskedUnderKind, answers_in
from aid.configuration.kinds import MOST_PEOPLE
from aid.configuration.models import KindOfHelp
from aid.configuration.services import identity
from aid.desk import access
from aid.help_requests.enums import AskedBy
from aid.help_requests.for_somebody import asked_by_kinship
from aid.partners.models import Partner
from aid.people.models import Person
from aid.relations.services import close_to

LONGEST_NAME = 120


class NeedMixin(AskedUnderKind, forms.Form):
    """A kind of help, what the town asks about it, and how many people it needs where it needs several."""

    kind = forms.ModelChoiceField(
        label="Quelle aide ?",
        queryset=KindOfHelp.objects.offered(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choisissez une aide.", "invalid_choice": "Choisissez une aide de la liste."},
    )

    def more_of(self, kind: KindOfHelp) -> dict[str, forms.Field]:
        """The town's questions, and how many people."""
        people = {_people(kind): _people_field(kind)} if kind.people_needed > 1 else {}
        return super().more_of(kind) | people

    def need(self) -> dict[str, Any]:
        """The kind, the answers to its questions, and how many people it needs where that was said."""
        kind = self.cleaned_data["kind"]
        return {
            "kind": kind,
            "answers": answers_in(self, kind),
            "people_needed": self.cleaned_data.get(_people(kind)),
        }


class AskerMixin(forms.Form):
    """Who asks: herself, somebody close whom the town knows, somebody else, an association, the town."""

    asked_by = forms.ChoiceField(
        label="Qui demande ?",
        choices=AskedBy,
        initial=AskedBy.SELF,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Dites qui demande.",
            "invalid_choice": "Choisissez une réponse de la liste.",
        },
    )
    association = forms.ModelChoiceField(
        label="Pour une association : laquelle ?",
        queryset=Partner.objects.associations(),
        required=False,
        empty_label="Aucune, ou une autre",
        help_text="Plus haut, écrivez la personne à retrouver sur place.",
        error_messages={"invalid_choice": "Choisissez une association de la liste."},
    )
    asked_by_name = forms.CharField(
        label="Son nom, s’il n’est pas dans ces listes",
        required=False,
        max_length=LONGEST_NAME,
        error_messages={"max_length": f"Écrivez {LONGEST_NAME} signes au plus."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    person: Person | None
    callers: dict[str, Person]

    def offer_known_callers(self, person: Person | None, by_account: Account) -> None:
        """Put who is known to be close to somebody among who may ask for them: nobody types their name again."""
        everybody = close_to(person) if person else []
        openable = access.openable(by_account, [one for one, _ in everybody])
        close = {str(one.uid): (one, words) for one, words in everybody if one.pk in openable}
        self.callers = {uid: one for uid, (one, _) in close.items()}
        known = [(uid, ", ".join(filter(None, [one.full_name, words]))) for uid, (one, words) in close.items()]
        (herself, *others) = AskedBy.choices
        self.fields["asked_by"].choices = [herself, *known, *others]
        if not self.fields["association"].queryset.exists():
            del self.fields["association"]

    def clean_asker(self) -> None:
        """Who asks for somebody else, or for an association, is named; the town names itself."""
        asked_by, typed = self.cleaned_data.get("asked_by"), self.cleaned_data.get("asked_by_name")
        if asked_by in {None, "", AskedBy.SELF, AskedBy.TOWN, *self.callers} or typed:
            return
        if asked_by == AskedBy.ASSOCIATION:
            if not self.cleaned_data.get("association"):
                self.add_error("asked_by_name", "Choisissez l’association, ou écrivez son nom.")
        else:
            self.add_error("asked_by_name", "Écrivez le nom de la personne qui demande.")

    def asker(self) -> dict[str, Any]:
        """Who asks, as the verbs of requests want it."""
        asked_by, name = self.cleaned_data["asked_by"], self.cleaned_data["asked_by_name"]
        caller = self.callers.get(asked_by)
        if caller is not None:
            return {
                "asked_by": asked_by_kinship(self.person, caller),
                "asked_by_name": caller.full_name[:LONGEST_NAME],
                "asked_by_person": caller,
            }
        if asked_by == AskedBy.ASSOCIATION:
            name = str(self.cleaned_data.get("association") or name)
        elif asked_by in {AskedBy.SELF, AskedBy.TOWN}:
            name = identity().public_name if asked_by == AskedBy.TOWN else ""
        return {"asked_by": asked_by, "asked_by_name": name[:LONGEST_NAME]}


def _people(kind: KindOfHelp) -> str:
    return f"people_{kind.pk}"


def _people_field(kind: KindOfHelp) -> forms.IntegerField:
    wrong = f"Écrivez un nombre entre 1 et {MOST_PEOPLE}."
    return forms.IntegerField(
        label="Combien de bénévoles ?",
        initial=kind.people_needed,
        required=False,
        min_value=1,
        max_value=MOST_PEOPLE,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
    )
