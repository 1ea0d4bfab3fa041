"""What somebody may change of themselves."""

from typing import Any

from django import forms

from aid.people.enums import Channel
from aid.people.models import Person
from aid.personal.services import channels_of
from aid.privacy.enums import RightKind
from aid.privacy.rights import LONGEST_WORDS
from aid.privacy.texts import RightWords

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

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"personne-{person.pk}", initial={"channel": person.channel}, **kwargs)
        self.person = person
        self.fields["channel"].choices = [(channel.value, LABELS[channel]) for channel in channels_of(person)]


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
