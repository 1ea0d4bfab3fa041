"""What somebody writes to the neighbour whom they chose: what, when, where, and their words; and who they are.

And what a volunteer offers for one day, and who answers it says.
"""

from collections.abc import Iterable
from typing import Any

from django import forms

from aid.configuration.forms import AskedUnderKind, KindChoice, answers_in
from aid.configuration.models import KindOfHelp
from aid.help_requests.enums import Moment
from aid.help_requests.forms import PRECISE, ForHerForm, WhenForm, YouForm
from aid.help_requests.needs import Need
from aid.nearby.one_off import Answered, Proposed, kinds_to_propose
from aid.offers.one_off import LONGEST_WORDS, MOST_PLACES
from aid.onboarding.models import Volunteer
from core.forms import LongText


class _Message(AskedUnderKind):
    """A kind of help among those of a neighbour, and what the town asks about it; the words are for them."""

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
        self.ask_more()
        asked = [name for names in self.more.values() for name in names]
        self.order_fields(
            ["kind", *asked, "day_choice", "day", "moment", "hour", "commune", "district", "address", "details"]
        )

    def clean(self) -> dict[str, Any]:
        """What is asked about other kinds counts for nothing."""
        self.forget_other_kinds()
        return super().clean()

    def wanted(self) -> Need:
        """What a valid form asks for."""
        kind = self.cleaned_data["kind"]
        return self.need(kind, self.cleaned_data["details"], answers_in(self, kind))


class MessageForm(_Message, ForHerForm, WhenForm):
    """From who has signed in: the town knows them."""


class FirstMessageForm(_Message, YouForm, WhenForm):
    """From anybody."""


class ProposeForm(WhenForm):
    """What a volunteer offers for one day. No address: who answers says where they live."""

    kind = KindChoice(
        label="Que proposez-vous ?",
        queryset=KindOfHelp.objects.none(),
        to_field_name="slug",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez une aide dans la liste.",
            "invalid_choice": "Cette aide n’est pas parmi celles que vous pouvez donner. Choisissez-en une autre.",
        },
    )
    places = forms.IntegerField(
        label="Pour combien de personnes ?",
        min_value=1,
        max_value=MOST_PLACES,
        initial=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), f"Écrivez un nombre entre 1 et {MOST_PLACES}."
        ),
    )
    words = LongText(
        label="Quelques mots",
        required=False,
        max_length=LONGEST_WORDS,
        help_text="Par exemple : « Je vais au marché en voiture. » Ni numéro, ni adresse, ni prix.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"Écrivez {LONGEST_WORDS} caractères au plus."},
    )

    def __init__(self, *args: Any, volunteer: Volunteer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["address"]
        for name, label in (("commune", "Dans quelle commune ?"), ("district", "Dans quel quartier ?")):
            if name in self.fields:
                self.fields[name].label = label
        self.fields["kind"].queryset = kinds_to_propose(volunteer)
        self.order_fields(
            ["kind", "day_choice", "day", "moment", "hour", "commune", "district", "places", "words"],
        )

    def proposed(self) -> Proposed:
        """What a valid form says."""
        known = self.cleaned_data
        names = ("kind", "day", "hour", "commune", "places", "words")
        return Proposed(
            moment=Moment.ANY if known["moment"] == PRECISE else known["moment"],
            district=known.get("district"),
            **{name: known[name] for name in names},
        )


class AnswerForm(ForHerForm, WhenForm):
    """« Ça m’intéresse » : where who answers lives, and a word. The day and the help are the offer's."""

    def __init__(self, *args: Any, is_for_her: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("day_choice", "day", "moment", "hour"):
            del self.fields[name]
        for name, label in (("commune", "Sa commune"), ("district", "Son quartier"), ("address", "Son adresse")):
            if is_for_her and name in self.fields:
                self.fields[name].label = label
        words = self.fields["details"]
        words.label, words.help_text = "Un mot", "Ce voisin le lit avant de répondre. Ni numéro, ni adresse."
        self.order_fields(["commune", "district", "address", "details"])

    def answered(self) -> Answered:
        """What a valid form says."""
        known = self.cleaned_data
        return Answered(
            commune=known["commune"],
            district=known.get("district"),
            address=known["address"],
            details=known["details"],
        )
