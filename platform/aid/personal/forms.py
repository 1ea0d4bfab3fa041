"""What somebody may change of themselves."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from aid.directory.texts import LONGEST_NEWS
from aid.people.enums import Channel
from aid.people.models import Person, validate_name
from aid.personal.services import channels_of
from aid.privacy.enums import RightKind
from aid.privacy.rights import LONGEST_WORDS
from aid.privacy.texts import RightWords
from aid.relations.enums import Scope
from aid.relations.forms import MandateMixin
from core.forms import LongText
from core.phones import normalise_phone

LONGEST_GOODBYE = 300
# What a mandate allows, as who gives it says it.
FOR_ME = [
    (Scope.REQUESTS, "Demander de l’aide pour moi, et suivre mes demandes"),
    (Scope.KNOWN, "Lire tout ce que la ville sait de moi"),
    (Scope.CHANNEL, "Changer la façon de me prévenir"),
]
# The answer to « qui ? » that is none of her relatives.
SOMEBODY_ELSE = "autre"

LABELS = {Channel.SMS: "Par SMS", Channel.EMAIL: "Par e-mail", Channel.CALL: "Par téléphone : quelqu’un m’appelle"}


class ChannelForm(forms.Form):
    """By which channel a person is told: only those that reach them are offered."""

    channel = forms.ChoiceField(
        label="Comment voulez-vous être prévenu ?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez une façon de vous prévenir.",
            "invalid_choice": "Choisissez une façon de vous prévenir dans la liste.",
        },
    )

    def __init__(self, person: Person, *args: Any, is_for_her: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"personne-{person.pk}", initial={"channel": person.channel}, **kwargs)
        self.person = person
        labels = LABELS
        if is_for_her:
            self.fields["channel"].label = f"Comment prévenir {person.first_name} ?"
            labels = LABELS | {Channel.CALL: "Par téléphone : quelqu’un l’appelle"}
        self.fields["channel"].choices = [(channel.value, labels[channel]) for channel in channels_of(person)]


class WordForm(forms.Form):
    """The word that is said at one's door."""

    text = forms.CharField(
        label="Votre mot",
        help_text="Un mot simple, que vous retenez, et que personne ne devine.",
        error_messages={"required": "Écrivez un mot."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class RightForm(forms.Form):
    """A few words with what somebody asks of what is known of them; they are needed where something is wrong."""

    words = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Écrivez ce qu’il faut corriger."},
    )

    def __init__(self, *args: Any, right: RightWords, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = right.question
        self.fields["words"].required = right.kind == RightKind.CORRECT

    def clean_words(self) -> str:
        """Without the browser's own limit, which would cut what is pasted without a word."""
        words = self.cleaned_data["words"]
        if len(words) > LONGEST_WORDS:
            raise forms.ValidationError(f"Écrivez {LONGEST_WORDS} signes au plus.")
        return words


class AppealForm(forms.Form):
    """Why somebody does not agree with a measure. How long it may be, the service says."""

    words = forms.CharField(
        label="Ce que vous voulez nous dire",
        help_text="Vous ne pouvez répondre qu’une fois : prenez votre temps.",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Écrivez ce que vous voulez nous dire."},
    )


class GivingForm(MandateMixin):
    """Who will act for the person who is here: one of her relatives, or who reads at a contact."""

    relative = forms.ChoiceField(
        label="Qui ?",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez une réponse de la liste."},
    )
    first_name = forms.CharField(
        label="Son prénom",
        required=False,
        max_length=80,
        validators=[validate_name],
        error_messages={"max_length": "Écrivez 80 caractères au plus."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact = forms.CharField(
        label="Son téléphone ou son adresse e-mail",
        required=False,
        max_length=254,
        error_messages={"max_length": "Écrivez 254 caractères au plus."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["relative", "first_name", "contact", "scope", "ends_on"]

    def __init__(self, person: Person, *args: Any, relatives: Sequence[tuple[Person, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["scope"].choices = FOR_ME
        self.relatives = {str(one.uid): one for one, _ in relatives}
        self.prepare_end()
        if relatives:
            known = [(str(one.uid), f"{one.public_name}, {words}") for one, words in relatives]
            self.fields["relative"].choices = [*known, (SOMEBODY_ELSE, "Quelqu’un d’autre")]
        else:
            del self.fields["relative"]

    def clean_contact(self) -> str:
        """An address, or a number in E.164."""
        typed = self.cleaned_data["contact"].strip()
        if not typed or self.data.get("relative") in self.relatives:
            return ""
        return validated_email(typed) if "@" in typed else normalise_phone(typed)

    def clean(self) -> dict[str, Any]:
        """One of them, named."""
        cleaned = super().clean()
        if self.chosen() is not None:
            self.errors.pop("first_name", None)
            return cleaned
        if not cleaned.get("first_name") and "first_name" not in self.errors:
            self.add_error("first_name", "Écrivez son prénom.")
        contact = cleaned.get("contact", "")
        if not contact and "contact" not in self.errors:
            self.add_error("contact", "Écrivez son numéro, ou son adresse e-mail.")
        elif contact and contact in {self.person.phone, self.person.email}:
            self.add_error("contact", "C’est le vôtre : écrivez celui de la personne qui agira pour vous.")
        return cleaned

    def chosen(self) -> Person | None:
        """The relative that was chosen; None for somebody else."""
        return self.relatives.get(self.cleaned_data.get("relative", ""))

    def offer(self) -> dict[str, Any]:
        """To whom a mandate is offered, as `invite` wants it."""
        contact = self.cleaned_data["contact"]
        return {"first_name": self.cleaned_data["first_name"], "email" if "@" in contact else "phone": contact}


class StoppingForm(forms.Form):
    """A word from who stops, if they wish."""

    words = LongText(
        label="Un mot pour nous",
        required=False,
        max_length=LONGEST_GOODBYE,
        help_text="Notre équipe seule le lit.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"Écrivez {LONGEST_GOODBYE} caractères au plus."},
    )


def validated_email(typed: str) -> str:
    """An address, in small letters. Raises ValidationError in French."""
    try:
        validate_email(typed)
    except ValidationError:
        raise ValidationError("Écrivez une adresse comme prenom.nom@exemple.fr.") from None
    return typed.lower()


class WelcomedForm(forms.Form):
    """What a referent tells the town of a newcomer, if anything."""

    words = forms.CharField(
        label="Quelques mots pour nous",
        required=False,
        help_text="Par exemple : elle aimerait des visites.",
        max_length=LONGEST_NEWS,
        error_messages={"max_length": f"Écrivez {LONGEST_NEWS} signes au plus."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
