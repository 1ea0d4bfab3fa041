"""Where volunteers stand: each step of one of them, and what a list of many shows."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Sum, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils import timezone

from aid.configuration.models import KindOfHelp
from aid.onboarding.enums import REFUSE, AppointmentState, VolunteerState
from aid.onboarding.models import (
    Appointment,
    Attendance,
    Step,
    StepRecord,
    StepRecordQuerySet,
    Volunteer,
    VolunteerQuerySet,
    lacking,
)
from core.written import written

# How long before its end a step is said to expire.
SOON = datetime.timedelta(days=60)


class Standing(StrEnum):
    """How one step stands for one volunteer."""

    HELD = "held"
    EXPIRING = "expiring"  # held, and ends within SOON
    LAPSED = "lapsed"
    PLANNED = "planned"  # missing, or lapsed, and somebody is to meet them for it
    MISSING = "missing"


@dataclass(frozen=True)
class StepProgress:
    """One step of a volunteer."""

    step: Step
    state: Standing
    # The one that makes it hold, else the last that lapsed.
    record: StepRecord | None
    # Until when it is good; None without limit, or where nothing was passed.
    until: datetime.date | None
    # Of training, towards the next time that it is passed.
    minutes: int
    minutes_asked: int | None
    appointment: Appointment | None
    # The names of the kinds of help that it opens alone; empty: all.
    kinds: tuple[str, ...]

    @property
    def is_blocking(self) -> bool:
        """Whether it lacks today, for all that they may be asked."""
        return self.step.is_required and not self.kinds and self.state not in {Standing.HELD, Standing.EXPIRING}


def progress_of(volunteer: Volunteer) -> list[StepProgress]:
    """Each step that the town asks for, in its order, as it stands for a volunteer today; by three queries."""
    today = timezone.localdate()
    theirs = Attendance.objects.filter(volunteer=volunteer, step=OuterRef("pk")).counted()
    steps = Step.objects.asked().annotate(
        minutes_done=Coalesce(Subquery(theirs.values("step").annotate(all=Sum("minutes")).values("all")), 0),
        kind_names=ArraySubquery(
            KindOfHelp.objects.filter(steps=OuterRef("pk")).order_by("position", "name").values("name")
        ),
    )
    records: dict[int, list[StepRecord]] = {}
    for record in StepRecord.objects.filter(volunteer=volunteer).select_related("charter", "noted_by"):
        records.setdefault(record.step_id, []).append(record)
    planned = Appointment.objects.filter(volunteer=volunteer, state=AppointmentState.PLANNED)
    meetings = {one.step_id: one for one in planned.select_related("with_account", "with_volunteer__person")}
    return [_progress(step, records.get(step.pk, []), meetings.get(step.pk), today) for step in steps]


def was_refused(volunteer: Volunteer) -> bool:
    """Whether who is no volunteer was turned down, rather than stopped: the journal of their place tells."""
    leaving = volunteer.moves.filter(to_state=VolunteerState.LEFT).exclude(from_state=VolunteerState.LEFT)
    last = leaving.values_list("name", flat=True).last()
    return volunteer.state == VolunteerState.LEFT and last == REFUSE.name


def board(volunteers: VolunteerQuerySet, *, day: datetime.date | None = None) -> VolunteerQuerySet:
    """The same volunteers, each with `missing` (names of the steps that they lack on a day, today) and `expires_on`
    (the first end of the following 60 days); in the same query.

    A candidate, or who left, lacks what is asked to be admitted; others, what is asked of volunteers that day.
    """
    day = day or timezone.localdate()
    return volunteers.annotate(missing=_missing(day), expires_on=_expires_on(day))


# Written once a day: towns far away may be at another one.
@lru_cache(maxsize=4)
def _missing(day: datetime.date) -> RawSQL:
    volunteer = OuterRef("pk")
    applying = Q(state__in=[VolunteerState.CANDIDATE, VolunteerState.LEFT])
    to_be_admitted = ArraySubquery(lacking(volunteer, is_admitting=True, day=day).values("name"))
    today = ArraySubquery(lacking(volunteer, day=day).values("name"))
    return written(Volunteer, Case(When(applying, then=to_be_admitted), default=today))


@lru_cache(maxsize=4)
def _expires_on(day: datetime.date) -> RawSQL:
    ends = expiring(OuterRef("pk"), day=day).order_by("valid_until").values("valid_until")
    return written(Volunteer, Subquery(ends[:1]))


def expiring(
    volunteer: object = None,
    *,
    within: datetime.timedelta = SOON,
    day: datetime.date | None = None,
    steps: Iterable[Step] | None = None,
) -> StepRecordQuerySet:
    """The records of a volunteer (a row, or a reference; everybody's where none is told) that end within some days
    of one (today), and that no other one prolongs. `steps`: those that the town requires, where they are known."""
    today = day or timezone.localdate()
    theirs = StepRecord.objects.all() if volunteer is None else StepRecord.objects.filter(volunteer=volunteer)
    required = Q(step__is_asked=True, step__is_required=True) if steps is None else Q(step__in=steps)
    ending = theirs.filter(required, valid_until__range=(today, today + within))
    return ending.exclude(Exists(prolonging()))


def prolonging() -> StepRecordQuerySet:
    """Records of the same volunteer and step as the outer one, that are good for longer, or as long and noted later."""
    same = StepRecord.objects.filter(volunteer=OuterRef("volunteer"), step=OuterRef("step"))
    longer = Q(valid_until=None) | Q(valid_until__gt=OuterRef("valid_until"))
    return same.filter(longer | Q(valid_until=OuterRef("valid_until"), pk__gt=OuterRef("pk")))


def _progress(
    step: Step, records: list[StepRecord], appointment: Appointment | None, today: datetime.date
) -> StepProgress:
    # Without limit first, then the furthest end; of equals, the last passed.
    best = max(
        records, key=lambda one: (one.valid_until is None, one.valid_until or today, one.passed_on), default=None
    )
    until = best.valid_until if best else None
    return StepProgress(
        step=step,
        state=_standing(best, appointment, today),
        record=best,
        until=until,
        minutes=step.minutes_done,
        minutes_asked=step.minutes,
        appointment=appointment,
        kinds=tuple(step.kind_names),
    )


def _standing(best: StepRecord | None, appointment: Appointment | None, today: datetime.date) -> Standing:
    if best is not None and (best.valid_until is None or best.valid_until > today + SOON):
        return Standing.HELD
    if best is not None and best.valid_until >= today:
        return Standing.EXPIRING
    if appointment is not None:
        return Standing.PLANNED
    return Standing.MISSING if best is None else Standing.LAPSED
