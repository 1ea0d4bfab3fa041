"""« Ne plus recevoir »: one gesture, from an e-mail, against what nobody has to receive (RFC 8058)."""

from django.db import transaction
from django.urls import reverse

from aid.configuration.addresses import address_of
from aid.notifications.channels import purpose_of
from aid.notifications.models import Message
from aid.people.enums import OPTIONAL, Purpose, Way
from aid.people.models import Person
from aid.people.services import locked, update_person
from core.links import number_of, token_for

LINK = "unsubscribe"


def address_for(message: Message) -> str:
    """Where its reader says that they want no more of it; empty for what they must know, or read for another."""
    if message.is_sms or message.person_id is None or message.about_id or purpose_of(message.kind) not in OPTIONAL:
        return ""
    return address_of(reverse("notifications:unsubscribe", args=[token_for(LINK, message.pk)]))


def reader_behind(token: str) -> tuple[Person, Purpose] | None:
    """Whose link it is, and against what; None if it is not one of ours, or nobody is left behind it."""
    number = number_of(LINK, token)
    found = Message.objects.filter(pk=number).select_related("person__merged_into") if number is not None else []
    message = next(iter(found), None)
    if message is None or message.person is None or not message.person.standing.is_living:
        return None
    purpose = purpose_of(message.kind)
    return (message.person.standing, purpose) if purpose in OPTIONAL else None


@transaction.atomic
def unsubscribe(person: Person, purpose: Purpose) -> Person:
    """Send somebody no more of an optional purpose, as they ask; a second time changes nothing.

    Raises ValueError for what nobody may do without.
    """
    if purpose not in OPTIONAL:
        raise ValueError(purpose)
    known = locked(person)
    return update_person(known, by_person=known, channels=known.channels | {purpose.value: Way.NONE.value})
