"""What somebody writes to the neighbour whom they chose: what, when, where, and their words; and who they are."""

from collections.abc import Iterable
from typing import Any

from django import forms

from aid.configuration.forms import KindChoice
from aid.configuration.models import KindOfHelp
from aid.help_requests.forms import ForHerForm, WhenForm, YouForm


class _Message:
    """A kind of help among those of a neighbour; the words are for them."""

    def __init__(self, *args: Any, kinds: Iterable[KindOfHelp], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = KindOfHelp.objects.filter(pk__in=[kind.pk for kind in kinds]).with_pictures()
        self.fields["kind"] = KindChoice(
            label="De quoi avez-vous besoin ?",
            queryset=offered,
            to_field_name="slug",
            empty_label=None,
            widget=forms.RadioSelect,
            error_messages={
                "required": "Choisissez une aide dans la liste.",
                "invalid_choice": "Ce voisin ne propose pas cette aide. Choisissez-en une autre.",
            },
        )
        words = self.fields["details"]
        words.label = "Votre message"
        words.help_text = "Ce voisin le lit avant de répondre. Ni numéro, ni adresse : ils ne sont pas transmis."
        self.order_fields(["kind", "day_choice", "day", "moment", "hour", "commune", "district", "address", "details"])


class MessageForm(_Message, ForHerForm, WhenForm):
    """From who has signed in: the town knows them."""


class FirstMessageForm(_Message, YouForm, WhenForm):
    """From anybody."""
