"""What is typed in the outbox, and how somebody chooses to be told of each thing."""

from typing import Any

from django import forms
from django.utils.text import capfirst

from aid.notifications.channels import relay_of, usual_way, ways_of
from aid.people.enums import OF_VOLUNTEERS, Purpose, Way
from aid.people.models import Person


class ReplyForm(forms.Form):
    """An SMS that somebody sends back."""

    text = forms.CharField(
        label="Votre réponse",
        max_length=480,
        error_messages={
            "required": "Écrivez une réponse, par exemple OUI.",
            "max_length": "Écrivez 480 caractères au plus.",
        },
    )


class ChannelsForm(forms.Form):
    """By which way a person is told of each thing; only those that reach them are offered."""

    def __init__(self, *args: Any, person: Person, is_volunteer: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        reader = relay_of(person)
        for purpose in Purpose:
            if purpose in OF_VOLUNTEERS and not is_volunteer:
                continue
            ways = [
                (way.value, f"Par {reader.first_name}" if way == Way.RELATIVE and reader else capfirst(way.label))
                for way in ways_of(person, purpose)
            ]
            self.fields[purpose.value] = forms.ChoiceField(
                label=capfirst(purpose.label),
                choices=[("", f"Comme d’habitude\xa0: {usual_way(person, purpose).label}"), *ways],
                initial=person.channels.get(purpose.value, ""),
                required=False,
                error_messages={"invalid_choice": "Choisissez une façon de prévenir dans la liste."},
            )

    def chosen(self) -> dict[str, str]:
        """What is kept: the ways that were chosen; of what was not asked here, what was chosen before."""
        unasked = {name: way for name, way in self.person.channels.items() if name not in self.fields}
        return unasked | {name: way for name, way in self.cleaned_data.items() if way}
