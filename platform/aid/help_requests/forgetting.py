"""What stands in the way of forgetting somebody: requests that are not over, missions that were agreed."""

from collections.abc import Iterator

from django.db.models import Q

from aid.help_requests.enums import CLOSED
from aid.help_requests.models import HelpRequest, StepWords
from aid.help_requests.times import when_words
from aid.people.models import Person
from aid.privacy import forgetting


def register() -> None:
    """Called when the app is ready."""
    forgetting.obstacles(open_requests)
    forgetting.before(forget_words_about_volunteer)


def open_requests(person: Person) -> Iterator[forgetting.Obstacle]:
    """Their requests that are not over, and those that they said yes to."""
    found = HelpRequest.objects.exclude(state__in=CLOSED).filter(Q(person=person) | Q(volunteer__person=person))
    for one in found.select_related("kind").order_by("day", "pk"):
        what = "Une demande" if one.person_id == person.pk else "Un rendez-vous chez quelqu’un"
        words = f"{what} : {one.kind}, {when_words(one.day, one.hour, one.moment)}"
        yield forgetting.Obstacle(words, "request", one.uid)


def forget_words_about_volunteer(person: Person) -> None:
    """Free words about the help that somebody gave may name them."""
    StepWords.objects.filter(step__request__volunteer__person=person).delete()
