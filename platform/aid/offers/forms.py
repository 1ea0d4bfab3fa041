"""The three questions of an application, and what a volunteer offers. Each error says what to write."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict

from aid.configuration.forms import KindsChoice
from aid.configuration.models import KindOfHelp
from aid.moderation.contacts import refuse_in_name
from aid.offers.enums import Language, PartOfDay, Radius, Weekday
from aid.offers.models import LONGEST_LIMITS, MOST_A_MONTH, MOST_AT_ONCE, Means
from aid.offers.services import Offered, offered_by
from aid.offers.slots import SLOTS, slot
from aid.onboarding.models import Volunteer
from aid.onboarding.models.steps import LONGEST_WORDS
from aid.people.models import validate_letters, validate_name
from aid.territory.forms import commune_among, commune_field, suggests
from aid.territory.models import CoveredCommune
from core.dates import DATE_FORMATS, WRITE_A_DAY
from core.forms import LongText
from core.phones import normalise_phone

ANYWHERE, NEAR, CHOSEN = "anywhere", "near", "chosen"
LONGEST_CONTACT = 254
BY_PHONE_OR_EMAIL = "Écrivez un numéro comme 06\u00a012\u00a034\u00a056\u00a078, ou une adresse e-mail."
TOO_LONG_A_NAME = {"max_length": "Écrivez 80 caractères au plus."}


class WhoForm(forms.Form):
    """Step 1: who applies, and how to reach them."""

    first_name = forms.CharField(
        label="Votre prénom",
        max_length=80,
        validators=[validate_name, validate_letters, refuse_in_name("Écrivez seulement votre prénom.")],
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": "Écrivez votre prénom."} | TOO_LONG_A_NAME,
    )
    last_name = forms.CharField(
        label="Votre nom",
        max_length=80,
        validators=[validate_letters, refuse_in_name("Écrivez seulement votre nom.")],
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": "Écrivez votre nom."} | TOO_LONG_A_NAME,
    )
    contact = forms.CharField(
        label="Votre téléphone ou votre e-mail",
        max_length=LONGEST_CONTACT,
        help_text="Pour vous répondre, et vous écrire plus tard. Nous vous y enverrons un code.",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": BY_PHONE_OR_EMAIL, "max_length": BY_PHONE_OR_EMAIL},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.communes = list(CoveredCommune.objects.all())
        if len(self.communes) > 1:
            self.fields["commune"] = commune_field(self.communes, "Votre commune")

    @property
    def suggests_communes(self) -> bool:
        """Whether the commune is typed, with suggestions."""
        return suggests(self.communes)

    def clean_contact(self) -> str:
        """An address in small letters, or a number in E.164."""
        typed = self.cleaned_data["contact"].strip()
        try:
            if "@" in typed:
                validate_email(typed)
                return typed.lower()
            return normalise_phone(typed)
        except ValidationError:
            raise ValidationError(BY_PHONE_OR_EMAIL) from None

    def clean_commune(self) -> CoveredCommune:
        """The commune that was chosen, or typed."""
        return commune_among(self.communes, self.cleaned_data["commune"])

    def answers(self) -> dict[str, Any]:
        """What the session keeps, as it was typed."""
        return {name: self.data.get(name, "") for name in self.fields}

    @property
    def lives_in(self) -> CoveredCommune:
        """Where they live, from a valid form."""
        return self.cleaned_data["commune"] if "commune" in self.fields else self.communes[0]

    def person(self) -> dict[str, Any]:
        """Who applies, as people are written down."""
        known = self.cleaned_data
        contact = {"email" if "@" in known["contact"] else "phone": known["contact"]}
        return {"first_name": known["first_name"], "last_name": known["last_name"], **contact}


class WhatForm(forms.Form):
    """Step 2: which help, where, when, with what. `centre` is the commune that a radius is counted from, if any."""

    week_title = "Vos moments libres"
    places = {
        ANYWHERE: "Partout sur le territoire",
        NEAR: "Autour de ma commune, {centre}",
        CHOSEN: "Dans les communes que je choisis",
    }

    kinds = KindsChoice(
        label="Que voulez-vous faire ?",
        queryset=KindOfHelp.objects.none(),
        to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choisissez au moins une aide.",
            "invalid_choice": "Une de ces aides n’est plus proposée. Choisissez de nouveau.",
        },
    )
    where = forms.ChoiceField(
        label="Où pouvez-vous aller ?",
        widget=forms.RadioSelect,
        initial=ANYWHERE,
        error_messages={"required": "Choisissez où.", "invalid_choice": "Choisissez où."},
    )
    radius_km = forms.TypedChoiceField(
        label="Jusqu’à quelle distance ?",
        choices=Radius.choices,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.Select,
        initial=Radius.AROUND,
        error_messages={"invalid_choice": "Choisissez une distance de la liste."},
    )
    slots = forms.MultipleChoiceField(
        label="Quand êtes-vous libre, d’habitude ?",
        choices=list(SLOTS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ne cochez rien si cela change chaque semaine : nous vous demanderons à chaque fois.",
        error_messages={"invalid_choice": "Choisissez des moments de la liste."},
    )
    means = forms.ModelMultipleChoiceField(
        label="Avez-vous…",
        queryset=Means.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Cochez des réponses de la liste."},
    )

    def __init__(self, *args: Any, centre: CoveredCommune | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.centre = centre
        self.communes = list(CoveredCommune.objects.all())
        self.fields["kinds"].queryset = KindOfHelp.objects.offered().with_pictures()
        self.fields["means"].queryset = Means.objects.offered()
        if not self.fields["means"].queryset.exists():
            del self.fields["means"]
        if len(self.communes) == 1:
            del self.fields["where"], self.fields["radius_km"]
        else:
            self._offer_places()
        self.order_fields(["kinds", "where", "radius_km", "communes", "slots", "means"])

    @property
    def suggests_communes(self) -> bool:
        """Whether communes are typed."""
        return suggests(self.communes)

    @property
    def week(self) -> list[tuple[str, list[Any]]]:
        """The boxes of each day, morning first."""
        boxes = {box.data["value"]: box for box in self["slots"].subwidgets}
        return [(day.label, [(part.label, boxes[slot(day, part)]) for part in PartOfDay]) for day in Weekday]

    @property
    def has_week(self) -> bool:
        """Whether something is ticked there, or wrong."""
        return bool(self["slots"].value() or self["slots"].errors)

    def clean_communes(self) -> list[CoveredCommune]:
        """The communes that were ticked, or typed with commas between them."""
        given = self.cleaned_data["communes"]
        if not isinstance(given, str):
            return list(given)
        return [commune_among(self.communes, name) for name in given.split(",") if name.strip()]

    def clean(self) -> dict[str, Any]:
        """What « où » opens is answered; what it does not is not read."""
        cleaned = super().clean()
        where = cleaned.get("where", ANYWHERE)
        if where != CHOSEN:
            self.errors.pop("communes", None)
            cleaned["communes"] = []
        elif not cleaned.get("communes") and "communes" not in self.errors:
            self.add_error("communes", "Choisissez au moins une commune.")
        if where != NEAR:
            self.errors.pop("radius_km", None)
            cleaned["radius_km"] = None
        elif not cleaned.get("radius_km") and "radius_km" not in self.errors:
            self.add_error("radius_km", "Choisissez une distance.")
        return cleaned

    def answers(self) -> dict[str, Any]:
        """What the session keeps, as it was typed."""
        return {name: self[name].value() for name in self.fields}

    def offered(self) -> Offered:
        """What they offer, from a valid form."""
        known = self.cleaned_data
        return Offered(
            kinds=known["kinds"],
            communes=known["communes"],
            radius_km=known["radius_km"],
            centre=self.centre if known["radius_km"] else None,
            slots=known["slots"],
            means=known.get("means", ()),
        )

    def _offer_places(self) -> None:
        places = self.places.copy()
        # Without coordinates no distance is known: then none is asked for.
        if self.centre is None or self.centre.commune.latitude is None:
            del self.fields["radius_km"], places[NEAR]
        self.fields["where"].choices = [(place, words.format(centre=self.centre)) for place, words in places.items()]
        invalid = {"invalid_choice": "Choisissez des communes de la liste."}
        if self.suggests_communes:
            self.fields["communes"] = forms.CharField(
                label="Lesquelles ?", required=False, max_length=2000, help_text="Séparez-les par des virgules."
            )
        else:
            self.fields["communes"] = forms.ModelMultipleChoiceField(
                label="Lesquelles ?",
                queryset=CoveredCommune.objects.all(),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                error_messages=invalid,
            )


class OfferForm(WhatForm):
    """All that a volunteer offers, in « mon espace »."""

    monthly_limit = forms.IntegerField(
        label="Combien de fois par mois, au plus ?",
        required=False,
        min_value=1,
        max_value=MOST_A_MONTH,
        help_text="Laissez vide si vous n’avez pas de limite.",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), f"Écrivez un nombre entre 1 et {MOST_A_MONTH}."
        ),
    )
    at_once_limit = forms.IntegerField(
        label="Combien de rendez-vous prévus à la fois, au plus ?",
        required=False,
        min_value=1,
        max_value=MOST_AT_ONCE,
        help_text="Laissez vide si vous n’avez pas de limite.",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), f"Écrivez un nombre entre 1 et {MOST_AT_ONCE}."
        ),
    )
    languages = forms.MultipleChoiceField(
        label="Parlez-vous une autre langue que le français ?",
        choices=Language.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choisissez des langues de la liste."},
    )
    limits = LongText(
        label="Y a-t-il des choses que nous devons savoir ?",
        required=False,
        max_length=LONGEST_LIMITS,
        help_text="Par exemple : pas d’escaliers, pas de chiens, plutôt en bus. Notre équipe seule le lit.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"Écrivez {LONGEST_LIMITS} caractères au plus."},
    )

    @classmethod
    def of(cls, volunteer: Volunteer, typed: QueryDict | None) -> Self:
        """The form of what a volunteer offers already, or as it was typed."""
        said = offered_by(volunteer)
        form = cls(typed, centre=volunteer.person.commune or (said.centre if said else None))
        if typed is None:
            form.initial = dict(initial_of(said, form.communes))
        return form

    def offered(self) -> Offered:
        """All of it."""
        known, base = self.cleaned_data, super().offered()
        more = {name: known[name] for name in ("monthly_limit", "at_once_limit", "languages", "limits")}
        return Offered(**vars(base) | more)


class AbsenceForm(forms.Form):
    """Days when a volunteer is away."""

    starts_on = forms.DateField(
        label="À partir du",
        input_formats=DATE_FORMATS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Écrivez le premier jour.", "invalid": WRITE_A_DAY},
    )
    ends_on = forms.DateField(
        label="Jusqu’au",
        required=False,
        input_formats=DATE_FORMATS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Le dernier jour compris. Laissez vide si vous ne savez pas encore.",
        error_messages={"invalid": WRITE_A_DAY},
    )


class WordsForm(forms.Form):
    """Step 3: a few words, if they wish."""

    motivation = LongText(
        label="Quelques mots sur vous",
        required=False,
        max_length=LONGEST_WORDS,
        help_text="Ce qui vous donne envie d’aider, ce que vous aimez faire. Notre équipe seule le lit.",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"max_length": f"Écrivez {LONGEST_WORDS} caractères au plus."},
    )

    def answers(self) -> dict[str, Any]:
        """What the session keeps, as it was typed."""
        return {"motivation": self.data.get("motivation", "")}


def initial_of(offered: Offered | None, communes: Sequence[CoveredCommune]) -> Mapping[str, Any]:
    """The form of who offers this already."""
    if offered is None:
        return {}
    chosen = list(offered.communes)
    where = NEAR if offered.radius_km else CHOSEN if chosen else ANYWHERE
    return {
        "kinds": [kind.slug for kind in offered.kinds],
        "where": where,
        "radius_km": offered.radius_km or Radius.AROUND,
        "communes": ", ".join(map(str, chosen)) if suggests(communes) else [commune.pk for commune in chosen],
        "slots": list(offered.slots),
        "means": [one.pk for one in offered.means],
        "monthly_limit": offered.monthly_limit,
        "at_once_limit": offered.at_once_limit,
        "languages": list(offered.languages),
        "limits": offered.limits,
    }
