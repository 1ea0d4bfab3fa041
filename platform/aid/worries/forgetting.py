"""What stands in the way of forgetting somebody: a worry about them that has no answer."""

from collections.abc import Iterator

from aid.people.models import Person
from aid.privacy import forgetting
from aid.worries.models import Worry


def waiting_worries(person: Person) -> Iterator[forgetting.Obstacle]:
    """Worries about them that wait for an answer."""
    for worry in Worry.objects.waiting().filter(person=person):
        yield forgetting.Obstacle("Une inquiétude sans réponse", "worry", worry.uid)


def register() -> None:
    """Called when the app is ready."""
    forgetting.obstacles(waiting_worries)
