"""What the outbox asks of templates."""

import re
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from aid.notifications.layout import Paragraph, paragraphs
from aid.notifications.models import Message
from aid.people.models import Person
from themes.brand import NO_BREAK_SPACE, format_telephone

register = template.Library()
BETWEEN_DIGITS = re.compile(r"(?<=\d\d) (?=\d\d)")


@register.filter
def recipient_display(message: Message) -> str:
    """Where a message went, as it is read: « 06 39 98 00 01 », or an address."""
    return format_telephone(message.recipient) if message.is_sms else message.recipient


@register.filter
def as_read(message: Message) -> list[Paragraph]:
    """What its reader sees: an e-mail with its button, an SMS whose telephone is not cut at the end of a line."""
    if not message.body:
        return [Paragraph("Ce message a été effacé.")]
    if message.is_sms:
        return [Paragraph(BETWEEN_DIGITS.sub(NO_BREAK_SPACE, message.body))]
    return paragraphs(message.body)


@register.simple_tag
def outbox_page(number: int, person: Person | None) -> str:
    """The address of another page of the same messages."""
    asked = {"personne": person.pk} if person else {}
    return f"{reverse('notifications:outbox')}?{urlencode(asked | {'page': number})}"
