"""Who is thanked: volunteers who are here, or on leave."""

from aid.onboarding.enums import VolunteerState
from aid.people.models import Person, PersonQuerySet

HERE = (VolunteerState.ADMITTED, VolunteerState.ON_LEAVE)


class NotAVolunteerError(Exception):
    """This person is no volunteer of the town, or is not any more."""


def volunteers_here() -> PersonQuerySet:
    """Volunteers who are admitted, or on leave: never who left, is suspended, or died."""
    return Person.objects.living().filter(volunteer__state__in=HERE)
