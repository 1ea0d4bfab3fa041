"""What is typed of a count."""

import datetime
from typing import Any

from django import forms

from billing.enums import CountBasis
from billing.models import Contract
from billing.pricing import MOST_SENIORS
from console.billing_desk.fields import Form, day_field, words_field
from geography.models import Commune

A_NUMBER = "Donnez un nombre, zéro au moins."


def seniors_field(commune: Commune) -> forms.IntegerField:
    """The seniors of a commune, as a paper gives them."""
    return forms.IntegerField(
        label=f"Seniors de {commune.name}",
        min_value=0,
        max_value=MOST_SENIORS,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), A_NUMBER),
    )


class CountForm(Form):
    """The day of a count, and a word on it; of numbers that were agreed in writing, one a commune of that day."""

    as_of = day_field("Compté au")
    note = words_field("Remarque", required=False)

    def __init__(self, contract: Contract, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.communes: list[Commune] = []
        if contract.count_basis == CountBasis.AGREED:
            self._ask_numbers(contract)

    def _ask_numbers(self, contract: Contract) -> None:
        source = forms.CharField(
            label="Quel écrit donne ces nombres ?",
            max_length=200,
            error_messages={"required": "Dites quel écrit donne ces nombres."},
            help_text="Par exemple : lettre du maire du 3 septembre 2026.",
        )
        source.widget.attrs["maxlength"] = False
        self.fields["source"] = source
        day = max(self._day() or contract.begins_on, contract.begins_on)
        rows = contract.memberships.covering(day).select_related("commune").order_by("commune__search_name")
        self.communes = [one.commune for one in rows]
        for commune in self.communes:
            self.fields[f"seniors_{commune.code}"] = seniors_field(commune)

    def _day(self) -> datetime.date | None:
        """The day that was typed, or is proposed: it says which communes are covered."""
        told = self.data.get("as_of") if self.is_bound else self.initial.get("as_of")
        try:
            return self.fields["as_of"].clean(told)
        except forms.ValidationError:
            return None

    @property
    def numbers(self) -> dict[str, int]:
        """Seniors by code of commune."""
        return {one.code: self.cleaned_data[f"seniors_{one.code}"] for one in self.communes}


class AnswerForm(Form):
    """What is answered to a town that contests."""

    words = words_field("Votre réponse", help_text="La collectivité la lit. N’y nommez aucun habitant.")
