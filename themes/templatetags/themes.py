"""What templates need and plain inclusion cannot do."""

from datetime import date

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.french import day_words, of_place
from themes.brand import format_telephone

register = template.Library()


@register.filter
def after_de(name: str) -> str:
    """The name of somebody after « de »: « d’Alice », « de Paul »."""
    return of_place(name)


@register.filter(expects_localtime=True)
def day(value: date | None, form: str = "j F Y") -> str:
    """A day as French says it: « 1er décembre 2026 »; in another `form` of Django's, with its hour. None is empty."""
    return day_words(value, form) if value else ""


@register.filter
def telephone_words(number: str) -> str:
    """A number in E.164 as the French read it."""
    return format_telephone(number)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw the icon `name` of `themes/icons.svg`. Decorative: the text beside it says everything."""
    sprite = static("themes/icons.svg")
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>', sprite, name
    )


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """Draw the widget of a field in the house style, tied to its help and its error for screen readers."""
    described_by = [f"{field.auto_id}-aide"] if field.help_text else []
    attributes = {"class": "ds-input"}
    if field.errors:
        described_by.append(f"{field.auto_id}-erreur")
        attributes["aria-invalid"] = "true"
    if described_by:
        attributes["aria-describedby"] = " ".join(described_by)
    return field.as_widget(attrs=attributes)
