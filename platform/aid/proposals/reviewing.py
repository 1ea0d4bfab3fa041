"""Requests that a volunteer was to answer whom the town vouches for no more: a human decides what becomes of each."""

from django.utils import timezone

from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.followups.services import ask_many
from aid.help_requests.services import SUBJECT
from aid.help_requests.texts import to_review
from aid.onboarding import lapses
from aid.proposals.models import Proposal


def register() -> None:
    """Called when the app is ready."""
    lapses.on(review_engagements)


def review_engagements(told: list[lapses.Lapse]) -> None:
    """Have the town look at each visit to come of these volunteers. Told of one lapse twice, it asks once."""
    by_volunteer: dict[int, list[lapses.Lapse]] = {}
    for lapse in told:
        by_volunteer.setdefault(lapse.volunteer.pk, []).append(lapse)
    engaged = (
        Proposal.objects.engaged()
        .filter(request__ends_at__gt=timezone.now(), volunteer__in=by_volunteer)
        .select_related("request__kind", "request__person")
    )
    ask_many(
        FollowUp(
            kind=FollowUpKind.ONBOARDING,
            key=f"review:{engagement.request_id}:{lapse.key}",
            person=engagement.request.person,
            subject_kind=SUBJECT,
            subject_id=engagement.request_id,
            words=to_review(engagement.request, lapse.why),
        )
        for engagement in engaged.order_by("request", "pk")
        for lapse in by_volunteer[engagement.volunteer_id]
        if not lapse.kinds or engagement.request.kind_id in lapse.kinds
    )
