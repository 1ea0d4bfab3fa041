"""Where a count is, from its rows: to show, read by the town, contested, to approve, approved, corrected since."""

import datetime
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from billing.enums import CountBasis, CountState, ReviewStep, TownActKind
from billing.models import Contract, CountReview, CountSnapshot, TownAct
from billing.money import whole
from core.french import day_words

# Before it is invoiced: the town reads it, and may contest it, until the last of these days is over.
SHOWN_FOR = datetime.timedelta(days=30)


def with_states(counts: QuerySet[CountSnapshot]) -> QuerySet[CountSnapshot]:
    """Counts with all that their state depends on, in two queries more."""
    return counts.select_related("replaced_by").prefetch_related("reviews", "town_acts")


def standing(counts: Iterable[CountSnapshot]) -> list[CountSnapshot]:
    """Those of a contract's counts that none of the others corrects, in their order."""
    every = list(counts)
    replaced = {one.replaces_id for one in every}
    return [one for one in every if one.pk not in replaced]


def count_at(contract: Contract, day: datetime.date) -> CountSnapshot | None:
    """The count of a contract that stands for the period counted on a day, among its `counts`; none where it has none.

    The numbers of the period before would be nobody's count; those that were agreed in writing stand until others are.
    """
    found = standing(contract.counts.all())
    if contract.count_basis == CountBasis.AGREED:
        found = [one for one in found if one.as_of <= day]
    else:
        found = [one for one in found if one.as_of == day]
    return max(found, key=lambda one: (one.as_of, one.pk), default=None)


def state_of(count: CountSnapshot, *, now: datetime.datetime) -> CountState:
    """Where a count is; without a query for one read by `with_states`, as for the questions below."""
    if getattr(count, "replaced_by", None) is not None:
        return CountState.REPLACED
    if last_review(count, ReviewStep.APPROVED):
        return CountState.APPROVED
    until = last_day_to_contest(count)
    if until is None:
        return CountState.PROPOSED
    if waiting_contests(count):
        return CountState.CONTESTED
    return CountState.SHOWN if timezone.localdate(now) <= until else CountState.READY


def last_day_to_contest(count: CountSnapshot) -> datetime.date | None:
    """The last day on which its town may contest a count, whole; none before it is shown."""
    shown = next((one for one in count.reviews.all() if one.step == ReviewStep.SHOWN), None)
    return timezone.localdate(shown.at + SHOWN_FOR) if shown else None


def waiting_contests(count: CountSnapshot) -> list[TownAct]:
    """The contests of a count that nobody has answered since."""
    answered = last_review(count, ReviewStep.ANSWERED)
    contests = (one for one in count.town_acts.all() if one.kind == TownActKind.CONTEST)
    return [one for one in contests if answered is None or one.done_at > answered.at]


def closed_because(count: CountSnapshot, *, now: datetime.datetime) -> str:
    """Why its town may not contest a count, in French; empty where it may."""
    state, until = state_of(count, now=now), last_day_to_contest(count)
    if state == CountState.REPLACED:
        return "Ce comptage a été corrigé : lisez le nouveau dès qu’il vous est montré."
    if state == CountState.APPROVED:
        return "Ce comptage est approuvé. Une erreur ? Appelez-nous : elle se corrige encore."
    if until is None:
        return "Ce comptage n’est pas encore montré."
    if timezone.localdate(now) > until:
        return f"Les trente jours sont passés le {day_words(until)}. Une erreur ? Appelez-nous."
    return ""


def last_review(count: CountSnapshot, step: ReviewStep) -> CountReview | None:
    """The last time that a step was taken."""
    return next((one for one in reversed(count.reviews.all()) if one.step == step), None)


def is_rebuilt(count: CountSnapshot) -> bool:
    """Whether the lines of a count give its number again, read or shared out."""
    lines = count.lines.all()
    return whole(sum((one.read for one in lines), Decimal(0))) == count.total == sum(one.count for one in lines)
