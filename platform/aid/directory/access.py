"""Who is seen in the directory: who is on the site today, a photo that they agreed to show; else the same 404."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Account
from aid.configuration.services import rules
from aid.directory.models import Referent, ReferentQuerySet, Welcome
from aid.directory.welcoming import to_welcome
from aid.moderation.access import reporter_of
from aid.people.models import Person
from aid.photos.models import Photo


def referents_for(account: Account | AnonymousUser) -> ReferentQuerySet:
    """Those whom a visitor sees; whom somebody who signed in does not want to see is left out."""
    return Referent.objects.on_site(reporter_of(account))


def referent_of(account: Account | AnonymousUser, uid: UUID) -> Referent:
    """One whom this visitor sees, with their places. Raises Http404."""
    return get_object_or_404(referents_for(account).with_places(), uid=uid)


def photo_of(referent: Referent) -> Photo | None:
    """The photo that a referent shows to everybody; None where they do not, or have none."""
    person = referent.person if referent.shows_photo else None
    return getattr(person, "photo", None)


def welcome_of(person: Person, uid: UUID) -> Welcome:
    """A newcomer whom this referent has to welcome: nobody else's, nor once it is done. Raises Http404."""
    found = next((one for one in to_welcome(person) if one.uid == uid), None)
    if found is None:
        raise Http404
    return found


def check_professionals() -> str:
    """What the town calls its professionals. Raises Http404 where it shows none."""
    known = rules()
    if not known.has_professionals:
        raise Http404
    return known.professionals_title
