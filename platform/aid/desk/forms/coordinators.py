"""Which sectors each coordinator sees."""

from typing import Any

from django import forms

from accounts.models import Account
from aid.territory.models import Sector


class SectorsForm(forms.Form):
    """One question a coordinator, whose answers are the town's sectors."""

    def __init__(self, *args: Any, coordinators: list[Account], sectors: list[Sector], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sectors = {str(sector.pk): sector for sector in sectors}
        self.coordinators = {f"secteurs-{account.uid}": account for account in coordinators}
        for name, account in self.coordinators.items():
            self.fields[name] = forms.MultipleChoiceField(
                label=account.get_full_name() or account.email or account.phone,
                required=False,
                choices=[(number, str(sector)) for number, sector in self.sectors.items()],
                initial=[str(sector.pk) for sector in account.sectors.all()],
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": "Cochez des secteurs de la liste."},
            )

    def chosen(self) -> list[tuple[Account, list[Sector]]]:
        """By coordinator, their sectors."""
        return [
            (account, [self.sectors[number] for number in self.cleaned_data[name]])
            for name, account in self.coordinators.items()
        ]
