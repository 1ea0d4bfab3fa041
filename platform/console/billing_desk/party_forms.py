"""What is typed of who sells and who buys."""

import re
from typing import Any

from django import forms

from billing.enums import VatRegime
from billing.models import Buyer, FinanceContact, Seller, SellerRegime
from console.billing_desk.fields import Form, ModelForm, YesNoField, choices_of, day_field
from core.company_numbers import format_siret, normalise_siret

_SPACES = re.compile(r"\s+")


def siret_field() -> forms.CharField:
    """A SIRET, spaced as one likes."""
    return forms.CharField(
        label="SIRET", max_length=30, help_text="Quatorze chiffres, avec ou sans espaces : 216 005 090 00016."
    )


class SellerForm(ModelForm):
    """The legal particulars that each document copies."""

    siret = siret_field()
    vat_number = forms.CharField(
        label="numéro de TVA", max_length=30, required=False, help_text="Laissez vide en franchise en base."
    )
    iban = forms.CharField(label="IBAN", max_length=50, help_text="Celui que lisent les comptables publics.")

    class Meta:
        model = Seller
        fields = (
            "name", "legal_form", "siret", "register", "vat_number", "street", "postal_code", "city", "email",
            "telephone", "iban",
        )  # fmt: skip
        help_texts = {
            "legal_form": "Par exemple : SCIC SA à capital variable.",
            "register": "Par exemple : RCS Nantes 732 829 320.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _space(self)

    def clean_siret(self) -> str:
        """Fourteen digits."""
        return normalise_siret(self.cleaned_data["siret"])

    def clean_iban(self) -> str:
        """Without its spaces."""
        return _SPACES.sub("", self.cleaned_data["iban"]).upper()

    def clean_vat_number(self) -> str:
        """Without its spaces."""
        return _SPACES.sub("", self.cleaned_data["vat_number"]).upper()


class RegimeForm(ModelForm):
    """The VAT of a seller from a day on."""

    starts_on = day_field("À partir du")
    on_debits = YesNoField("Option pour les débits ?", yes="Oui, elle a été prise", no="Non")

    class Meta:
        model = SellerRegime
        fields = ("starts_on", "regime", "on_debits")
        widgets = {"regime": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["regime"].choices = choices_of(VatRegime)


class BuyerForm(ModelForm):
    """An establishment that is invoiced, and what its invoices must bear."""

    siret = siret_field()

    class Meta:
        model = Buyer
        fields = ("kind", "name", "siret", "street", "postal_code", "city", "requirement", "service_code")
        widgets = {"kind": forms.RadioSelect, "requirement": forms.RadioSelect}
        help_texts = {
            "name": "Le nom exact. Un CCAS est une autre personne que sa commune, avec son propre SIRET.",
            "requirement": "Sa fiche dans Chorus Pro le dit.",
            "service_code": "Laissez vide s’il n’en demande pas.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _space(self)
        if not self.instance.pk:
            # Its default is for other doors: here somebody reads the directory, and answers.
            self.initial.pop("requirement", None)
            self.fields["requirement"].initial = None

    def clean_siret(self) -> str:
        """Fourteen digits."""
        return normalise_siret(self.cleaned_data["siret"])


class ContactForm(ModelForm):
    """Somebody of finance."""

    class Meta:
        model = FinanceContact
        fields = ("name", "email")


class SearchForm(Form):
    """What a list is narrowed to; nothing is required."""

    q = forms.CharField(label="Chercher", required=False, max_length=200)


def _space(form: forms.ModelForm) -> None:
    """Show a SIRET as people read it."""
    if form.initial.get("siret"):
        form.initial["siret"] = format_siret(form.initial["siret"])
