"""Partners, who speaks for them, and the town's grid: what an administrator writes."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import formset_factory
from django.utils.text import capfirst

from aid.desk.forms.entry import PhoneField, too_long
from aid.partners import grids
from aid.partners.enums import PartnerKind, QuestionKind
from aid.partners.models import Partner
from aid.territory.models import CoveredCommune
from core.forms import LongText

EMAIL_ERRORS = {"invalid": "Écrivez une adresse comme prenom.nom@exemple.fr.", **too_long("254")}
# « Une fois par semaine = 1 »
CHOICE = re.compile(r"(?P<label>.+?)\s*=\s*(?P<points>\d{1,2})")
WRITE_CHOICES = "Écrivez un choix par ligne, avec ses points. Par exemple : Souvent = 0"


class PartnerForm(forms.Form):
    """An organisation, or somebody at their work."""

    name = forms.CharField(
        label="Nom",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Écrivez son nom.", **too_long("80")},
    )
    kind = forms.ChoiceField(
        label="Nature",
        choices=[("", "Choisir…"), *((one.value, capfirst(one.label)) for one in PartnerKind)],
        error_messages={"required": "Choisissez une nature.", "invalid_choice": "Choisissez dans la liste."},
    )
    phone = PhoneField(label="Téléphone", required=False)
    email = forms.EmailField(
        label="Adresse e-mail",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages=EMAIL_ERRORS,
    )
    communes = forms.ModelMultipleChoiceField(
        label="Communes",
        help_text="Aucune case cochée : tout le territoire.",
        queryset=CoveredCommune.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Cochez des communes de la liste."},
    )
    is_active = forms.BooleanField(label="Ce partenaire peut signaler", required=False, initial=True)

    def __init__(self, *args: Any, partner: Partner | None = None, **kwargs: Any) -> None:
        if partner is not None:
            known = {name: getattr(partner, name) for name in ("name", "kind", "phone", "email", "is_active")}
            kwargs["initial"] = known | {"communes": list(partner.communes)}
        super().__init__(*args, **kwargs)
        self.fields["communes"].queryset = CoveredCommune.objects.all()
        if CoveredCommune.objects.count() < 2:  # noqa: PLR2004 (one place is no choice)
            del self.fields["communes"]

    def values(self) -> dict[str, Any]:
        """As `write_partner` wants them."""
        return self.cleaned_data | {"communes": self.cleaned_data.get("communes", [])}


class ContactForm(forms.Form):
    """Somebody who speaks for a partner."""

    first_name = forms.CharField(
        label="Prénom",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Écrivez son prénom.", **too_long("80")},
    )
    last_name = forms.CharField(
        label="Nom",
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=too_long("80"),
    )
    email = forms.EmailField(
        label="Son adresse e-mail à elle ou à lui",
        help_text="Le lien et les codes y arrivent. Sans adresse, ils partent par SMS.",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages=EMAIL_ERRORS,
    )
    phone = PhoneField(label="Son téléphone", required=False)


class LevelsForm(forms.Form):
    """From how many points on."""

    medium_from = forms.IntegerField(
        label="Isolement moyen à partir de",
        help_text="En points.",
        min_value=1,
        max_value=500,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), "Écrivez un nombre de points."),
    )
    high_from = forms.IntegerField(
        label="Isolement fort à partir de",
        help_text="En points.",
        min_value=2,
        max_value=500,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), "Écrivez un nombre de points."),
    )


class QuestionForm(forms.Form):
    """One question of the grid; empty, it is none."""

    text = forms.CharField(
        label="Question",
        required=False,
        max_length=grids.LONGEST_QUESTION,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=too_long(str(grids.LONGEST_QUESTION)),
    )
    kind = forms.ChoiceField(
        label="Réponse",
        choices=[(one.value, capfirst(one.label)) for one in QuestionKind],
        initial=QuestionKind.YES_NO,
        error_messages={"required": "Choisissez une réponse.", "invalid_choice": "Choisissez dans la liste."},
    )
    options = LongText(
        label="Choix et points",
        help_text=WRITE_CHOICES,
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=too_long("1 000"),
    )
    help = forms.CharField(
        label="Aide",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=too_long("200"),
    )
    position = forms.IntegerField(
        label="Place",
        required=False,
        min_value=0,
        max_value=999,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "Écrivez un nombre, par exemple 10."),
    )
    is_removed = forms.BooleanField(label="Enlever cette question", required=False)

    def clean_options(self) -> tuple[grids.Option, ...]:
        """Each line, as an answer and its points."""
        lines = [line.strip() for line in self.cleaned_data["options"].splitlines() if line.strip()]
        found = [CHOICE.fullmatch(line) for line in lines]
        if not all(found):
            raise ValidationError(WRITE_CHOICES)
        return tuple(grids.Option(one["label"], int(one["points"])) for one in found if one)

    @property
    def is_kept(self) -> bool:
        """Whether it is a question at all."""
        return bool(self.cleaned_data.get("text")) and not self.cleaned_data.get("is_removed")

    def question(self) -> grids.Question:
        """The question that was written."""
        known = self.cleaned_data
        options = () if known["kind"] == QuestionKind.TEXT else known["options"]
        return grids.Question(text=known["text"], kind=known["kind"], options=options, help=known["help"])


QuestionFormSet = formset_factory(QuestionForm, extra=2, max_num=grids.MOST_QUESTIONS + 2, validate_max=True)


def questions_as_written(grid: grids.Grid) -> list[dict[str, Any]]:
    """The questions of a grid, as the formset shows them: in tens, so that one may be put between."""
    return [
        {
            "text": one.text,
            "kind": one.kind,
            "options": "\n".join(f"{option.label} = {option.weight}" for option in one.options),
            "help": one.help,
            "position": rank * 10,
        }
        for rank, one in enumerate(grid.questions, 1)
    ]


def grid_written(levels: LevelsForm, questions: Any) -> grids.Grid:
    """The grid that valid forms say, in the order of its places; what has none comes last."""
    kept = [form for form in questions if form.is_kept]
    kept.sort(key=lambda form: 1000 if form.cleaned_data["position"] is None else form.cleaned_data["position"])
    return grids.Grid(questions=tuple(form.question() for form in kept), **levels.cleaned_data)
