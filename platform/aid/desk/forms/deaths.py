"""When somebody died, and whether what they had begun ends with it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from aid.desk.deaths import Begun


class DeathForm(forms.Form):
    """A day; and a box to tick where something is not over."""

    on = forms.DateField(
        label="Quel jour ?",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="Si vous ne savez pas, écrivez le jour où vous l’avez appris.",
        error_messages={"required": "Choisissez un jour.", "invalid": "Écrivez un jour, par exemple 24/11/2026."},
    )
    ends = forms.BooleanField(
        label="Arrêter tout cela maintenant",
        error_messages={"required": "Cochez cette case, ou terminez d’abord chaque demande vous-même."},
    )

    def __init__(self, *args: Any, begun: Begun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].widget.attrs["max"] = timezone.localdate().isoformat()
        if not begun:
            del self.fields["ends"]

    def clean_on(self) -> Any:
        """A day that has come."""
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError("Ce jour n’est pas encore venu.")
        return day
