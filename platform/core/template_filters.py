"""What every template of the house may say without loading it: French plurals."""

from django import template
from django.template.defaultfilters import pluralize as as_in_english

register = template.Library()
FIRST_PLURAL = 2


@register.filter(is_safe=False)
def pluralize(count: object, endings: str = "s") -> str:
    """As Django's, of a number or of a list, where a plural begins at two: « 0 contrat », « 1,5 heure »."""
    try:
        number = float(len(count) if hasattr(count, "__len__") and not isinstance(count, str) else count)
    except (TypeError, ValueError):
        return ""
    return as_in_english(1 if abs(number) < FIRST_PLURAL else FIRST_PLURAL, endings)
