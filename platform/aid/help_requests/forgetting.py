"""What stands in the way of forgetting somebody: requests that are not over."""

from collections.abc import Iterator

from aid.help_requests.enums import OVER
from aid.help_requests.models import HelpRequest, HelpSeries
from aid.help_requests.times import when_words
from aid.people.models import Person
from aid.privacy import forgetting


def register() -> None:
    """Called when the app is ready."""
    forgetting.obstacles(open_requests)
    forgetting.obstacles(standing_series)


def open_requests(person: Person) -> Iterator[forgetting.Obstacle]:
    """Their requests that are not over."""
    found = HelpRequest.objects.exclude(state__in=OVER).filter(person=person)
    for one in found.select_related("kind").order_by("day", "pk"):
        words = f"Une demande : {one.kind}, {when_words(one.day, one.hour, one.moment)}"
        yield forgetting.Obstacle(words, "request", one.uid)


def standing_series(person: Person) -> Iterator[forgetting.Obstacle]:
    """Their needs that come again, until they are ended."""
    for one in HelpSeries.objects.standing().filter(person=person).select_related("kind").order_by("pk"):
        yield forgetting.Obstacle(f"Une demande qui revient : {one.kind}, {one.recurrence.words}", "series", one.uid)
