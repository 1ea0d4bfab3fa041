"""What the desk's templates write again and again."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from aid.desk.texts import COLOURS, STANDINGS, STEPS
from aid.help_requests.models import HelpRequest, RequestStep
from aid.help_requests.times import day_words, moment_words
from aid.onboarding.progress import StepProgress
from core.company_numbers import format_siret
from core.french import duration_words
from themes.brand import format_telephone

register = template.Library()


@register.filter
def telephone(number: str) -> str:
    """A number as the French read it."""
    return format_telephone(number or "")


@register.filter
def siret(number: str) -> str:
    """A SIRET as the French read it."""
    return format_siret(number)


@register.simple_tag
def dial(number: str, label: str = "Appeler le") -> SafeString:
    """A number to press; nothing where there is none."""
    if not number:
        return SafeString("")
    return format_html(
        '<a class="desk-call" href="tel:{}"><span class="ds-sr-only">{} </span>{}</a>',
        number,
        label,
        format_telephone(number),
    )


@register.filter
def day_of(request: HelpRequest) -> str:
    """The day of a request: « mardi 24 novembre »."""
    return day_words(request.day)


@register.filter
def moment_of(request: HelpRequest) -> str:
    """When in that day: « à 14 h 30 », « le matin »."""
    return moment_words(request.hour, request.moment)


@register.simple_tag
def state(value: str, label: str, of: str = "") -> SafeString:
    """A state, in words on a colour; `of` is the sort of thing it is a state of, as COLOURS names it."""
    return format_html('<span class="ds-tag" data-color="{}">{}</span>', COLOURS[of].get(value, "neutral"), label)


@register.filter
def step_words(step: RequestStep) -> str:
    """What a line of the journal says first."""
    return STEPS.get(step.name, step.get_to_state_display())


@register.filter
def standing(line: StepProgress) -> str:
    """How a step of a volunteer stands, in words."""
    return STANDINGS[line.state]


@register.filter
def lasting(minutes: int) -> str:
    """« 2 h 30 »."""
    return duration_words(minutes)
