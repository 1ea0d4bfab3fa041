"""Two who are apart from now on, while one was asked about the other's need, or goes there: a human looks at a yes."""

from collections.abc import Collection

from django.utils import timezone

from aid.followups.enums import FollowUpKind
from aid.help_requests.texts import to_review
from aid.moderation import blocks
from aid.people.models import Person
from aid.proposals import jobs
from aid.proposals.models import ENGAGED, Proposal, are_apart
from aid.proposals.services import locked_request, look_again_if_nobody_is_left, tell_town

# It follows « le bénévole ».
APART = "et cette personne ne sont plus mis en relation : ne dites à aucun des deux qui l’a demandé"


def register() -> None:
    """Called when the app is ready."""
    blocks.listen(part_later)


def part_later(one: Person, other: Person) -> None:
    """Look at what is between them by a job, which finds a yes that was said meanwhile."""
    jobs.part.defer(one=one.pk, other=other.pk)


def part(persons: Collection[int]) -> None:
    """Have the town look at each yes between these two, and somebody else be asked where one of them was awaited.

    Neither is told anything. It may run twice.
    """
    between = Proposal.objects.filter(are_apart(), request__person__in=persons, volunteer__person__in=persons)
    concerned = between.filter(request__state__in=ENGAGED, request__ends_at__gt=timezone.now())
    for number in list(concerned.order_by("request").values_list("request", flat=True).distinct()):
        # Locked: an answer that was on its way when they parted is there by now.
        request = locked_request(number)
        if request is None or request.state not in ENGAGED:
            continue
        if between.yes().filter(request=request).exists():
            tell_town(request, FollowUpKind.ONBOARDING, to_review(request, APART))
        look_again_if_nobody_is_left(request)
