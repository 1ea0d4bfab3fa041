"""The three questions of a request, the code, and what the follow page asks. Each error says what to write."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from aid.configuration.enums import ASKING_ON_SITE, Asking
from aid.configuration.forms import KindChoice, answer_fields, answers_in, by_theme
from aid.configuration.models import KindOfHelp
from aid.help_requests import times
from aid.help_requests.enums import AskedBy, Moment, Urgency
from aid.help_requests.needs import LONGEST_DETAILS, Need
from aid.help_requests.repeat_forms import repeats_field, rule_of
from aid.help_requests.services import LONGEST_WORDS
from aid.help_requests.urgency import HASTE
from aid.moderation.contacts import refuse_in_name
from aid.people.models import validate_name
from aid.territory.forms import commune_among, commune_field, suggests
from aid.territory.models import CoveredCommune, District
from core.dates import DATE_FORMATS, WRITE_A_DAY
from core.forms import LongText
from core.phones import normalise_phone
from core.recurrence import Recurrence

TODAY, TOMORROW, OTHER = "today", "tomorrow", "other"
PRECISE = "hour"
TIME_FORMATS = ["%H:%M", "%H:%M:%S", "%Hh%M", "%H h %M", "%Hh", "%H h", "%H"]


def urgency_field() -> forms.ChoiceField:
    """How soon somebody must say yes. Nobody has to answer."""
    return forms.ChoiceField(
        label="Est-ce pressé ?",
        help_text="En cas de danger, appelez le 112.",
        choices=[(one, HASTE[one].answer) for one in Urgency],
        initial=Urgency.USUAL,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez une réponse de la liste."},
    )


class WhatForm(forms.Form):
    """Step 1: what is needed."""

    kind = KindChoice(
        label="De quoi avez-vous besoin ?",
        queryset=KindOfHelp.objects.none(),
        to_field_name="slug",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez une aide dans la liste.",
            "invalid_choice": "Cette aide n’est plus proposée. Choisissez-en une autre.",
        },
    )

    def __init__(self, *args: Any, askers: Collection[Asking] = ASKING_ON_SITE, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = KindOfHelp.objects.offered().asked_by(askers).with_pictures()

    @property
    def themes(self) -> list[tuple[str, list[Any]]]:
        """The kinds to choose from, under the town's themes."""
        return by_theme(self["kind"])

    def answers(self) -> dict[str, Any]:
        """What the session keeps."""
        return {"kind": self.cleaned_data["kind"].slug}


class WhenForm(forms.Form):
    """When, and where."""

    day_choice = forms.ChoiceField(
        label="Quel jour ?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un jour.", "invalid_choice": "Choisissez un jour."},
    )
    day = forms.DateField(
        label="La date, pour un autre jour",
        required=False,
        input_formats=DATE_FORMATS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": WRITE_A_DAY},
    )
    moment = forms.ChoiceField(
        label="À quel moment ?",
        choices=[
            (Moment.ANY, "Peu importe l’heure"),
            (Moment.MORNING, "Le matin"),
            (Moment.AFTERNOON, "L’après-midi"),
            (PRECISE, "À une heure précise"),
        ],
        initial=Moment.ANY,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un moment.", "invalid_choice": "Choisissez un moment."},
    )
    hour = forms.TimeField(
        label="L’heure précise",
        required=False,
        input_formats=TIME_FORMATS,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Cette heure n’existe pas. Écrivez-la ainsi : 14:30."},
    )
    district = forms.ModelChoiceField(
        label="Votre quartier",
        queryset=District.objects.none(),
        required=False,
        empty_label="Je ne sais pas",
        error_messages={"invalid_choice": "Choisissez un quartier de la liste."},
    )
    address = forms.CharField(
        label="Votre adresse",
        required=False,
        max_length=200,
        help_text="Seuls le voisin qui aura dit oui et notre équipe la verront.",
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
        error_messages={"max_length": "Écrivez 200 caractères au plus."},
    )

    def __init__(self, *args: Any, kind: KindOfHelp | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.communes = list(CoveredCommune.objects.all())
        if len(self.communes) > 1:
            self.fields["commune"] = commune_field(self.communes, "Votre commune")
        districts = District.objects.select_related("commune__commune").order_by("commune", "folded_name")
        self.fields["district"].queryset = districts
        if len(self.communes) > 1:
            self.fields["district"].label_from_instance = lambda district: f"{district} ({district.commune})"
        if not districts.exists():
            del self.fields["district"]
        self.order_fields(["day_choice", "day", "moment", "hour", "commune", "district", "address"])
        self.fields["day_choice"].choices = _days()

    @property
    def suggests_communes(self) -> bool:
        """Whether the commune is typed, with suggestions."""
        return suggests(self.communes)

    def clean_commune(self) -> CoveredCommune:
        """The commune that was chosen, or typed, accents and capitals aside."""
        return commune_among(self.communes, self.cleaned_data["commune"])

    def clean(self) -> dict[str, Any]:
        """Make one day and one moment of what was chosen, and check that they are to come."""
        cleaned = super().clean()
        cleaned["commune"] = cleaned.get("commune") or (self.communes[0] if len(self.communes) == 1 else None)
        self._settle_day(cleaned)
        self._settle_moment(cleaned)
        checks = (
            lambda: times.check_day(cleaned["day"]),
            lambda: self._check_season(cleaned),
            lambda: self._check_hour(cleaned),
        )
        for check in checks:
            if cleaned.get("day") and not self.errors:
                try:
                    check()
                except ValidationError as error:
                    self.add_error(None, error)
        district, commune = cleaned.get("district"), cleaned.get("commune")
        if district and commune and district.commune_id != commune.pk:
            self.add_error("district", f"Ce quartier n’est pas à {commune}. Choisissez-en un autre.")
        return cleaned

    def need(self, kind: KindOfHelp, details: str = "", answers: Mapping[str, str] | None = None) -> Need:
        """What is needed, from a valid form."""
        known = self.cleaned_data
        return Need(
            kind=kind,
            day=known["day"],
            hour=known["hour"],
            moment=Moment.ANY if known["moment"] == PRECISE else known["moment"],
            commune=known["commune"],
            district=known.get("district"),
            address=known["address"],
            details=details,
            answers=answers or {},
            urgency=known.get("urgency") or None,
        )

    def _settle_day(self, cleaned: dict[str, Any]) -> None:
        chosen, today = cleaned.get("day_choice"), times.town_now().date()
        if chosen in {TODAY, TOMORROW}:
            # A date that was typed, then given up, counts no more.
            self.errors.pop("day", None)
            cleaned["day"] = today + timedelta(days=chosen == TOMORROW)
        elif chosen == OTHER and not cleaned.get("day") and "day" not in self.errors:
            self.add_error("day", "Écrivez le jour, par exemple 24/11/2026.")

    def _settle_moment(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("moment") != PRECISE:
            self.errors.pop("hour", None)
            cleaned["hour"] = None
        elif not cleaned.get("hour") and "hour" not in self.errors:
            self.add_error("hour", "Écrivez l’heure, par exemple 14:30.")

    def _check_season(self, cleaned: dict[str, Any]) -> None:
        if self.kind is not None:
            self.kind.check_day(cleaned["day"])

    @staticmethod
    def _check_hour(cleaned: dict[str, Any]) -> None:
        times.check_hour(cleaned["day"], cleaned["hour"], cleaned["moment"])


class StepWhenForm(WhenForm):
    """Step 2: when and where, whether it comes again, and how soon somebody must say yes."""

    repeats = repeats_field("Cela revient ?")
    urgency = urgency_field()

    def answers(self) -> dict[str, Any]:
        """What the session keeps: a date and not « demain », which is another day after midnight."""
        hour, district = self.cleaned_data["hour"], self.cleaned_data.get("district")
        return {
            "day": self.cleaned_data["day"].isoformat(),
            "moment": self.cleaned_data["moment"],
            "hour": hour.isoformat("minutes") if hour else "",
            "commune": self.cleaned_data["commune"].pk,
            "district": district.pk if district else "",
            "address": self.cleaned_data["address"],
            "repeats": self.cleaned_data["repeats"],
            "urgency": self.cleaned_data["urgency"] or Urgency.USUAL,
        }

    def rule(self) -> Recurrence | None:
        """How it comes again, from a valid form; None for what is wanted once."""
        return rule_of(self.cleaned_data["repeats"], self.cleaned_data["day"])

    @classmethod
    def of_answers(cls, answers: Mapping[str, Any], kind: KindOfHelp | None = None) -> "StepWhenForm":
        """The form as it was answered, today."""
        day = date.fromisoformat(answers["day"])
        ahead = (day - times.town_now().date()).days
        data = dict(answers) | {"day_choice": {0: TODAY, 1: TOMORROW}.get(ahead, OTHER)}
        form = cls()
        if form.suggests_communes:
            chosen = next((commune for commune in form.communes if commune.pk == answers["commune"]), "")
            data["commune"] = str(chosen)
        return cls(data, kind=kind)


class WhenForHerForm(StepWhenForm):
    """Step 2, for somebody else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("commune", "Sa commune"), ("district", "Son quartier"), ("address", "Son adresse")):
            if name in self.fields:
                self.fields[name].label = label
        self.fields[
            "address"
        ].help_text = f"Laissez vide si c’est chez cette personne. {self.fields['address'].help_text}"


class ForHerForm(forms.Form):
    """Step 3, for somebody else: the town knows who they are, and who asks."""

    details = LongText(
        label="Un mot pour le voisin qui viendra",
        required=False,
        max_length=LONGEST_DETAILS,
        help_text="Seuls le voisin qui aura dit oui et notre équipe le liront.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": f"Écrivez {LONGEST_DETAILS} caractères au plus."},
    )

    def __init__(self, *args: Any, kind: KindOfHelp | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        # Who writes to a neighbour chooses the kind on the same page, with what is asked about each (nearby.forms).
        self.fields |= answer_fields(kind) if kind else {}

    @property
    def questions(self) -> list[forms.BoundField]:
        """The town's own questions about this kind of help."""
        return [self[name] for name in answer_fields(self.kind)]

    def said(self) -> dict[str, Any]:
        """What a valid form says of the need: a word, and the answers to these questions."""
        return {"details": self.cleaned_data["details"], "answers": answers_in(self, self.kind)}

    def answers(self) -> dict[str, Any]:
        """What the session keeps, as it was typed."""
        return {name: self.data.get(name, "") for name in self.fields}


class YouForm(ForHerForm):
    """Step 3: who asks, and how to reach them."""

    first_name = forms.CharField(
        label="Votre prénom",
        max_length=80,
        validators=[validate_name, refuse_in_name("Écrivez seulement votre prénom.")],
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": "Écrivez votre prénom.", "max_length": "Écrivez 80 caractères au plus."},
    )
    last_name = forms.CharField(
        label="Votre nom",
        max_length=80,
        required=False,
        validators=[refuse_in_name("Écrivez seulement votre nom.")],
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"max_length": "Écrivez 80 caractères au plus."},
    )
    phone = forms.CharField(
        label="Votre téléphone",
        max_length=40,
        help_text="Mobile ou fixe. Le voisin qui dira oui vous appellera à ce numéro.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={
            "required": "Écrivez votre numéro, par exemple 03 44 72 00 00.",
            "max_length": "Écrivez un numéro à dix chiffres, par exemple 03 44 72 00 00.",
        },
    )
    is_for_somebody = forms.BooleanField(label="Je demande pour un proche", required=False)
    asked_by_name = forms.CharField(
        label="Votre nom à vous",
        max_length=120,
        required=False,
        help_text="Plus haut, écrivez le prénom et le téléphone de votre proche.",
        error_messages={"max_length": "Écrivez 120 caractères au plus."},
    )
    field_order = ["first_name", "last_name", "phone", "is_for_somebody", "asked_by_name", "details"]

    def clean_phone(self) -> str:
        """The number in E.164."""
        return normalise_phone(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        """Who asks for somebody else says their own name."""
        cleaned = super().clean()
        if cleaned.get("is_for_somebody") and not cleaned.get("asked_by_name") and "asked_by_name" not in self.errors:
            self.add_error("asked_by_name", "Écrivez votre nom, à vous qui demandez.")
        return cleaned

    def who(self) -> dict[str, Any]:
        """Who asks, as `ask_online` wants it."""
        known = self.cleaned_data
        is_for_somebody = known["is_for_somebody"]
        return {
            "first_name": known["first_name"],
            "last_name": known["last_name"],
            "phone": known["phone"],
            "asked_by": AskedBy.RELATIVE if is_for_somebody else AskedBy.SELF,
            "asked_by_name": known["asked_by_name"] if is_for_somebody else "",
        }


class ThanksForm(forms.Form):
    """A word for who came."""

    words = LongText(
        label="Un petit mot",
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"Écrivez {LONGEST_WORDS} caractères au plus."},
    )


class WentBadlyForm(forms.Form):
    """It did not go well, and why. Beside the form of thanks, whose words are its own."""

    prefix = "how"

    words = LongText(
        label="Que s’est-il passé ?",
        max_length=LONGEST_WORDS,
        help_text="Quelques mots suffisent. L’équipe les lit, et vous appelle.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Écrivez quelques mots, par exemple : personne n’est venu.",
            "max_length": f"Écrivez {LONGEST_WORDS} caractères au plus.",
        },
    )


def _days() -> list[tuple[str, str]]:
    today = times.town_now().date()
    return [
        (TODAY, f"Aujourd’hui, {times.day_words(today)}"),
        (TOMORROW, f"Demain, {times.day_words(today + timedelta(days=1))}"),
        (OTHER, "Un autre jour"),
    ]
