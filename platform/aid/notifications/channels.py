"""By which way something reaches a person: the one rule, that every room asks."""

from collections.abc import Callable

from aid.people.enums import WAYS, Purpose, Way
from aid.people.models import Person
from core.phones import receives_sms

# What each kind of message is for; the others are about the person's own file. Rooms above write kinds of their own.
PURPOSES = {
    "proposal": Purpose.ANSWER,
    "message": Purpose.ANSWER,
    "end": Purpose.ANSWER,
    "noted": Purpose.REQUESTS,
    "agreed": Purpose.REQUESTS,
    "mission": Purpose.REQUESTS,
    "taken": Purpose.REQUESTS,
    "cancelled": Purpose.REQUESTS,
    "amended": Purpose.REQUESTS,
    "reopened": Purpose.REQUESTS,
    "candidate": Purpose.REQUESTS,
    "answered": Purpose.REQUESTS,
    "how": Purpose.REQUESTS,
    "appointment": Purpose.REQUESTS,
    "eve": Purpose.REMINDERS,
    "reminder": Purpose.REMINDERS,
    "thank": Purpose.THANKS,
    "thanks": Purpose.THANKS,
    "birthday": Purpose.THANKS,
    "letter": Purpose.LETTERS,
    "digest": Purpose.DIGEST,
}
# A message is written, to them or to who reads for them. A push notice would be one more: a way here, a door there.
WRITTEN = frozenset([Way.SMS, Way.EMAIL, Way.RELATIVE])

Relay = Callable[[Person], Person | None]
_relays: list[Relay] = []


def register_relay(relay: Relay) -> None:
    """Have `relay` tell who reads for a person who agreed to it. For a room above, from `ready()`."""
    if relay not in _relays:
        _relays.append(relay)


def relay_of(person: Person) -> Person | None:
    """Who reads what is written for this person, since they agreed to it; None for nobody."""
    return next((found for relay in _relays if (found := relay(person)) is not None), None)


def purpose_of(kind: str) -> Purpose:
    """What a kind of message is for."""
    return PURPOSES.get(kind, Purpose.FILE)


def channel_of(person: Person, purpose: Purpose = Purpose.FILE) -> Way:
    """By which way a person is reached for this: the one chosen for it, else their usual one, where it works.

    Who has no other way is called, an SMS to a landline being lost; who died is reached by none. The letter of a year
    and the digest, which nobody is called for, are then nothing.
    """
    if not person.is_living:
        return Way.NONE
    chosen = person.channels.get(purpose)
    if chosen in WAYS[purpose] and _works(person, Way(chosen)):
        return Way(chosen)
    return usual_way(person, purpose)


def usual_way(person: Person, purpose: Purpose) -> Way:
    """By which way somebody living is reached for this without a choice of theirs."""
    if person.channel in WAYS[purpose] and _works(person, Way(person.channel)):
        return Way(person.channel)
    return Way.CALL if Way.CALL in WAYS[purpose] else Way.NONE


def is_written_to(person: Person, kind: str) -> bool:
    """Whether a message of this kind is read by them, or for them."""
    return channel_of(person, purpose_of(kind)) in WRITTEN


def ways_of(person: Person, purpose: Purpose) -> list[Way]:
    """By which ways this person may be reached for this, with what the town knows of them."""
    return [way for way in WAYS[purpose] if _works(person, way)]


def _works(person: Person, way: Way) -> bool:
    match way:
        case Way.SMS:
            return bool(person.phone) and receives_sms(person.phone)
        case Way.EMAIL:
            return bool(person.email)
        case Way.CALL:
            return bool(person.phone)
        case Way.LETTER:
            return bool(person.address) and person.commune_id is not None
        case Way.RELATIVE:
            reader = relay_of(person)
            # By the reader's own usual way: who said STOP is not written to for somebody else either.
            return reader is not None and channel_of(reader) in {Way.SMS, Way.EMAIL}
    return True
