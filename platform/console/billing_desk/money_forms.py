"""What is typed of deposits, statuses, payments and rates."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from billing.models import Buyer, Invoice
from billing.money import euros
from billing.statuses import STATUSES
from console.billing_desk.fields import EurosField, Form, day_field, words_field

OTHER = "autre"


def reference_field() -> forms.CharField:
    """Of a line of the bank's statement."""
    return forms.CharField(
        label="Référence de la banque",
        max_length=130,
        help_text="Le libellé du relevé, par exemple : MANDAT 812 BORD 45 FA-2026-00012.",
    )


class DepositForm(Form):
    """A deposit that was made on Chorus Pro."""

    sent_on = day_field("Déposée le")
    flow_number = forms.CharField(label="Numéro de flux que Chorus Pro a répondu", max_length=50)


class StatusForm(Form):
    """What the channel says, in its own code; one that nobody knows yet is kept as it came."""

    known = forms.ChoiceField(
        label="Statut",
        choices=[
            ("", "Choisissez"),
            *((one.code, f"{one.code} : {one.words}") for one in STATUSES),
            (OTHER, "Un autre, qui n’est pas dans cette liste"),
        ],
    )
    other = forms.CharField(
        label="Son code exact, s’il n’est pas dans la liste",
        required=False,
        max_length=50,
        help_text="Tel que Chorus Pro l’écrit, en majuscules.",
    )
    said_on = day_field("Daté du")
    words = words_field("Motif donné", required=False)

    def clean(self) -> dict[str, Any]:
        """The code, from the list or as it was typed."""
        said = super().clean()
        if said.get("known") == OTHER and not said.get("other"):
            self.add_error("other", "Écrivez ce code.")
        elif said.get("known") not in ("", None, OTHER) and said.get("other"):
            self.add_error("other", "Choisissez « Un autre » dans la liste, ou laissez cette ligne vide.")
        return said

    @property
    def code(self) -> str:
        """As the channel writes it."""
        return self.cleaned_data["other"] if self.cleaned_data["known"] == OTHER else self.cleaned_data["known"]


class PaymentForm(Form):
    """A line of the bank's statement."""

    buyer = forms.ModelChoiceField(
        Buyer.objects.order_by("name", "pk"),
        label="De quel acheteur ?",
        empty_label="Choisissez",
        help_text="L’argent d’un CCAS vient souvent du comptable public : choisissez qui doit la facture.",
    )
    received_on = day_field("Date de la banque")
    amount = EurosField("Montant reçu, en euros", min_value=Decimal("0.01"))
    bank_reference = reference_field()
    words = words_field("Remarque", required=False)


class AllocationForm(Form):
    """Which invoices a payment pays: one line each, empty where it pays nothing of it."""

    def __init__(self, owing: Sequence[Invoice], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owing = list(owing)
        for one in self.owing:
            self.fields[name_in_form(one)] = EurosField(
                f"{one.number}, il reste {euros(one.left)}", required=False, min_value=Decimal("0.01")
            )

    def clean(self) -> dict[str, Any]:
        """One amount at least."""
        said = super().clean()
        if not self.errors and not any(said.values()):
            raise ValidationError("Affectez un montant à une facture.")
        return said

    @property
    def amounts(self) -> dict[Invoice, Decimal]:
        """Of each invoice that is paid."""
        typed = {one: self.cleaned_data.get(name_in_form(one)) for one in self.owing}
        return {one: amount for one, amount in typed.items() if amount}


def name_in_form(invoice: Invoice) -> str:
    """Its line."""
    return f"facture_{invoice.pk}"


class GiveBackForm(Form):
    """Money that was transferred back."""

    invoice = forms.ModelChoiceField(
        Invoice.objects.none(),
        label="Pour quelle facture ?",
        required=False,
        empty_label="Aucune : ce qui est sur son compte",
    )
    given_on = day_field("Date de la banque")
    amount = EurosField("Montant rendu, en euros", min_value=Decimal("0.01"))
    bank_reference = reference_field()
    words = words_field("Remarque", required=False)

    def __init__(self, overpaid: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["invoice"].queryset = overpaid


class UndoForm(Form):
    """Why a payment is taken back."""

    words = words_field("Pourquoi ?", help_text="Par exemple : saisi deux fois, ou rejeté par la banque.")


class RateForm(Form):
    """A rate of the European Central Bank, typed from where it was read."""

    starts_on = day_field("À partir du")
    percent = EurosField("Taux de refinancement, en pour cent", decimals=3, max_value=100, min_value=-10)
    source = forms.CharField(
        label="Lu où ?", max_length=200, help_text="Par exemple : site de la Banque de France, le 12 juin 2026."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wrong = "Donnez un taux en pour cent, par exemple 2,15."
        self.fields["percent"].error_messages |= dict.fromkeys(("required", "invalid", "max_value", "min_value"), wrong)
