"""Whom somebody may write to, and whose messages a link opens; else the same 404."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from aid.configuration.models import KindOfHelp
from aid.help_requests.access import request_of_link
from aid.help_requests.models import HelpRequest
from aid.nearby.searching import direct_kinds
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.profiles.models import Profile


def check_kinds() -> None:
    """Raises Http404 in a town where nobody chooses whom to write to, as its menu does not lead there."""
    if not direct_kinds(None):
        raise Http404


def neighbour_of(uid: UUID, reader: Person | None) -> tuple[Profile, list[KindOfHelp]]:
    """A volunteer who is shown to this reader, and for what they may be written to. Raises Http404."""
    shown = Profile.objects.shown_to(is_insider=False, reader=reader).with_page_related_data()
    profile = get_object_or_404(shown, uid=uid)
    if reader == profile.person or not Volunteer.objects.admitted(of_few=True).filter(person=profile.person).exists():
        raise Http404
    offer = getattr(profile.person.volunteer, "offer", None)
    theirs = {kind.pk for kind in offer.kinds.all()} if offer else set()
    kinds = [kind for kind in direct_kinds(reader) if kind.pk in theirs]
    if not kinds:
        raise Http404
    return profile, kinds


def messages_of(token: str) -> HelpRequest:
    """The request whose messages who holds its own link reads, and writes. Raises Http404."""
    request, is_proved = request_of_link(token)
    if not is_proved:
        raise Http404
    return request
