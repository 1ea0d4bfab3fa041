"""What a partner is asked: agreement and urgency, who and where, the town's grid. Each error says what to write."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst

from aid.partners import grids
from aid.partners.contents import Content
from aid.partners.enums import FlagConsent, QuestionKind, Urgency
from aid.partners.grids import UNKNOWN, UNKNOWN_LABEL
from aid.partners.models import GridVersion, Partner
from aid.people.models import validate_letters, validate_name
from aid.territory.models import CoveredCommune, District
from core.forms import LongText
from core.phones import normalise_phone

CHOOSE = {"required": "Choisissez une réponse.", "invalid_choice": "Choisissez une réponse de la liste."}
LONGEST_ANSWER, LONGEST_WORDS = 300, 1500


def too_long(most: int) -> dict[str, str]:
    """The error of a text that does not fit."""
    return {"max_length": f"Écrivez {most} signes au plus."}


class Words(LongText):
    """Several lines, so many signs at most."""

    def __init__(self, *, most: int, rows: int = 3, needed: str = "", **options: Any) -> None:
        errors = too_long(most) | ({"required": needed} if needed else {})
        super().__init__(
            max_length=most,
            required=bool(needed),
            widget=forms.Textarea(attrs={"rows": rows}),
            error_messages=errors,
            **options,
        )


class ConsentForm(forms.Form):
    """Step 1: whether the person agrees, and how soon to call."""

    consent = forms.ChoiceField(
        label="La personne est-elle d’accord pour que nous l’appelions ?",
        choices=[
            (FlagConsent.SPOKEN, "Oui, elle me l’a dit"),
            (FlagConsent.WRITTEN, "Oui, elle l’a écrit"),
            (FlagConsent.RELATIVE, "Oui, un proche me l’a confirmé"),
            (FlagConsent.NOT_ASKED, "Je ne lui ai pas encore demandé"),
        ],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    relative = forms.CharField(
        label="Qui est ce proche ?",
        help_text="Par exemple : sa fille, Claire.",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Dites qui est ce proche.", **too_long(120)},
    )
    why_not_asked = Words(
        label="Pourquoi pas encore ?",
        help_text="Sans son accord, nous ne demandons pas qui elle est. N’écrivez ici ni nom, ni adresse.",
        needed="Dites en quelques mots pourquoi.",
        most=LONGEST_ANSWER,
    )
    urgency = forms.ChoiceField(
        label="Quand faut-il appeler ?",
        choices=[(one.value, capfirst(one.label)) for one in Urgency],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )

    def full_clean(self) -> None:
        """Ask which relative, or why nobody asked, where the answer calls for it; and drop it where it does not."""
        chosen = self.data.get(self.add_prefix("consent")) if self.is_bound else None
        asked = {"relative": FlagConsent.RELATIVE, "why_not_asked": FlagConsent.NOT_ASKED}
        for name, answer in asked.items():
            self.fields[name].required = chosen == answer
        super().full_clean()
        for name, answer in asked.items():
            # A field that an answer opens is no « facultatif » one.
            self.fields[name].required = True
            if self.is_bound and chosen != answer:
                self.errors.pop(name, None)
                self.cleaned_data[name] = ""


class WhereForm(forms.Form):
    """Step 2, for somebody who was not asked yet: where, and nothing of who."""

    commune = forms.ModelChoiceField(
        label="Sa commune",
        queryset=CoveredCommune.objects.none(),
        empty_label="Choisir…",
        error_messages={"required": "Choisissez sa commune.", "invalid_choice": "Choisissez une commune de la liste."},
    )
    district = forms.ModelChoiceField(
        label="Son quartier",
        queryset=District.objects.none(),
        required=False,
        empty_label="Je ne sais pas",
        error_messages={"invalid_choice": "Choisissez un quartier de la liste."},
    )

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        communes = partner.communes if partner.communes.exists() else CoveredCommune.objects.all()
        self.fields["commune"].queryset = communes
        if len(communes) == 1:
            self.fields["commune"].empty_label = None
            self.fields["commune"].initial = communes[0].pk
        districts = District.objects.filter(commune__in=communes).select_related("commune__commune")
        self.fields["district"].queryset = districts.order_by("commune", "folded_name")
        self.fields["district"].label_from_instance = lambda one: (
            f"{one} ({one.commune})" if len(communes) > 1 else str(one)
        )
        if not districts.exists():
            del self.fields["district"]

    def clean(self) -> dict[str, Any]:
        """A district is one of its commune's."""
        known = super().clean()
        commune, district = known.get("commune"), known.get("district")
        if commune and district and district.commune_id != commune.pk:
            self.add_error("district", f"Ce quartier n’est pas à {commune}. Choisissez-en un autre.")
        return known


class WhoForm(WhereForm):
    """Step 2: who, and where."""

    first_name = forms.CharField(
        label="Son prénom",
        max_length=80,
        validators=[validate_name, validate_letters],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Écrivez son prénom.", **too_long(80)},
    )
    last_name = forms.CharField(
        label="Son nom",
        required=False,
        max_length=80,
        validators=[validate_letters],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=too_long(80),
    )
    phone = forms.CharField(
        label="Son téléphone",
        help_text="Fixe ou mobile. C’est à ce numéro que nous l’appelons.",
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        error_messages={
            "required": "Écrivez son numéro, par exemple 03 44 72 00 00.",
            "max_length": "Écrivez un numéro à dix chiffres, par exemple 03 44 72 00 00.",
        },
    )
    birth_year = forms.IntegerField(
        label="Son année de naissance",
        required=False,
        min_value=1890,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), "Écrivez l’année en quatre chiffres, par exemple 1941."
        ),
    )
    address = forms.CharField(
        label="Son adresse",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=too_long(200),
    )
    field_order = ["first_name", "last_name", "phone", "birth_year", "commune", "district", "address"]

    def clean_phone(self) -> str:
        """The number in E.164."""
        return normalise_phone(self.cleaned_data["phone"])


class GridForm(forms.Form):
    """Step 3: the version of the grid that was shown, and a few words."""

    def __init__(self, *args: Any, version: GridVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grid = grids.grid_of(version)
        for number, question in enumerate(self.grid.questions, 1):
            self.fields[grids.key_of(number)] = _field(question)
        self.fields["words"] = Words(
            label="Autre chose à nous dire ?",
            help_text="Ce qui aide à bien commencer. Jamais de maladie ni d’opinion : la personne peut lire ce qui est "
            "écrit ici.",
            most=LONGEST_WORDS,
            rows=4,
        )

    def answers(self) -> dict[str, str]:
        """By question, the words of its answer; nothing where nobody knows."""
        known = {}
        for number, _ in enumerate(self.grid.questions, 1):
            given = self.cleaned_data[grids.key_of(number)]
            if given and given != UNKNOWN:
                known[grids.key_of(number)] = given
        return known


def _field(question: grids.Question) -> forms.Field:
    if question.kind == QuestionKind.TEXT:
        return Words(label=question.text, help_text=question.help, most=LONGEST_ANSWER, rows=2)
    choices = [*((option.label, option.label) for option in question.options), (UNKNOWN, UNKNOWN_LABEL)]
    return forms.ChoiceField(
        label=question.text, help_text=question.help, choices=choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )


def content_of(consent: ConsentForm, who: WhereForm, grid: GridForm) -> Content:
    """What three valid forms say of somebody."""
    named = {name: who.cleaned_data.get(name) or "" for name in ("first_name", "last_name", "phone", "address")}
    return Content(
        **named,
        birth_year=who.cleaned_data.get("birth_year"),
        relative=consent.cleaned_data["relative"],
        why_not_asked=consent.cleaned_data["why_not_asked"],
        answers=grid.answers(),
        words=grid.cleaned_data["words"],
    )


def refuse(form: forms.Form, error: ValidationError) -> None:
    """Put what a service refused at the top of a form."""
    form.add_error(None, ValidationError(error.messages))
