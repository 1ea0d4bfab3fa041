"""How templates write amounts and numbers."""

from decimal import Decimal

from django import template

from billing import money
from billing.town_books import reading

register = template.Library()


@register.filter
def euros(amount: Decimal) -> str:
    """« 1 000,00 € »."""
    return money.euros(amount)


@register.filter
def grouped(number: int) -> str:
    """« 1 200 »."""
    return reading.grouped(number)
