"""What is typed on the screens of towns. What is refused is said by the services: no rule lives here."""

from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict

from console.communes import SearchesCommunes, communes_field, search_field
from console.enums import SuspensionReason
from console.forms import CHOOSE
from console.models import Opening
from console.models.acts import LONGEST_WORDS
from core.phones import normalise_phone
from geography.models import Department
from tenants import blueprints
from tenants.enums import TownKind
from tenants.opening import OpeningError, Plan, plan

# Where the refusals of an opening are shown.
SHOWN_AT = {"communes": "search", "siren": None, "siret": None}


class OpeningForm(SearchesCommunes, forms.Form):
    """All that an opening asks. Communes are searched by a button of the same form: nothing typed is lost."""

    uid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    blueprint = forms.ChoiceField(
        label="Quel modèle ?", widget=forms.RadioSelect, error_messages={"required": "Choisissez un modèle."}
    )
    name = forms.CharField(
        label="Comment s’appelle le site ?",
        help_text="Le nom que liront les habitants, par exemple «\u00a0Pont-Sainte-Maxence\u00a0».",
        max_length=120,
        error_messages={"required": "Écrivez le nom du site.", "max_length": "Écrivez 120 signes au plus."},
    )
    search, communes = search_field(), communes_field()
    epci = forms.ChoiceField(label="Intercommunalité entière", required=False, widget=forms.RadioSelect)
    departement = forms.ChoiceField(label="Ou un département entier", required=False)
    kind = forms.ChoiceField(
        label="Quelle est sa nature ?",
        required=False,
        choices=[("", "Celle du modèle"), *((value, label.capitalize()) for value, label in TownKind.choices)],
    )
    telephone = forms.CharField(
        label="Téléphone affiché sur chaque page",
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel"}),
        error_messages={"required": "Écrivez le numéro que les habitants appellent."},
    )
    admin_email = forms.EmailField(
        label="E-mail de la première personne qui administre",
        help_text="Elle reçoit l’invitation dès que le site répond.",
        error_messages={
            "required": "Écrivez une adresse e-mail.",
            "invalid": "Écrivez une adresse e-mail, par exemple prenom.nom@exemple.fr.",
        },
    )
    subdomain = forms.CharField(
        label="Adresse du site",
        help_text="Des lettres sans accent, des chiffres et des traits d’union. Laissez vide : nous la proposons.",
        required=False,
        max_length=63,
        error_messages={"max_length": "Écrivez 63 signes au plus."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan: Plan | None = None
        self.previews = [(slug, blueprints.load(slug)) for slug in blueprints.slugs()]
        self.fields["blueprint"].choices = [(slug, blueprint.title) for slug, blueprint in self.previews]
        departments = [(one.code, f"{one.name} ({one.code})") for one in Department.objects.all()]
        self.fields["departement"].choices = [("", "Aucun"), *departments]
        self.offer()

    @classmethod
    def as_typed(cls, data: QueryDict, **changes: Any) -> "OpeningForm":
        """What was typed, as it is, without a word on it: something else was asked than to send it."""
        typed = {name: data.getlist(name) if name == "communes" else data.get(name, "") for name in cls.base_fields}
        return cls(initial=typed | changes)

    def clean_telephone(self) -> str:
        """The number in E.164."""
        return normalise_phone(self.cleaned_data["telephone"])

    def clean_admin_email(self) -> str:
        """The address as accounts keep it."""
        return self.cleaned_data["admin_email"].lower()

    def clean(self) -> dict[str, Any]:
        """Ask what an opening would refuse, once each field is understood."""
        cleaned = super().clean()
        if {"blueprint", "name"} <= cleaned.keys():
            try:
                self.plan = plan(self.opening.asked)
            except OpeningError as error:
                for field, messages in (error.by_field or {"": [str(error)]}).items():
                    shown = SHOWN_AT.get(field, field)
                    self.add_error(shown if shown in self.fields else None, messages)
        elif not any(cleaned.get(name) for name in ("communes", "epci", "departement")):
            # Said at once with the rest, though no plan can be made yet.
            self.add_error("search", "Choisissez au moins une commune, une intercommunalité ou un département.")
        return cleaned

    @property
    def opening(self) -> Opening:
        """What is asked, not kept yet."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "search"}
        return Opening(**told)


class SuspensionForm(forms.Form):
    """Why a town would be suspended."""

    reason = forms.ChoiceField(
        label="Pour quel motif ?",
        help_text="Une facture impayée n’en est jamais un : le service des habitants ne dépend pas d’une dette.",
        choices=[(value, label.capitalize()) for value, label in SuspensionReason.choices],
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    words = forms.CharField(
        label="Que se passe-t-il ?",
        help_text="La personne qui confirme lit ces mots. Ils restent dans l’histoire de la ville. N’y nommez aucun "
        "habitant.",
        max_length=LONGEST_WORDS,
        error_messages={
            "required": "Expliquez pourquoi, en une phrase.",
            "max_length": f"Écrivez {LONGEST_WORDS} signes au plus.",
        },
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": False}),
    )


class WordsForm(forms.Form):
    """Why something ends."""

    words = forms.CharField(
        label="Pourquoi ?",
        max_length=LONGEST_WORDS,
        error_messages=SuspensionForm.base_fields["words"].error_messages,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": False}),
    )


class DomainForm(forms.Form):
    """A host name more."""

    domain = forms.CharField(
        label="Nom de domaine",
        help_text="Par exemple entraide.ma-ville.fr. La ville l’a d’abord fait pointer vers la plateforme.",
        max_length=300,
        error_messages={"required": "Écrivez un nom de domaine."},
    )
