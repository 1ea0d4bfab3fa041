"""What a volunteer has not answered yet, for the digest of the week."""

from collections import defaultdict
from collections.abc import Collection

from aid.notifications import digests
from aid.notifications.digests import Section
from aid.people.models import Person
from aid.proposals import texts
from aid.proposals.models import Proposal


def register() -> None:
    """Called when the app is ready."""
    digests.register(open_needs)


def open_needs(persons: Collection[Person]) -> dict[int, Section]:
    """The needs around each of these persons that nobody has taken, the nearest day first."""
    waiting = Proposal.objects.to_answer().filter(volunteer__person__in=persons).with_page_related_data()
    lines, words = defaultdict(list), texts.needs_in_digest()
    for one in waiting.order_by("request__day", "pk"):
        lines[one.volunteer.person_id].append(words(one))
    return {number: Section(texts.NEEDS, tuple(told)) for number, told in lines.items()}
