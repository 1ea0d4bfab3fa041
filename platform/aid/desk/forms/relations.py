"""Who is close to somebody: a tie, one roof, a mandate; and who asks for them on the telephone."""

from typing import Any

from django import forms
from django.utils.text import capfirst

from accounts.models import Account
from aid.desk.forms.entry import NewPersonMixin, too_long
from aid.people.models import Person
from aid.relations.enums import Consent, Kinship, Scope
from aid.relations.forms import MandateMixin
from aid.relations.models import LONGEST_NOTE

INVALID = "Choisissez une réponse de la liste."
OF_A_MANDATE = ("scope", "consent", "ends_on", "circumstances")


class RelationForm(NewPersonMixin, MandateMixin):
    """Somebody close to a person: who, what they are to them, whether they live there, whether they may act."""

    email = forms.EmailField(
        label="Adresse e-mail",
        required=False,
        max_length=254,
        error_messages={"invalid": "Écrivez une adresse comme prenom.nom@exemple.fr.", **too_long("254")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label="Qui est-ce pour elle ?",
        choices=[("", "Choisir…"), *((one.value, capfirst(one.label)) for one in Kinship)],
        error_messages={"required": "Dites qui est cette personne pour elle.", "invalid_choice": INVALID},
    )
    lives_there = forms.BooleanField(label="Elles vivent sous le même toit", required=False)
    may_act = forms.BooleanField(label="Cette personne peut agir pour elle (un mandat)", required=False)
    consent = forms.ChoiceField(
        label="Comment a-t-elle donné son accord ?",
        help_text="Posez-lui la question à elle, pas seulement à la personne qui agira.",
        choices=[(one.value, capfirst(one.label)) for one in (Consent.BY_PHONE, Consent.ON_PAPER)],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Demandez-lui son accord, puis cochez comment il a été donné.",
            "invalid_choice": INVALID,
        },
    )
    circumstances = forms.CharField(
        label="Circonstances",
        required=False,
        max_length=LONGEST_NOTE,
        error_messages=too_long(str(LONGEST_NOTE)),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = [
        "first_name", "last_name", "phone", "email", "birth_year", "same_as", "kind", "lives_there", "may_act",
        *OF_A_MANDATE,
    ]  # fmt: skip

    def __init__(self, *args: Any, by_account: Account, person: Person | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.prepare_end()
        if person is None:
            self.find_duplicates(by_account)
        else:
            for name in ("first_name", "last_name", "phone", "email", "birth_year", "same_as"):
                del self.fields[name]

    def full_clean(self) -> None:
        """Ask nothing of a mandate where there is none."""
        is_mandate = not self.is_bound or bool(self.data.get(self.add_prefix("may_act")))
        for name in ("scope", "consent", "ends_on"):
            self.fields[name].required = is_mandate
        super().full_clean()
        if not is_mandate:
            for name in OF_A_MANDATE:
                self.errors.pop(name, None)

    def whom(self) -> Person | dict[str, Any]:
        """Somebody known, or the fields of somebody new."""
        known = self.person or (self.chosen_duplicate() if "same_as" in self.fields else None)
        return known or self.new_person() | {"email": self.cleaned_data["email"]}

    def relation(self) -> dict[str, Any]:
        """What they are to each other, as `note_relation` wants it."""
        known = self.cleaned_data
        mandate = None
        if known["may_act"]:
            mandate = {name: known[name] for name in OF_A_MANDATE} | {"scope": [Scope(one) for one in known["scope"]]}
        return {"kind": Kinship(known["kind"]), "lives_there": known["lives_there"], "mandate": mandate}
