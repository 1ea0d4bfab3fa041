"""What the templates of the console need."""

from django import template
from django.db.models import TextChoices
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from billing.enums import ContractState
from billing.money import euros
from console import menu
from console.enums import Health
from core.french import grouped
from tenants.enums import TownState

register = template.Library()
# How a state is coloured; the words say it too.
COLOURS: dict[TextChoices, str] = {
    TownState.OPENING: "info",
    TownState.OPEN: "success",
    TownState.SUSPENDED: "danger",
    TownState.LEAVING: "warning",
    Health.GOOD: "success",
    Health.OLD: "warning",
    Health.JOBS: "warning",
    Health.FAILED: "danger",
    ContractState.ACTIVE: "success",
    ContractState.LATE: "warning",
    ContractState.REVIEW: "warning",
    ContractState.ENDING: "info",
}


@register.simple_tag
def console_menu(request: HttpRequest) -> list[menu.Item]:
    """The lines of the menu of who is signed in."""
    return menu.items(request)


@register.filter
def state_tag(state: TextChoices) -> SafeString:
    """A state in its colour, in words."""
    return format_html('<span class="ds-tag" data-color="{}">{}</span>', COLOURS.get(state, "neutral"), state.label)


register.filter("euros", euros)
register.filter("number", grouped)
