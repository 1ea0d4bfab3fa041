"""What is asked of a business that wants to be in the directory, on the site and at the desk."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from aid.directory.models import LONGEST_WORDS
from aid.territory.models import CoveredCommune
from core.company_numbers import normalise_siret
from core.forms import LongText
from core.phones import normalise_phone


def _text(label: str, most: int, *, required: str = "", **options: Any) -> forms.CharField:
    """One line. `required` is what is said where it is empty."""
    errors = {"max_length": f"Écrivez {most} signes au plus.", "required": required}
    return forms.CharField(label=label, max_length=most, required=bool(required), error_messages=errors, **options)


class ProfessionalForm(forms.Form):
    """A business: who, what, where, how to reach it."""

    name = _text("Nom de l’entreprise", 120, required="Écrivez le nom de l’entreprise.")
    trade = _text(
        "Métier", 80, required="Écrivez le métier.", help_text="Par exemple : plombier, coiffeuse à domicile."
    )
    siret = _text(
        "SIRET",
        30,
        required="Écrivez le SIRET de l’entreprise.",
        help_text="Ses quatorze chiffres, sur chaque facture.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    legal_form = _text("Forme juridique", 80, help_text="Par exemple : micro-entreprise, SARL.")
    phone = _text(
        "Téléphone",
        40,
        required="Écrivez le numéro où vous joindre.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(
        label="Adresse e-mail",
        required=False,
        max_length=254,
        error_messages={
            "invalid": "Écrivez une adresse comme prenom.nom@exemple.fr.",
            "max_length": "Écrivez 254 signes au plus.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    communes = forms.ModelMultipleChoiceField(
        label="Dans quelles communes ?",
        help_text="Ne cochez rien pour tout le territoire.",
        required=False,
        queryset=CoveredCommune.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Cochez des communes de la liste."},
    )
    words = LongText(
        label="Ce que vous faites",
        required=False,
        max_length=LONGEST_WORDS,
        help_text=f"En {LONGEST_WORDS} signes au plus. Tout le monde pourra les lire, sans les numéros ni les liens.",
        error_messages={"max_length": f"Écrivez {LONGEST_WORDS} signes au plus."},
    )
    approval = _text(
        "Agrément « services à la personne »",
        20,
        help_text="Si vous en avez un : SAP, puis neuf chiffres.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = CoveredCommune.objects.all()
        self.fields["communes"].queryset = places
        # With a single commune there is nothing to choose.
        if len(self.fields["communes"].choices) == 1:
            del self.fields["communes"]

    def clean_siret(self) -> str:
        """Fourteen digits whose key is right."""
        return normalise_siret(self.cleaned_data["siret"])

    def clean_phone(self) -> str:
        """E.164."""
        return normalise_phone(self.cleaned_data["phone"])

    def fields_of_professional(self) -> dict[str, Any]:
        """As the verbs of professionals want them."""
        names = ("name", "trade", "siret", "legal_form", "phone", "email", "words", "approval")
        known = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        return known | {"communes": self.cleaned_data.get("communes", ())}

    def add_errors(self, error: ValidationError) -> None:
        """Put each error of a verb next to its field, else at the top."""
        by_field = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
        for name, texts in by_field.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)


class ProposalForm(ProfessionalForm):
    """The same on the site, by the business itself."""

    agrees = forms.BooleanField(
        label="Je suis d’accord pour que ces informations soient affichées sur ce site.",
        error_messages={"required": "Cochez cette case : sans votre accord, rien n’est affiché."},
    )
