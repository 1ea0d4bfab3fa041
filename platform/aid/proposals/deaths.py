"""Of a death, each volunteer who was awaited is told once, whatever they had said yes to."""

from django.utils import timezone

from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.proposals.models import Proposal


def key_of(person: Person, volunteer: Volunteer) -> str:
    """The name of what is written to a volunteer about somebody's death."""
    return f"died:{person.pk}:{volunteer.pk}"


def called_off(person: Person, volunteer: Volunteer) -> list[HelpRequest]:
    """What a volunteer had said yes to, and will not take place: the nearest first."""
    theirs = Proposal.objects.yes().filter(volunteer=volunteer, request__person=person)
    off = theirs.filter(request__state=RequestState.CANCELLED, request__ends_at__gt=timezone.now())
    return [
        one.request for one in off.select_related("request__kind", "request__person").order_by("request__day", "pk")
    ]
