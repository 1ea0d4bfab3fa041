"""What somebody may change of themselves."""

from typing import Any

from django import forms

from aid.people.enums import Channel
from aid.people.models import Person
from aid.personal.services import channels_of

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
