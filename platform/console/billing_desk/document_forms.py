"""What is typed before a document is prepared, and what a list of them is narrowed to."""

import datetime
from typing import Any

from django import forms

from billing.enums import DECIDED_CREDITS, BalanceState
from billing.models import Contract, Seller
from billing.periods import Period
from console.billing_desk.fields import EurosField, Form, choices_of
from console.billing_desk.party_forms import SearchForm

YEARLY, ADJUSTMENT = "annuelle", "regularisation"
CREDIT_NOTES = "avoirs"


class FilterForm(SearchForm):
    """Documents by number or buyer, in a state."""

    etat = forms.ChoiceField(
        label="Montrer", required=False, choices=[("", "Tout"), *choices_of(BalanceState), (CREDIT_NOTES, "Les avoirs")]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].label = "Numéro ou acheteur"


class SellerChoice(forms.ModelChoiceField):
    """Who sells; the only one is taken without a question."""

    def __init__(self) -> None:
        super().__init__(Seller.objects.order_by("name", "pk"), label="Vendeur", empty_label="Choisissez")


def only_seller() -> Seller | None:
    """The seller, where there is one alone."""
    found = list(Seller.objects.order_by("pk")[:2])
    return found[0] if len(found) == 1 else None


class PrepareForm(Form):
    """The invoice of a period, or what changed since."""

    kind = forms.ChoiceField(
        label="Que préparer ?",
        choices=[
            (YEARLY, "La facture de la période"),
            (ADJUSTMENT, "Sa régularisation : ce qui est dû, moins ce qui est déjà facturé"),
        ],
        widget=forms.RadioSelect,
    )
    period = forms.TypedChoiceField(
        label="Pour quelle période ?", widget=forms.RadioSelect, coerce=datetime.date.fromisoformat
    )
    seller = SellerChoice()

    def __init__(self, contract: Contract, periods: list[Period], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = [(max(one.start, contract.begins_on).isoformat(), one.words) for one in periods]
        if one := only_seller():
            self.fields["seller"].initial = one.pk


class CreditForm(Form):
    """Why an invoice is credited, and of how much."""

    reason = forms.ChoiceField(
        label="Pourquoi ?", choices=[(one.value, one.label) for one in DECIDED_CREDITS], widget=forms.RadioSelect
    )
    net = EurosField(
        "Montant à créditer, hors taxes",
        required=False,
        help_text="Laissez vide pour créditer tout ce qui reste de la facture.",
    )
