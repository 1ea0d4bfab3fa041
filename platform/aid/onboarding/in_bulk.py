"""Where thousands of volunteers stand, in one pass over their records: what `lacking` tells of one of them.

`lacking` and `progress.expiring` say the rule; these say the same of everybody at once, for counters and long lists
(tests/aid/onboarding/test_in_bulk.py holds them to one another).
"""

import datetime
from collections.abc import Iterable
from functools import cache, reduce
from operator import or_

from django.db.models import Case, Exists, F, Max, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from aid.onboarding.models import Step
from aid.onboarding.progress import SOON
from core.written import Rows

NOBODY = Q(pk__in=[])
WITHOUT_END = datetime.date.max


def asked_steps() -> list[Step]:
    """What the town asks for, each with `is_for_some` where it opens some kinds of help only."""
    return _asked_steps().ask()


@cache
def _asked_steps() -> Rows:
    some = Step.kinds.through.objects.filter(step=OuterRef("pk"))
    return Rows.of(Step.objects.asked().annotate(is_for_some=Exists(some)))


def that_count(steps: Iterable[Step]) -> list[Step]:
    """Those of them that may lack, or end: the required ones. The conditions below are about these."""
    return [step for step in steps if step.is_required]


def standing(volunteers: QuerySet, steps: Iterable[Step]) -> QuerySet:
    """The number and state of each of these volunteers, with how far each step goes; the conditions below read it."""
    end = Coalesce("records__valid_until", Value(WITHOUT_END))
    ends = {_end(step): Max(end, filter=Q(records__step=step)) for step in steps}
    return volunteers.values("pk", "state").annotate(**ends)


def lacks(step: Step) -> Q:
    """Who never passed a step, or for whom it ended."""
    return Q(**{f"{_end(step)}__isnull": True}) | _lapsed(step)


def lacks_something(steps: Iterable[Step]) -> Q:
    """Who is asked to pass something that they lack, being admitted already."""
    today = timezone.localdate()
    asked = [step for step in steps if not step.is_for_some]
    return reduce(or_, (lacks(step) if step.is_asked_on(today) else _lapsed(step) for step in asked), NOBODY)


def expires(steps: Iterable[Step]) -> Q:
    """For whom something that holds ends within sixty days."""
    return reduce(or_, (_ends_soon(step) for step in steps), NOBODY)


def first_end(steps: Iterable[Step]) -> object:
    """The first of these ends; None where nothing ends so soon."""
    ends = [Case(When(_ends_soon(step), then=F(_end(step)))) for step in steps]
    return Least(*ends) if len(ends) > 1 else (ends or [Value(None)])[0]


def _end(step: Step) -> str:
    return f"end_{step.pk}"


def _lapsed(step: Step) -> Q:
    return Q(**{f"{_end(step)}__lt": timezone.localdate()})


def _ends_soon(step: Step) -> Q:
    today = timezone.localdate()
    return Q(**{f"{_end(step)}__range": (today, today + SOON)})
