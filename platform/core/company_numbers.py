"""Numbers of French businesses, as people type them."""

import re

from django.core.exceptions import ValidationError
from stdnum.exceptions import ValidationError as WrongNumberError
from stdnum.fr import siret

_BETWEEN_DIGITS = re.compile(r"[\s.\-\u00a0\u202f]+")


def normalise_siret(typed: str) -> str:
    """The fourteen digits of a SIRET, whatever stands between them. Raises ValidationError in French.

    Its key is checked (Luhn, and La Poste's own rule for its offices): that a business is open is another matter.
    """
    digits = _BETWEEN_DIGITS.sub("", typed)
    if not (digits.isascii() and digits.isdigit() and len(digits) == len("00000000000000")):
        raise ValidationError("Un SIRET a quatorze chiffres, par exemple 732 829 320 00074.", "siret")
    try:
        return siret.validate(digits)
    except WrongNumberError:
        raise ValidationError("Ce SIRET n’existe pas : relisez ses quatorze chiffres.", "siret") from None


def format_siret(number: str) -> str:
    """« 732 829 320 00074 », joined by no-break spaces."""
    return "\u00a0".join(filter(None, [number[:3], number[3:6], number[6:9], number[9:]]))
