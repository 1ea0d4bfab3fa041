"""How templates write amounts and numbers."""

from django import template

from billing import money
from core import french

register = template.Library()
register.filter("euros", money.euros)
register.filter("grouped", french.grouped)
