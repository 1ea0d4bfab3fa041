"""What stands in the way of forgetting somebody: being a volunteer of the town."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import OuterRef, QuerySet

from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.privacy import forgetting


def register() -> None:
    """Called when the app is ready."""
    forgetting.obstacles(still_volunteer)


def still_volunteer(person: Person) -> Iterator[forgetting.Obstacle]:
    """A volunteer who has not left: somebody says goodbye first."""
    for one in Volunteer.objects.filter(person=person).exclude(state=VolunteerState.LEFT):
        words = f"Cette personne est bénévole ({one.get_state_display()}) : notez son départ"
        yield forgetting.Obstacle(words, "person", person.uid)


def not_left(since: datetime) -> QuerySet[Volunteer]:
    """A volunteer of the town is somebody whom it hears of."""
    return Volunteer.objects.filter(person=OuterRef("pk")).exclude(state=VolunteerState.LEFT)
