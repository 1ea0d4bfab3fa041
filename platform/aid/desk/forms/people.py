"""Persons and volunteers, as agents write them down."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Account
from aid.configuration.models import KindOfHelp
from aid.desk.forms.entry import NewPersonMixin, PlaceMixin, too_long
from aid.onboarding.enums import Source
from aid.onboarding.models import Step
from aid.onboarding.models.steps import LONGEST_WORDS
from aid.partners.models import Partner
from aid.people.enums import Channel
from aid.people.forms import NO, YES, LeavingForm
from aid.people.models import Person
from aid.territory.models import CoveredCommune
from core.forms import LongText
from core.phones import receives_sms

INVALID = "Choisissez une réponse de la liste."


class ChannelMixin(forms.Form):
    """How somebody is told."""

    email = forms.EmailField(
        label="Adresse e-mail",
        required=False,
        max_length=254,
        error_messages={"invalid": "Écrivez une adresse comme prenom.nom@exemple.fr.", **too_long("254")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    channel = forms.ChoiceField(
        label="Comment prévenir cette personne ?",
        choices=Channel,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez comment la prévenir.", "invalid_choice": INVALID},
    )

    def check_channel(self, *, phone: str, email: str) -> None:
        """What is sent must arrive: an SMS on a mobile, an e-mail at an address."""
        channel = self.cleaned_data.get("channel")
        if channel == Channel.SMS and not phone and "phone" not in self.errors:
            self.add_error("channel", "Un SMS demande un numéro de portable : écrivez-le, ou choisissez autrement.")
        elif channel == Channel.SMS and phone and not receives_sms(phone):
            self.add_error("channel", "Ce numéro ne reçoit pas les SMS : choisissez autrement.")
        elif channel == Channel.EMAIL and not email and "email" not in self.errors:
            self.add_error("channel", "Un e-mail demande une adresse : écrivez-la, ou choisissez autrement.")


class PersonForm(PlaceMixin, NewPersonMixin, ChannelMixin):
    """What is known of somebody."""

    field_order = [
        "first_name", "last_name", "birth_year", "phone", "email", "channel", "commune", "district", "address",
    ]  # fmt: skip

    def __init__(self, *args: Any, by_account: Account, person: Person, **kwargs: Any) -> None:
        kept = {
            "first_name": person.first_name,
            "last_name": person.last_name,
            "birth_year": person.birth_year,
            "phone": person.phone,
            "email": person.email,
            "channel": person.channel,
            "commune": person.commune_id,
            "district": person.district_id,
            "address": person.address,
        }
        super().__init__(*args, initial=kept, **kwargs)
        self.person = person
        self.by_account = by_account
        del self.fields["same_as"]
        self.fields["commune"].required = False
        self.fields["commune"].empty_label = "–"
        self.prepare_places()

    def clean(self) -> dict[str, Any]:
        """What several fields say together."""
        cleaned = super().clean()
        self.clean_places()
        self.check_channel(phone=cleaned.get("phone", ""), email=cleaned.get("email", ""))
        self.keep_in_sectors(self.by_account)
        return cleaned


class VolunteerForm(PlaceMixin, NewPersonMixin, ChannelMixin):
    """A volunteer whom the town admits: who, what kinds of help, where, how they are told."""

    kinds = forms.ModelMultipleChoiceField(
        label="Quelles aides ?",
        queryset=KindOfHelp.objects.offered(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une aide.", "invalid_choice": "Cochez des aides de la liste."},
    )
    communes = forms.ModelMultipleChoiceField(
        label="Dans quelles communes ?",
        help_text="Ne cochez rien pour tout le territoire.",
        required=False,
        queryset=CoveredCommune.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Cochez des communes de la liste."},
    )

    source = forms.ChoiceField(
        label="Comment est-ce arrivé ?",
        choices=[(one.value, one.label) for one in (Source.PAPER, Source.EVENT, Source.TOWN)],
        initial=Source.TOWN,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": INVALID},
    )
    motivation = LongText(
        label="Ses mots",
        help_text="Pourquoi cette personne veut aider, comme elle le dit.",
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=too_long("1\xa0000"),
    )

    field_order = [
        "first_name", "last_name", "phone", "email", "birth_year", "same_as", "commune", "district", "address",
        "kinds", "communes", "channel", "source", "motivation",
    ]  # fmt: skip

    def __init__(self, *args: Any, by_account: Account, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.by_account = by_account
        self.prepare_places()
        self.fields["communes"].queryset = CoveredCommune.objects.all()
        if len(self.fields["communes"].choices) == 1:
            del self.fields["communes"]
        if person is None:
            self.find_duplicates(by_account)
        else:
            for name in ("first_name", "last_name", "phone", "email", "birth_year", "same_as"):
                del self.fields[name]
            for name in ("commune", "district", "address"):
                self.fields.pop(name, None)
            self._show_what_is_known(person)

    @property
    def asks_steps(self) -> bool:
        """Whether the town admits nobody without some steps."""
        return Step.objects.required().exists()

    def _show_what_is_known(self, person: Person) -> None:
        self.initial.setdefault("channel", person.channel)
        known = getattr(person, "volunteer", None)
        if known is not None:
            self.initial = {"source": known.source, "motivation": known.motivation} | self.initial
        offer = getattr(getattr(person, "volunteer", None), "offer", None)
        if offer:
            known = {"kinds": list(offer.kinds.all()), "communes": list(offer.communes.all())}
            # What was typed before « c’est elle » comes first.
            self.initial = known | self.initial

    def clean(self) -> dict[str, Any]:
        """What several fields say together."""
        cleaned = super().clean()
        self.clean_places()
        known = self.whom_known()
        phone = known.phone if known else cleaned.get("phone", "")
        email = known.email if known else cleaned.get("email", "")
        self.check_channel(phone=phone, email=email)
        if not known:
            self.keep_in_sectors(self.by_account)
        return cleaned

    def clean_source(self) -> str:
        """Known of the town, where nothing was said."""
        return self.cleaned_data["source"] or Source.TOWN

    def whom_known(self) -> Person | None:
        """Somebody whom the town knows already."""
        return self.person or (self.chosen_duplicate() if "same_as" in self.fields else None)

    def whom(self) -> Person | dict[str, Any]:
        """Somebody known, or the fields of somebody new."""
        known = self.whom_known()
        if known:
            return known
        place = {name: self.cleaned_data.get(name) for name in ("commune", "district")}
        return self.new_person() | place | {name: self.cleaned_data[name] for name in ("email", "address")}


class SearchForm(forms.Form):
    """A name, or a number."""

    texte = forms.CharField(
        label="Téléphone, nom ou prénom",
        max_length=120,
        error_messages={"required": "Écrivez un nom ou un numéro.", **too_long("120")},
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_texte(self) -> str:
        """Without what no name holds. PostgreSQL takes no null character."""
        typed = self.cleaned_data["texte"]
        if "\x00" in typed:
            raise ValidationError("Écrivez un nom ou un numéro.")
        return typed


class LeavingForThemForm(LeavingForm):
    """What an agent asks of who phones to leave a shared account."""

    questions = {
        "phone": (
            "Ce numéro est-il encore le sien ?",
            [(YES, "Oui, on peut l’y joindre"), (NO, "Non, l’enlever de sa fiche")],
        ),
        "email": (
            "Cette adresse e-mail est-elle encore la sienne ?",
            [(YES, "Oui, on peut lui écrire là"), (NO, "Non, l’enlever de sa fiche")],
        ),
    }


class AssociationForm(forms.Form):
    """For which association somebody comes."""

    association = forms.ModelChoiceField(
        label="Association",
        queryset=Partner.objects.associations(),
        required=False,
        empty_label="Aucune : pour soi",
        help_text="Elle est notée d’abord parmi les partenaires.",
        error_messages={"invalid_choice": "Choisissez une association de la liste."},
    )
