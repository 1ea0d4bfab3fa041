"""What stands in the way of forgetting somebody: a flag about them that nobody has closed."""

from collections.abc import Iterator

from aid.partners.models import Flag
from aid.people.models import Person
from aid.privacy import forgetting


def waiting_flags(person: Person) -> Iterator[forgetting.Obstacle]:
    """Flags that led to them and wait for an end."""
    for flag in Flag.objects.waiting().filter(person=person):
        yield forgetting.Obstacle("Un signalement à clore", "flag", flag.uid)


def register() -> None:
    """Called when the app is ready."""
    forgetting.obstacles(waiting_flags)
