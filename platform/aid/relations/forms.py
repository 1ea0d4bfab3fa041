"""What is asked of a mandate, on the site and at the desk."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst

from aid.relations.enums import Scope
from aid.relations.models import one_year_after
from aid.relations.services import check_end


class MandateMixin(forms.Form):
    """What somebody may do for another, and until when."""

    scope = forms.MultipleChoiceField(
        label="Que pourra faire cette personne ?",
        choices=[(one.value, capfirst(one.label)) for one in Scope],
        initial=[Scope.REQUESTS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Cochez au moins une chose.",
            "invalid_choice": "Cochez des choses de la liste.",
        },
    )
    ends_on = forms.DateField(
        label="Jusqu’à quand ?",
        help_text="Un an au plus. Chacun peut y mettre fin avant.",
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Choisissez un jour.",
            "invalid": "Ce jour n’existe pas. Écrivez-le ainsi : 24/11/2026.",
        },
    )

    def prepare_end(self) -> None:
        """Offer a year, and no more."""
        today = timezone.localdate()
        self.fields["ends_on"].initial = one_year_after(today)
        self.fields["ends_on"].widget.attrs |= {"min": today.isoformat(), "max": one_year_after(today).isoformat()}

    def clean_ends_on(self) -> date | None:
        """A day to come, within a year; nothing where it is not asked."""
        day = self.cleaned_data["ends_on"]
        try:
            check_end(day or timezone.localdate(), starts_on=timezone.localdate())
        except ValidationError as error:
            raise ValidationError(error.message_dict["ends_on"]) from None
        return day
