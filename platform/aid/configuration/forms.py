"""The kinds of help that the town offers, each a card with its drawing and a few words; and the questions on them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from aid.configuration.models import KindOfHelp
from aid.configuration.questions import LONGEST_ANSWER, Question, check_answers
from themes.templatetags.themes import icon

NO_ANSWER = ("", "Sans réponse")


class _Cards:
    def label_from_instance(self, kind: KindOfHelp) -> SafeString:
        """The card of a kind, read `with_pictures`."""
        return format_html(
            '{}<span class="choice__words"><span class="choice__title">{}</span>'
            '<span class="choice__text">{}</span></span>',
            _disc(kind),
            kind.name,
            kind.summary,
        )


def _disc(kind: KindOfHelp) -> SafeString:
    """Its picture, or its drawing; decorative, since its name is beside it."""
    shown = kind.card_picture
    if shown is None:
        return format_html('<span class="disc">{}</span>', icon(kind.icon))
    return format_html(
        '<img class="disc" src="{}" alt="" width="{}" height="{}">', shown.url, shown.width, shown.height
    )


class KindChoice(_Cards, forms.ModelChoiceField):
    """One of them."""


def by_theme(field: forms.BoundField) -> list[tuple[str, list[forms.boundfield.BoundWidget]]]:
    """The answers of a KindChoice, under the town's themes in their order; under none where themes gather nothing."""
    options = field.subwidgets
    themes: dict[str, list[forms.boundfield.BoundWidget]] = {}
    for option in options:
        themes.setdefault(option.data["value"].instance.theme, []).append(option)
    if not 1 < len(themes) < len(options):
        return [("", options)]
    return [(theme or "Autres aides", mine) for theme, mine in themes.items()]


class KindsChoice(_Cards, forms.ModelMultipleChoiceField):
    """Several of them."""


class AnswerField(forms.CharField):
    """The answer to one of the town's questions; what may be answered is said by `check_answers`."""

    def __init__(self, question: Question) -> None:
        self.question = question
        if question.offered:
            offered = [(words, capfirst(words)) for words in question.offered]
            widget = forms.RadioSelect(choices=offered if question.is_required else [*offered, NO_ANSWER])
        else:
            widget = forms.TextInput()
        super().__init__(
            label=question.label,
            required=question.is_required,
            widget=widget,
            help_text="" if question.offered else f"{LONGEST_ANSWER} caractères au plus.",
        )

    def clean(self, value: str | None) -> str:
        """What is kept of it; empty for nothing. Raises ValidationError in French."""
        label = self.question.label
        try:
            return check_answers([self.question], {label: value or ""}).get(label, "")
        except ValidationError as error:
            raise ValidationError(error.messages) from error


def answer_fields(kind: KindOfHelp) -> dict[str, AnswerField]:
    """A field for each question that the town asks about a kind, by names that no other kind has."""
    return {f"question_{kind.pk}_{rank}": AnswerField(question) for rank, question in enumerate(kind.asked)}


def answers_in(form: forms.Form, kind: KindOfHelp) -> dict[str, str]:
    """What a valid form answered to the questions of a kind, as `check_answers` wants it."""
    return {field.question.label: form.cleaned_data.get(name, "") for name, field in answer_fields(kind).items()}


class AskedUnderKind:
    """A form with a `kind` to choose: what is more to say of one is asked under it, and read of the chosen one only."""

    def ask_more(self) -> None:
        """Add what is asked about each kind."""
        # The names of its fields, by what choosing it sends.
        self.more: dict[str, list[str]] = {}
        for kind in self.fields["kind"].queryset:
            fields = self.more_of(kind)
            self.more[self._sent(kind)] = list(fields)
            self.fields |= fields

    def more_of(self, kind: KindOfHelp) -> dict[str, forms.Field]:
        """What is asked about one: the town's own questions."""
        return dict(answer_fields(kind))

    def kinds(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Each kind to choose, with what is asked under it."""
        options = self["kind"].subwidgets
        return [(one, [self[name] for name in self.more[str(one.data["value"])]]) for one in options]

    def forget_other_kinds(self) -> None:
        """What is wrong under a kind that was not chosen is no error. For `clean`."""
        chosen = self.cleaned_data.get("kind")
        for kind, names in self.more.items():
            for name in names if chosen is None or kind != self._sent(chosen) else ():
                self.errors.pop(name, None)

    def _sent(self, kind: KindOfHelp) -> str:
        return str(self.fields["kind"].prepare_value(kind))
