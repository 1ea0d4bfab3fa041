"""Who phones, and what for: the one screen of a telephone request."""

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Account
from aid.desk import access
from aid.desk.forms.needs import AskerMixin, NeedMixin
from aid.desk.services import just_written_down
from aid.help_requests.enums import Consent, Moment, Source, Urgency
from aid.help_requests.forms import urgency_field
from aid.help_requests.repeat_forms import RepeatFields
from aid.help_requests.texts import AGREEMENT
from aid.people.models import Person
from aid.people.services import possible_duplicates
from aid.territory.models import CoveredCommune, District
from core.forms import LongText
from core.phones import normalise_phone
from core.text import tidy
from themes.brand import format_telephone

FURTHEST = timedelta(days=365)
# The answer to « c’est elle ? » that makes somebody new.
SOMEBODY_NEW = "nouvelle"
NOT_THEIR_SECTOR = "Ce lieu n’est pas dans vos secteurs. Choisissez-en un autre, ou passez la main à un agent."
LIKELY_PHONE = re.compile(r"^[+\d][\d\s.\-()]*$")


def too_long(most: str) -> dict[str, str]:
    """The error of a text that does not fit."""
    return {"max_length": f"Écrivez {most} signes au plus."}


class PhoneField(forms.CharField):
    """A number as people say it, kept as E.164."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}))
        super().__init__(max_length=40, error_messages=too_long("40"), **options)

    def clean(self, value: str) -> str:
        """E.164, or nothing. Raises ValidationError in French."""
        typed = super().clean(value)
        return normalise_phone(typed) if typed else ""

    def prepare_value(self, value: str) -> str:
        """What was typed, as it was typed; a kept number as the French write it."""
        return format_telephone(value) if value else ""


class DistrictField(forms.ModelChoiceField):
    """Districts, under the name of their commune."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=District.objects.select_related("commune__commune"), **options)
        self.empty_label = "–"

    def label_from_instance(self, obj: District) -> str:
        """« Centre (Lormes) » where there are several communes."""
        return f"{obj.name} ({obj.commune})" if self.has_several_communes else obj.name

    has_several_communes = False


class PlaceMixin(forms.Form):
    """Where: a commune of the territory, a district of it, an address."""

    commune = forms.ModelChoiceField(
        label="Commune",
        queryset=CoveredCommune.objects.none(),
        empty_label="Choisir…",
        error_messages={"required": "Choisissez une commune.", "invalid_choice": "Choisissez une commune de la liste."},
    )
    district = DistrictField(
        label="Quartier", required=False, error_messages={"invalid_choice": "Choisissez un quartier de la liste."}
    )
    address = forms.CharField(
        label="Adresse",
        required=False,
        max_length=200,
        error_messages=too_long("200"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def prepare_places(self) -> None:
        """Offer the town's own places; with a single commune there is nothing to choose."""
        communes = list(CoveredCommune.objects.all())
        field = self.fields["commune"]
        field.queryset = CoveredCommune.objects.all()
        if len(communes) == 1:
            field.empty_label = None
            field.initial = communes[0].pk
        districts = self.fields["district"]
        districts.has_several_communes = len(communes) > 1
        districts.choices = [("", "–"), *((one.pk, districts.label_from_instance(one)) for one in districts.queryset)]
        if len(districts.choices) == 1:
            del self.fields["district"]

    def clean_places(self) -> None:
        """A district is one of its commune's."""
        commune, district = self.cleaned_data.get("commune"), self.cleaned_data.get("district")
        if commune and district and district.commune_id != commune.pk:
            self.add_error("district", "Ce quartier est dans une autre commune.")

    def keep_in_sectors(self, account: Account, *, is_home: bool = True) -> None:
        """Who lives there must be somebody whom the account may see: else they would be lost for who writes them down.

        The district counts where it is a home (`is_home`), not where help is wanted this once.
        """
        commune = self.cleaned_data.get("commune")
        district = self.cleaned_data.get("district") if is_home else None
        if not self.errors and not access.reaches(account, commune=commune, district=district):
            self.add_error("district" if "district" in self.fields else "commune", NOT_THEIR_SECTOR)


class NewPersonMixin(forms.Form):
    """Somebody whom the town does not know yet."""

    first_name = forms.CharField(
        label="Prénom",
        max_length=80,
        error_messages={"required": "Écrivez son prénom.", **too_long("80")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    last_name = forms.CharField(
        label="Nom",
        required=False,
        max_length=80,
        error_messages=too_long("80"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = PhoneField(label="Téléphone", required=False)
    birth_year = forms.IntegerField(
        label="Année de naissance",
        required=False,
        min_value=1890,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), "Écrivez l’année en quatre chiffres, par exemple 1941."
        ),
    )
    same_as = forms.ChoiceField(
        label="C’est peut-être elle",
        error_messages={
            "required": "Dites si c’est elle, ou quelqu’un d’autre.",
            "invalid_choice": "Choisissez une réponse de la liste.",
        },
    )

    duplicates: list[Person]

    def find_duplicates(self, by_account: Account) -> None:
        """Ask « c’est elle ? » where what was typed resembles somebody; ask nothing otherwise.

        Whom the same agent wrote down a moment ago, in the same words, is not another person: they pressed twice.
        """
        self.duplicates = self._resembling(by_account) if self.is_bound else []
        if not self.duplicates:
            del self.fields["same_as"]
            return
        known = [(str(person.uid), describe(person)) for person in self.duplicates]
        self.fields["same_as"].choices = [*known, (SOMEBODY_NEW, "C’est quelqu’un d’autre")]

    @property
    def is_somebody_else(self) -> bool:
        """Whether the agent has said already that it is none of those: asked once, whatever else is to correct."""
        return self.data.get(self.add_prefix("same_as")) == SOMEBODY_NEW

    def _resembling(self, by_account: Account) -> list[Person]:
        first_name, last_name, phone, year = (
            tidy(self.data.get(self.add_prefix(name)) or "")
            for name in ("first_name", "last_name", "phone", "birth_year")
        )
        try:
            phone = normalise_phone(phone) if phone else ""
        except ValidationError:
            phone = ""
        if not (first_name or phone):
            return []
        named = {"first_name": first_name, "last_name": last_name, "phone": phone}
        if just_written_down(**named, by_account=by_account):
            return []
        return possible_duplicates(**named, birth_year=_year(year), among=access.persons_for(by_account))

    def chosen_duplicate(self) -> Person | None:
        """The person that it is after all."""
        chosen = self.cleaned_data.get("same_as")
        return next((person for person in self.duplicates if str(person.uid) == chosen), None)

    def new_person(self) -> dict[str, Any]:
        """The fields of somebody new."""
        return {name: self.cleaned_data[name] for name in ("first_name", "last_name", "phone", "birth_year")}


def _year(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) == len("1941") else None


def describe(person: Person) -> str:
    """Enough to know somebody by on the telephone: « Jeanne Martin, née en 1941, 03 44…, Centre »."""
    year = f"année {person.birth_year}" if person.birth_year else ""
    return ", ".join(filter(None, [person.full_name, year, format_telephone(person.phone), person.place]))


def from_search(typed: str) -> dict[str, str]:
    """What a search without an answer already tells of somebody new: a number, or a first and a last name."""
    typed = typed.strip()
    if LIKELY_PHONE.match(typed):
        return {"phone": typed}
    first_name, _, last_name = typed.partition(" ")
    return {"first_name": first_name, "last_name": last_name.strip()}


class EntryForm(PlaceMixin, NewPersonMixin, NeedMixin, AskerMixin, RepeatFields):
    """A request that somebody phones in. `person` is who it is for, once known."""

    details = LongText(
        label="Précisions",
        required=False,
        max_length=1000,
        error_messages=too_long("1 000"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Lues par le bénévole qui dit oui, et par lui seul.",
    )
    day = forms.DateField(
        label="Quel jour ?",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "Choisissez un jour.", "invalid": "Écrivez un jour, par exemple 24/11/2026."},
    )
    hour = forms.TimeField(
        label="Heure",
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": "Écrivez une heure, par exemple 14:30."},
    )
    moment = forms.ChoiceField(
        label="Sans heure précise",
        required=False,
        choices=Moment,
        initial=Moment.ANY,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez un moment de la liste."},
    )
    urgency = urgency_field()
    at_home = forms.BooleanField(label="C’est chez elle : gardez cette adresse", required=False, initial=True)
    source = forms.ChoiceField(
        label="Par où ?",
        choices=[(one.value, one.label) for one in (Source.PHONE, Source.DESK)],
        initial=Source.PHONE,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Dites si c’est au téléphone ou à l’accueil.",
            "invalid_choice": "Choisissez une réponse de la liste.",
        },
    )
    consent = forms.ChoiceField(
        label="Son accord",
        help_text=f"À lire : « {AGREEMENT} Êtes-vous d’accord ? »",
        choices=[(one.value, one.label) for one in (Consent.SPOKEN, Consent.ON_PAPER)],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Demandez-lui son accord, puis cochez comment il a été donné.",
            "invalid_choice": "Choisissez une réponse de la liste.",
        },
    )

    field_order = [
        "first_name", "last_name", "phone", "birth_year", "same_as", "kind", "day", "hour", "moment", "repeats",
        "weekdays", "until", "skips_holidays", "urgency", "details", "commune", "district", "address", "at_home",
        "source", "asked_by", "association", "asked_by_name", "consent",
    ]  # fmt: skip

    def __init__(self, *args: Any, by_account: Account, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.by_account = by_account
        self.prepare_places()
        today = timezone.localdate()
        self.fields["day"].widget.attrs |= {"min": today.isoformat(), "max": (today + FURTHEST).isoformat()}
        if person is None:
            self.find_duplicates(by_account)
        else:
            for name in ("first_name", "last_name", "phone", "birth_year", "same_as", "at_home"):
                del self.fields[name]
        self.offer_known_callers(person, by_account)
        self.ask_more()

    def clean_day(self) -> Any:
        """A day to come, within a year."""
        day = self.cleaned_data["day"]
        today = timezone.localdate()
        if day < today:
            raise ValidationError("Choisissez aujourd’hui ou un jour à venir.")
        if day > today + FURTHEST:
            raise ValidationError("Choisissez un jour dans l’année qui vient.")
        return day

    def clean_moment(self) -> str:
        """Any, where nothing was said."""
        return self.cleaned_data["moment"] or Moment.ANY

    def clean_urgency(self) -> str:
        """The usual one, where nothing was said."""
        return self.cleaned_data["urgency"] or Urgency.USUAL

    def clean(self) -> dict[str, Any]:
        """What several fields say together."""
        cleaned = super().clean()
        self.clean_places()
        day, hour = cleaned.get("day"), cleaned.get("hour")
        now = timezone.localtime()
        if hour and day == now.date() and hour <= now.time():
            self.add_error("hour", "Cette heure est passée : choisissez-en une à venir.")
        self.clean_asker()
        self.forget_other_kinds()
        if not (self.person or self.chosen_duplicate()):
            self.keep_in_sectors(self.by_account, is_home=cleaned.get("at_home", False))
        return cleaned

    def whom(self) -> Person | dict[str, Any]:
        """Who the request is for: somebody known, or the fields of somebody new."""
        known = self.person or self.chosen_duplicate()
        if known:
            return known
        place = {"commune": self.cleaned_data["commune"]}
        if self.cleaned_data["at_home"]:
            place |= {"district": self.cleaned_data.get("district"), "address": self.cleaned_data["address"]}
        return self.new_person() | place

    def what(self) -> dict[str, Any]:
        """What is asked for."""
        names = (
            "day", "hour", "moment", "urgency", "commune", "address", "details", "source", "consent", "skips_holidays",
        )  # fmt: skip
        asked = {name: self.cleaned_data[name] for name in names} | {"district": self.cleaned_data.get("district")}
        return asked | {"rule": self.rule(self.cleaned_data["day"])} | self.need() | self.asker()
