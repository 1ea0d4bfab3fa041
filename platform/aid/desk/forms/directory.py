"""What an administrator says of a referent, and an agent of a newcomer or a professional."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst

from accounts.models import Account
from aid.desk.forms.entry import PhoneField, too_long
from aid.directory.enums import Move, Title
from aid.directory.forms import ProfessionalForm
from aid.directory.models import LONGEST_REASON, LONGEST_WORDS, Professional, Referent, Theme
from aid.people.models import Person
from aid.privacy.enums import Agreed
from aid.territory.models import CoveredCommune, District, Sector
from core.forms import LongText

INVALID = "Choisissez une réponse de la liste."
SAID_TO_AN_AGENT = [(one.value, capfirst(one.label)) for one in (Agreed.SPOKEN, Agreed.ON_PAPER)]
DAY = {"invalid": "Ce jour n’existe pas. Écrivez-le ainsi : 24/11/2026."}


class DistrictsField(forms.ModelMultipleChoiceField):
    """Districts, under the name of their commune."""

    def label_from_instance(self, obj: District) -> str:
        """« Centre (Lormes) »."""
        return f"{obj.name} ({obj.commune})"


def _several(label: str, queryset: Any, field: Any = forms.ModelMultipleChoiceField, **options: Any) -> Any:
    errors = {"invalid_choice": INVALID}
    widget = forms.CheckboxSelectMultiple
    return field(label=label, queryset=queryset, required=False, widget=widget, error_messages=errors, **options)


class ReferentForm(forms.Form):
    """What everybody reads of a referent; for which subjects and places; whom they welcome; how they agreed."""

    name = forms.CharField(
        label="Nom affiché",
        max_length=80,
        help_text="Ce que tout le monde lira : « Alice M. », ou son nom entier si elle ou il préfère.",
        error_messages={"required": "Écrivez le nom que tout le monde verra.", **too_long("80")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    title = forms.ChoiceField(
        label="Se dit",
        choices=[(one.value, capfirst(one.label)) for one in Title],
        initial=Title.FEMININE,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez.", "invalid_choice": INVALID},
    )
    words = LongText(
        label="Quelques mots",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST_WORDS,
        error_messages=too_long(str(LONGEST_WORDS)),
        help_text="Qui elle ou il est, ce qu’on peut lui demander. Un numéro, une adresse ou un lien y est masqué.",
    )
    phone = PhoneField(
        label="Téléphone affiché", required=False, help_text="Rien d’écrit : c’est notre numéro qui s’affiche."
    )
    email = forms.EmailField(
        label="Adresse e-mail affichée",
        required=False,
        max_length=254,
        error_messages={"invalid": "Écrivez une adresse comme prenom.nom@exemple.fr.", **too_long("254")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    days = forms.CharField(
        label="Quand ?",
        required=False,
        max_length=120,
        help_text="Par exemple : le mardi matin.",
        error_messages=too_long("120"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    themes = _several("Pour quels sujets ?", Theme.objects.all(), help_text="Ne cochez rien pour tout.")
    sectors = _several("Pour quels secteurs ?", Sector.objects.all())
    communes = _several(
        "Pour quelles communes ?",
        CoveredCommune.objects.all(),
        help_text="Ne cochez aucun lieu pour tout le territoire.",
    )
    districts = _several("Pour quels quartiers ?", District.objects.select_related("commune__commune"), DistrictsField)
    welcomes = forms.BooleanField(
        label="Accueille les personnes qui arrivent là où elle ou il est", required=False, initial=True
    )
    ends_on = forms.DateField(
        label="Dernier jour",
        required=False,
        help_text="Le lendemain, elle ou il n’est plus dans l’annuaire.",
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=DAY,
    )
    agreed = forms.ChoiceField(
        label="Son accord",
        help_text="Lisez-lui ce qui sera affiché : tout le monde pourra le lire.",
        choices=SAID_TO_AN_AGENT,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Demandez son accord, puis cochez comment il a été donné.",
            "invalid_choice": INVALID,
        },
    )
    shows_photo = forms.BooleanField(label="D’accord aussi pour que sa photo soit montrée à tous", required=False)

    def __init__(self, *args: Any, who: Person | Account | Referent, **kwargs: Any) -> None:
        kwargs["initial"] = _known_of(who) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        for name in ("themes", "sectors", "communes", "districts"):
            field = self.fields[name]
            # With a single commune, or none of the rest, there is nothing to choose.
            if len(field.choices) <= (1 if name == "communes" else 0):
                del self.fields[name]
        person = who.person if isinstance(who, Referent) else who
        if getattr(person, "photo", None) is None:
            del self.fields["shows_photo"]

    def clean_ends_on(self) -> Any:
        """A day to come."""
        day = self.cleaned_data["ends_on"]
        if day is not None and day < timezone.localdate():
            raise ValidationError("Choisissez un jour à venir. Pour finir dès maintenant, terminez.")
        return day


def _known_of(who: Person | Account | Referent) -> dict[str, Any]:
    if isinstance(who, Person):
        return {"name": who.public_name}
    if isinstance(who, Account):
        return {"name": who.get_full_name()}
    several = ("themes", "sectors", "communes", "districts")
    plain = ("name", "title", "words", "phone", "email", "days", "welcomes", "ends_on", "agreed", "shows_photo")
    known = {name: getattr(who, name) for name in plain}
    return known | {name: [one.pk for one in getattr(who, name).all()] for name in several}


class NumberForm(forms.Form):
    """The newcomer agrees that the referent has their number."""

    agreed = forms.ChoiceField(
        label="Son accord",
        help_text="À demander : « Voulez-vous bien que je lui donne votre numéro ? »",
        choices=SAID_TO_AN_AGENT,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Demandez son accord, puis cochez comment il a été donné.",
            "invalid_choice": INVALID,
        },
    )


class MoveForm(forms.Form):
    """What a step of a professional asks."""

    words = forms.CharField(
        max_length=LONGEST_REASON,
        error_messages={"required": "Écrivez quelques mots.", **too_long(str(LONGEST_REASON))},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, move: Move, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if move.asks:
            self.fields["words"].label = move.asks
        else:
            del self.fields["words"]


class KnownProfessionalForm(ProfessionalForm):
    """What is told of a professional; another SIRET is another business."""

    def __init__(self, *args: Any, known: Professional, **kwargs: Any) -> None:
        names = ("name", "trade", "legal_form", "phone", "email", "words", "approval")
        told = {name: getattr(known, name) for name in names} | {"communes": list(known.communes.all())}
        super().__init__(*args, initial=told, **kwargs)
        del self.fields["siret"]
