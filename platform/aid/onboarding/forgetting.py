"""Forgetting somebody who volunteered: what stands in the way, and the documents that go with them."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import OuterRef, QuerySet

from aid.onboarding import proofs
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import StepRecord, Volunteer
from aid.people.models import Person
from aid.people.services import numbers_of
from aid.privacy import forgetting


def register() -> None:
    """Called when the app is ready."""
    forgetting.obstacles(still_volunteer)
    forgetting.before(forget_documents)


def still_volunteer(person: Person) -> Iterator[forgetting.Obstacle]:
    """A volunteer who has not left: somebody says goodbye first."""
    for one in Volunteer.objects.filter(person=person).exclude(state=VolunteerState.LEFT):
        words = f"Cette personne est bénévole ({one.get_state_display()}) : notez son départ"
        yield forgetting.Obstacle(words, "person", person.uid)


def not_left(since: datetime) -> QuerySet[Volunteer]:
    """A volunteer of the town is somebody whom it hears of."""
    return Volunteer.objects.filter(person=OuterRef("pk")).exclude(state=VolunteerState.LEFT)


def forget_documents(person: Person) -> None:
    """Remove the files of their steps once all is forgotten; the rows go by what this room declared."""
    records = StepRecord.objects.filter(volunteer__person__in=numbers_of(person)).exclude(proof_file="")
    proofs.forget(list(records.values_list("proof_file", flat=True)))
