"""What nights do to requests whose day passed with nobody found, or with no news, and to what was done a month ago.

Opens transactions.
"""

import contextlib
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from aid.followups import services as followups
from aid.followups.enums import FollowUpKind
from aid.help_requests import texts
from aid.help_requests.enums import CLOSE, EXPIRE, LOSE_TRACK, Reason, Transition
from aid.help_requests.models import HelpRequest, HelpRequestQuerySet, RequestStep
from aid.help_requests.services import SUBJECT
from aid.help_requests.transitions import NotAllowedError, take

A_DAY = timedelta(days=1)
FILED_AFTER = timedelta(days=30)
LOST_AFTER = timedelta(days=60)


def expire_passed() -> int:
    """Close what nobody was found for, a day after it should have ended: the town calls. Answer how many."""
    passed = HelpRequest.objects.filter(state__in=EXPIRE.sources, ends_at__lte=timezone.now() - A_DAY)
    return sum(_expire(request) for request in _numbers(passed))


def file_away() -> int:
    """File what was done, and of which nothing was written for thirty days. Answer how many."""
    return sum(_file(request) for request in _numbers(_quiet(CLOSE, FILED_AFTER)))


def lose_track() -> int:
    """Close what was agreed, and of which nobody said anything for sixty days: the town is told. Answer how many."""
    return sum(_lose(request) for request in _numbers(_quiet(LOSE_TRACK, LOST_AFTER)))


def _quiet(transition: Transition, during: timedelta) -> HelpRequestQuerySet:
    """Those that a step may be taken for, over for so long, and of which nothing was written since."""
    limit = timezone.now() - during
    lately = RequestStep.objects.filter(request=OuterRef("pk"), at__gt=limit)
    return HelpRequest.objects.filter(state__in=transition.sources, ends_at__lte=limit).exclude(Exists(lately))


def _numbers(requests: HelpRequestQuerySet) -> list[int]:
    with transaction.atomic():
        return list(requests.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _expire(number: int) -> bool:
    """One by one: whoever answers meanwhile waits for one, not for all. False where somebody was found just now."""
    with contextlib.suppress(NotAllowedError):
        expired = take(HelpRequest(pk=number), EXPIRE, reason=Reason.TIME_PASSED)
        followups.settle(subject=(SUBJECT, number), outcome="Le jour est passé.")
        told = texts.day_passed(expired)
        followups.ask(kind=FollowUpKind.TO_CALL, person=expired.person, subject=(SUBJECT, number), words=told)
        return True
    return False


@transaction.atomic
def _file(number: int) -> bool:
    with contextlib.suppress(NotAllowedError):
        take(HelpRequest(pk=number), CLOSE)
        return True
    return False


@transaction.atomic
def _lose(number: int) -> bool:
    with contextlib.suppress(NotAllowedError):
        lost = take(HelpRequest(pk=number), LOSE_TRACK, reason=Reason.NO_NEWS)
        told = texts.without_news(lost)
        followups.ask(kind=FollowUpKind.NOT_CLOSED, person=lost.person, subject=(SUBJECT, number), words=told)
        return True
    return False
