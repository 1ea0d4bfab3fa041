"""What is typed of a quote: what its contract will say, the seniors that it counts, and how it was answered."""

from typing import Any

from django import forms

from billing.enums import AcceptanceProof, CountBasis
from billing.identifiers import LONGEST_REFERENCE
from billing.models import Quote
from billing.models.parties import LONGEST_NAME
from billing.quoting import MOST_BYTES, VALID_DAYS
from console.billing_desk.contract_forms import TermsForm
from console.billing_desk.count_forms import seniors_field
from console.billing_desk.document_forms import SellerChoice, only_seller
from console.billing_desk.fields import Form, choices_of, day_field
from geography.models import Commune


class QuoteForm(TermsForm):
    """A quote. Seniors that no census tells are typed, once its communes are chosen."""

    seller = SellerChoice()
    source = forms.CharField(
        label="Quel écrit donne les nombres de seniors ?",
        max_length=200,
        required=False,
        help_text="À remplir si l’INSEE ne les donne pas.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if one := only_seller():
            self.fields["seller"].initial = one.pk
        told = self.data if self.is_bound else self.initial
        self.counted: list[Commune] = []
        if told.get("count_basis") and told.get("count_basis") != CountBasis.CENSUS:
            self._ask_numbers()

    def _ask_numbers(self) -> None:
        told = self.data if self.is_bound else self.initial
        codes = told.getlist("communes") if hasattr(told, "getlist") else told.get("communes") or []
        self.counted = list(Commune.objects.filter(code__in=codes).order_by("search_name"))
        for commune in self.counted:
            self.fields[f"seniors_{commune.code}"] = seniors_field(commune)

    @property
    def numbers(self) -> dict[str, int] | None:
        """Seniors by code of commune; None where the census tells them."""
        if not self.counted:
            return None
        return {one.code: self.cleaned_data[f"seniors_{one.code}"] for one in self.counted}

    @property
    def number_fields(self) -> list[forms.BoundField]:
        """Those of communes, and of the paper that gives them."""
        return [self["source"], *(self[f"seniors_{one.code}"] for one in self.counted)]


def terms_of(quote: Quote) -> dict[str, Any]:
    """What a quote in preparation says, to be changed."""
    said, model = quote.terms["contract"], QuoteForm.Meta.model
    told = {name: model._meta.get_field(name).to_python(value) for name, value in said.items()}
    told |= {"seller": quote.seller_id, "buyer": quote.buyer_id, "town": quote.town_id}
    told |= {name: forms.DecimalField().to_python(amount) for name, amount in quote.terms["price"].items()}
    told["communes"] = [one["code"] for one in quote.terms["communes"]]
    told |= {f"seniors_{one['code']}": one["count"] for one in quote.terms["communes"]}
    told["source"] = "" if told["count_basis"] == CountBasis.CENSUS else quote.terms["source"]["words"]
    return told


class SendForm(Form):
    """For how long it is valid."""

    valid_days = forms.IntegerField(
        label="Valable combien de jours ?",
        initial=VALID_DAYS,
        max_value=3650,
        error_messages=dict.fromkeys(("required", "invalid", "max_value"), "Donnez un nombre de jours."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )


class AcceptForm(Form):
    """By whom it was accepted, and on what paper."""

    proof = forms.ChoiceField(
        label="Accepté par", choices=choices_of(AcceptanceProof), widget=forms.RadioSelect
    )  # fmt: skip
    accepted_on = day_field("Signé le")
    name = forms.CharField(label="Nom de qui a signé", max_length=LONGEST_NAME)
    function = forms.CharField(label="Sa fonction", max_length=LONGEST_NAME)
    order_number = forms.CharField(
        label="Numéro du bon de commande",
        max_length=LONGEST_REFERENCE,
        required=False,
        help_text="Pour un bon de commande : il sera sur la première facture.",
    )
    content = forms.FileField(
        label="Le PDF signé, ou celui du bon de commande",
        required=False,
        help_text="Il est gardé tel qu’il arrive. Choisissez-le en dernier : une page qui revient l’oublie.",
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def clean(self) -> dict[str, Any]:
        """A signed quote comes with its PDF."""
        said = super().clean()
        if said.get("proof") == AcceptanceProof.SIGNED and not said.get("content") and "content" not in self.errors:
            self.add_error("content", "Joignez le PDF signé.")
        return said

    @property
    def file(self) -> tuple[bytes, str]:
        """Its bytes, no more of them than may be kept, and its name."""
        sent = self.cleaned_data.get("content")
        return (sent.read(MOST_BYTES + 1), sent.name) if sent else (b"", "")
