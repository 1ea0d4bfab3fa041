"""Where a count is, from its rows: to show, read by the town, contested, to approve, approved, corrected since."""

import datetime
from decimal import Decimal

from django.db.models import QuerySet

from billing.counting import SHOWN_FOR
from billing.enums import CountState, ReviewStep, TownActKind
from billing.models import CountSnapshot
from billing.money import whole


def with_states(counts: QuerySet[CountSnapshot]) -> QuerySet[CountSnapshot]:
    """Counts with all that their state depends on, in two queries more."""
    return counts.select_related("replaced_by").prefetch_related("reviews", "town_acts")


def state_of(count: CountSnapshot, *, now: datetime.datetime) -> CountState:
    """Where a count is; without a query for one read by `with_states`."""
    if getattr(count, "replaced_by", None) is not None:
        return CountState.REPLACED
    steps = {one.step: one for one in count.reviews.all()}
    if ReviewStep.APPROVED in steps:
        return CountState.APPROVED
    until = contested_until(count)
    if until is None:
        return CountState.PROPOSED
    answered = steps.get(ReviewStep.ANSWERED)
    contests = [one for one in count.town_acts.all() if one.kind == TownActKind.CONTEST]
    if any(answered is None or one.done_at > answered.at for one in contests):
        return CountState.CONTESTED
    return CountState.SHOWN if now < until else CountState.READY


def contested_until(count: CountSnapshot) -> datetime.datetime | None:
    """Until when its town may contest a count; None before it is shown."""
    shown = next((one for one in count.reviews.all() if one.step == ReviewStep.SHOWN), None)
    return shown.at + SHOWN_FOR if shown else None


def is_rebuilt(count: CountSnapshot) -> bool:
    """Whether the lines of a count give its number again, read or shared out."""
    lines = count.lines.all()
    return whole(sum((one.read for one in lines), Decimal(0))) == count.total == sum(one.count for one in lines)
