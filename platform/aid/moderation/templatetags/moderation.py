"""Where a public text is reported, and how it is shown, in templates."""

from django import template

from aid.moderation.access import report_path
from aid.moderation.services import masked

register = template.Library()


@register.simple_tag
def report_url(kind: str, number: int) -> str:
    """The address where a text of this kind is reported."""
    return report_path(kind, number)


@register.filter(name="masked")
def masked_text(text: str) -> str:
    """A text as everybody may read it. Still escaped by the template."""
    return masked(text)
