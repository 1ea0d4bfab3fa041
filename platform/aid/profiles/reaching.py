"""Reaching a neighbour directly: a volunteer may have their number or their address shown, to whom the town knows.

Whoever reads one has signed in, with a number that was confirmed; each reading is kept (aid.privacy).
"""

import contextlib
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import limits
from accounts.models import Account
from aid.moderation.sanctions import silencing
from aid.onboarding.enums import VolunteerState
from aid.people.models import Person
from aid.people.services import locked
from aid.privacy import consents
from aid.privacy.enums import Agreed, ConsentKind, SeenOn
from aid.privacy.services import note_reading
from aid.profiles import texts
from aid.profiles.models import Profile

# Neighbours whose contacts one person reads in a day: nobody copies the list.
READ_A_DAY = 10
NOT_PRESENTED = "Présentez-vous d’abord : vos coordonnées se montrent sur votre page."
TOO_MANY = "Vous avez lu plusieurs coordonnées aujourd’hui. Écrivez plutôt un message, ou appelez-nous."


class TooManyError(Exception):
    """Enough contacts were read today; the message says so, in French."""


@dataclass(frozen=True)
class Contact:
    """What a volunteer shows of how to reach them; empty for what they do not."""

    phone: str
    email: str


def may_show(person: Person) -> Profile | None:
    """The presentation of a volunteer whom the town vouches for, on which contacts may be shown; None for others."""
    theirs = Profile.objects.filter(person=person, published_at__isnull=False)
    return theirs.filter(person__volunteer__state=VolunteerState.ADMITTED).first()


@transaction.atomic
def show(
    person: Person, *, phone: bool, email: bool, how: Agreed = Agreed.ON_SCREEN, by_account: Account | None = None
) -> None:
    """Have a volunteer's number or address shown or not, each with their agreement kept. Said again, nothing changes.

    Raises ValidationError for who is not presented, or has no number or address to show.
    """
    known = locked(person)
    profile = may_show(known)
    if (phone or email) and profile is None:
        raise ValidationError(NOT_PRESENTED)
    if (phone and not known.phone) or (email and not known.email):
        raise ValidationError("Nous n’avons pas ces coordonnées. Appelez-nous pour les ajouter.")
    for kind, field, wanted in (
        (ConsentKind.SHOW_PHONE, "shows_phone", phone),
        (ConsentKind.SHOW_EMAIL, "shows_email", email),
    ):
        if not wanted:
            with contextlib.suppress(consents.NotGivenError):
                consents.withdraw(known, kind=kind, how=how, by_account=by_account)
        elif Profile.objects.filter(pk=profile.pk, **{field: False}).update(**{field: True}):
            consents.give(known, kind=kind, how=how, by_account=by_account)


def may_read(reader: Person | None, profile: Profile) -> bool:
    """Whether somebody may read what a volunteer shows: confirmed, in good standing, and not that volunteer."""
    if reader is None or reader.pk == profile.person_id or reader.phone_confirmed_at is None:
        return False
    return shows_something(profile) and silencing(reader) is None


def shows_something(profile: Profile) -> bool:
    """Whether there is anything to read, of a volunteer whom the town vouches for."""
    person = profile.person
    volunteer = getattr(person, "volunteer", None)
    if volunteer is None or volunteer.state != VolunteerState.ADMITTED:
        return False
    return bool((profile.shows_phone and person.phone) or (profile.shows_email and person.email))


@transaction.atomic
def read(profile: Profile, *, reader: Person) -> Contact:
    """What a volunteer shows, to who may read it (`may_read`); it is kept that they did. Raises TooManyError."""
    if not limits.hit(kind="contact.read", subject=str(reader.pk), most=READ_A_DAY, within=timedelta(days=1)):
        raise TooManyError(TOO_MANY)
    person = profile.person
    note_reading(person, screen=SeenOn.CONTACT, by_person=reader)
    return Contact(person.phone if profile.shows_phone else "", person.email if profile.shows_email else "")


def _hide(field: str) -> consents.Listener:
    def hide(person: Person, by_account: Account | None) -> None:
        Profile.objects.filter(person=person).update(**{field: False})

    return hide


def register() -> None:
    """Say what is agreed to. Called when the app is ready."""
    follows = consents.Follows(texts.SHOWN_NO_MORE, texts.SHOWN_NO_MORE_AT_THE_DESK)
    for kind, words, field in (
        (ConsentKind.SHOW_PHONE, texts.SHOW_PHONE, "shows_phone"),
        (ConsentKind.SHOW_EMAIL, texts.SHOW_EMAIL, "shows_email"),
    ):
        consents.declare(kind, words, when_withdrawn=_hide(field), follows=follows)
