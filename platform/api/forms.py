"""What an administrator decides of an application."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from accounts.scopes import Scope
from aid.partners.models import PartnerContact

USUAL = timedelta(days=365)


class ContactField(forms.ModelChoiceField):
    """Who speaks for a partner, under its name."""

    def label_from_instance(self, obj: PartnerContact) -> str:
        """« CLIC du Valois : Anne Roy »."""
        return f"{obj.partner}\xa0: {obj.full_name}"


class ApplicationForm(forms.Form):
    """A name, rights, a last day, and for flags in whose name."""

    name = forms.CharField(
        label="Nom du logiciel",
        max_length=80,
        help_text="Il s’affiche à côté de ce que ce logiciel dépose. Par exemple : Site de la mairie.",
        error_messages={"required": "Donnez un nom."},
    )
    scopes = forms.TypedMultipleChoiceField(
        label="Il peut",
        coerce=Scope,
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Le moins possible. Ce que tout le monde peut lire ne demande aucun droit.",
        error_messages={"required": "Choisissez au moins un droit."},
    )
    contact = ContactField(
        label="Au nom de",
        queryset=PartnerContact.objects.none(),
        required=False,
        empty_label="Personne",
        help_text="Pour des signalements : le contact du partenaire qui en répond.",
    )
    ends_on = forms.DateField(
        label="Dernier jour",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Dans un an au plus. Ensuite, faites un nouveau jeton.",
        error_messages=dict.fromkeys(("required", "invalid"), "Écrivez une date, par exemple 24/11/2027."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = PartnerContact.objects.open().select_related("partner")
        self.fields["ends_on"].initial = timezone.localdate() + USUAL
