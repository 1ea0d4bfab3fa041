"""What is typed of a contract: no answer of price, of count or of VAT is chosen ahead."""

import datetime
from typing import Any

from django import forms

from billing.contracts import Price
from billing.identifiers import LONGEST_REFERENCE
from billing.models import Buyer, Contract
from billing.money import MOST_DECIMALS
from console.billing_desk.communes import ChoosesCommunes
from console.billing_desk.fields import EurosField, Form, ModelForm, YesNoField, day_field, words_field
from console.communes import communes_field, epci_field, search_field
from geography.models import Commune
from tenants.models import Town

TERMS = (
    "year_start", "count_basis", "age", "counted_on", "price_basis", "floor_scope", "prorates_floor", "adjusting",
    "least_adjustment",
)  # fmt: skip
CHOSEN = ("year_start", "count_basis", "age", "counted_on", "price_basis", "floor_scope", "adjusting")
PARTIES = ("town", "buyer", "reference")
# What the page groups under a heading each: those that a form has not are left out (billing_desk.groups).
GROUPS = (
    ("Qui", ("seller", *PARTIES)),
    ("Quand", ("signed_on", "begins_on", "ends_on", "year_start")),
    ("Qui est compté", ("count_basis", "age", "counted_on")),
    ("Le prix", ("unit", "floor", "price_basis", "floor_scope", "prorates_floor")),
    ("Ce qui change dans l’année", ("adjusting", "least_adjustment")),
)


def unit_field() -> EurosField:
    """Of a senior and a year."""
    return EurosField("Prix par senior et par an, en euros", decimals=MOST_DECIMALS, min_value=0)


def floor_field() -> EurosField:
    """Of a year at least."""
    return EurosField("Minimum par an, en euros", min_value=0)


class TermsForm(ChoosesCommunes, ModelForm):
    """All that a contract says, and where it applies; a quote asks the same but for the day of the signature."""

    begins_on = day_field("Commence le")
    ends_on = day_field(
        "Se termine la veille du",
        required=False,
        help_text="Laissez vide s’il dure tant que personne n’y met fin.",
    )
    unit, floor = unit_field(), floor_field()
    prorates_floor = YesNoField(
        "Pour une partie d’année, le minimum est-il au prorata des jours ?",
        yes="Oui, au prorata des jours",
        no="Non, il est dû en entier",
    )
    least_adjustment = EurosField(
        "Différence la plus petite à facturer, en euros",
        help_text="En dessous, elle attend la facture suivante.",
        min_value=0,
        max_digits=8,
    )
    search, communes, epci = search_field(), communes_field(), epci_field()

    class Meta:
        model = Contract
        fields = (*PARTIES, "begins_on", "ends_on", *TERMS)
        widgets = dict.fromkeys(CHOSEN, forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town"].queryset = Town.objects.order_by("name", "pk")
        self.fields["town"].empty_label = "Pas encore ouverte"
        self.fields["buyer"].queryset = Buyer.objects.order_by("name", "pk")
        self.fields["buyer"].empty_label = "Choisissez"
        self.offer()

    @property
    def price(self) -> Price:
        """What is asked."""
        return Price(self.cleaned_data["unit"], self.cleaned_data["floor"])

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Its fields, under their headings."""
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in GROUPS]


class ContractForm(TermsForm):
    """A contract that was signed on paper."""

    signed_on = day_field("Signé le")

    class Meta(TermsForm.Meta):
        fields = (*PARTIES, "signed_on", "begins_on", "ends_on", *TERMS)


class PriceForm(Form):
    """Another price, from a day on."""

    from_day = day_field("À partir du")
    unit, floor = unit_field(), floor_field()

    @property
    def price(self) -> Price:
        """What is asked."""
        return Price(self.cleaned_data["unit"], self.cleaned_data["floor"])


class JoinForm(ChoosesCommunes, Form):
    """A commune more, from a day on."""

    on = day_field("À partir du")
    search = search_field()
    communes = communes_field()
    epci = epci_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["communes"].label = "Communes qui rejoignent le contrat"
        self.offer()


class LeaveForm(Form):
    """A commune that leaves."""

    commune = forms.ModelChoiceField(
        Commune.objects.none(), label="Commune qui quitte le contrat", empty_label="Choisissez", to_field_name="code"
    )
    on = day_field("Elle n’est plus couverte à partir du")

    def __init__(self, contract: Contract, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        covered = contract.memberships.filter(ends_on=None).values("commune")
        self.fields["commune"].queryset = Commune.objects.filter(code__in=covered).order_by("search_name")


class EndForm(Form):
    """An end that is proposed: another person of the team confirms it, in their own session."""

    on = day_field("Le contrat se termine la veille du", help_text="Dans quatre-vingt-dix jours au plus tôt.")
    referent = forms.CharField(
        label="Qui suit cette fin à la collectivité ?", max_length=200, help_text="Son nom et sa fonction."
    )
    words = words_field("Pourquoi ?", help_text="La collectivité lira ces mots. N’y nommez aucun habitant.")


class EngagementForm(Form):
    """The buyer's number for a period."""

    year_starts_on = forms.TypedChoiceField(label="Pour la période", coerce=datetime.date.fromisoformat)
    number = forms.CharField(label="Numéro d’engagement", max_length=LONGEST_REFERENCE + 50)

    def __init__(self, periods: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year_starts_on"].choices = periods
