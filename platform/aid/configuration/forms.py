"""The kinds of help that the town offers, as people choose among them: each a card with its drawing and a few words."""

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from aid.configuration.models import KindOfHelp
from themes.templatetags.themes import icon


class _Cards:
    def label_from_instance(self, kind: KindOfHelp) -> SafeString:
        """The card of a kind."""
        return format_html(
            '<span class="disc">{}</span><span class="choice__words"><span class="choice__title">{}</span>'
            '<span class="choice__text">{}</span></span>',
            icon(kind.icon),
            kind.name,
            kind.description,
        )


class KindChoice(_Cards, forms.ModelChoiceField):
    """One of them."""


class KindsChoice(_Cards, forms.ModelMultipleChoiceField):
    """Several of them."""
