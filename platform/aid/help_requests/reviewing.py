"""Requests that a volunteer was to answer whom the town vouches for no more: a human decides what becomes of each."""

from django.utils import timezone

from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.followups.services import ask_many
from aid.help_requests import texts
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import SUBJECT
from aid.onboarding import lapses


def register() -> None:
    """Called when the app is ready."""
    lapses.on(review_engagements)


def review_engagements(told: list[lapses.Lapse]) -> None:
    """Have the town look at each visit to come of these volunteers. Told of one lapse twice, it asks once."""
    by_volunteer: dict[int, list[lapses.Lapse]] = {}
    for lapse in told:
        by_volunteer.setdefault(lapse.volunteer.pk, []).append(lapse)
    engaged = HelpRequest.objects.filter(
        state=RequestState.AGREED, ends_at__gt=timezone.now(), volunteer__in=by_volunteer
    ).select_related("kind", "person")
    ask_many(
        FollowUp(
            kind=FollowUpKind.ONBOARDING,
            key=f"review:{request.pk}:{lapse.key}",
            person=request.person,
            subject_kind=SUBJECT,
            subject_id=request.pk,
            words=texts.to_review(request, lapse.why),
        )
        for request in engaged.order_by("pk")
        for lapse in by_volunteer[request.volunteer_id]
        if not lapse.kinds or request.kind_id in lapse.kinds
    )
