"""Steps that end: volunteers are told before, the town and they on the day, and who relies on them looks again.

Nobody is asked to help from the day on, whatever runs here: that is computed (models.lacking). Each thing is told once,
under a key; whatever stops in the middle goes on the next time.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from aid.configuration.models import KindOfHelp
from aid.followups import services as followups
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.notifications import services as notifications
from aid.notifications.words import Words
from aid.onboarding import lapses, texts
from aid.onboarding.enums import TAKEN_BACK, AppointmentState, VolunteerState
from aid.onboarding.models import Appointment, Step, StepRecord, Volunteer, VolunteerMove
from aid.people.models import Person
from core.batches import batches

# How many days before its end a step is reminded of, the last first.
STAGES = (15, 60)
KIND, EVE = "step", "eve"
BATCH = 500
A_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Ending:
    """A step that a volunteer has, or may go without, until a day; None: they lack it since it is asked for."""

    volunteer: Volunteer
    step: Step
    until: datetime.date | None
    # « step:3:45:2026-12-01 » for a step that was passed, « asked:3:45 » for one that never was.
    key: str
    # It never was: they are asked for something new.
    is_first: bool = False


def endings(*, until: datetime.date, of: Volunteer | None = None) -> list[Ending]:
    """What admitted volunteers have until that day at the latest, ended or not, and that nothing prolongs.

    `of`: what one of them has.
    """
    # One row of each step for all, its kinds of help along.
    steps = {step.pk: step for step in Step.objects.asked().filter(is_required=True).prefetch_related("kinds")}
    # One pass over the records, in the order of their index: joined with itself, the table took seconds.
    each = StepRecord.objects.filter(step__in=steps).order_by().values_list("volunteer_id", "step_id")
    among = _helping()
    if of is not None:
        each, among = each.filter(volunteer=of), among.filter(pk=of.pk)
    each = each.annotate(until=Max("valid_until"), endless=Count("pk", filter=Q(valid_until=None)))
    ends = list(each.filter(until__lte=until, endless=0))
    helping = among.in_bulk({volunteer for volunteer, *_ in ends})
    found = [
        Ending(helping[volunteer], steps[step], last, _key(volunteer, step, last))
        for volunteer, step, last, _ in sorted(ends)
        if volunteer in helping
    ]
    for step in steps.values():
        last = step.asked_from - A_DAY if step.asked_from else None
        if last is None or last <= until:
            found += [Ending(one, step, last, f"asked:{step.pk}:{one.pk}", True) for one in _without(step, among)]
    return found


def notice_lapses() -> int:
    """Tell the town of what ended, and who relies on these volunteers; answer how many are new. Opens transactions."""
    today = timezone.localdate()
    with transaction.atomic():
        ended = [one for one in endings(until=today - A_DAY) if one.until is None or one.until < today]
    count = 0
    for batch in batches(ended, BATCH):
        with transaction.atomic():
            known = followups.known_keys([f"lapse:{one.key}" for one in batch])
            new = [one for one in batch if f"lapse:{one.key}" not in known]
            _tell(new)
        count += len(new)
    return count


def notice_taken_back(volunteer: Volunteer, step: Step, line: VolunteerMove) -> None:
    """Tell at once of a step that a volunteer lacks since a record of it, an error, was taken back by a journal line.

    What was told when the step first lapsed was closed by that error, and is not asked again under the same key.
    """
    ended = [one for one in endings(until=timezone.localdate() - A_DAY, of=volunteer) if one.step.pk == step.pk]
    known = followups.known_keys([f"lapse:{one.key}" for one in ended])
    _tell([replace(one, key=_again(one.key, line.pk)) if f"lapse:{one.key}" in known else one for one in ended])


def remind() -> int:
    """Write to volunteers whose step ends or ended, and of tomorrow’s meetings; answer how many letters. In steps."""
    today = timezone.localdate()
    with transaction.atomic():
        # Words are made here too: they read what the town says of itself.
        letters = list(_letters(endings(until=today + datetime.timedelta(days=max(STAGES))), today))
    count = 0
    for batch in batches(letters, BATCH):
        count += followups.write_or_call(batch)
    with transaction.atomic():
        return count + _remind_of_meetings(today + A_DAY)


Letter = tuple[Person, str, str, Words]


def _letters(found: Iterable[Ending], today: datetime.date) -> Iterator[Letter]:
    """What is to be written of each ending at this stage of it, written before or not."""
    written: dict[tuple[int, datetime.date | None, bool], Callable[[Person], Words]] = {}
    for one in found:
        person = one.volunteer.person
        if one.until is None or one.until < today:
            ends, key = None, f"lapse:{one.key}"
        else:
            stage = next(days for days in STAGES if one.until <= today + datetime.timedelta(days=days))
            ends, key = one.until, f"ends:{one.key}:{one.until}:{stage}"
        said = (one.step.pk, ends, one.is_first)
        if said not in written:
            written[said] = (
                texts.ends_soon(one.step, ends, is_first=one.is_first)
                if ends
                else texts.has_lapsed(one.step, is_first=one.is_first)
            )
        yield person, KIND, key, written[said](person)


def _remind_of_meetings(day: datetime.date) -> int:
    start = timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
    end = timezone.make_aware(datetime.datetime.combine(day + A_DAY, datetime.time()))
    related = ("volunteer__person", "step", "with_account", "with_volunteer__person")
    planned = Appointment.objects.filter(state=AppointmentState.PLANNED, at__gte=start, at__lt=end)
    count = 0
    for one in planned.select_related(*related).order_by("at", "pk"):
        key = f"appointment:{one.pk}:{day}"
        notifications.send(person=one.volunteer.person, kind=EVE, key=key, words=texts.tomorrow(one))
        if one.with_volunteer is not None:
            notifications.send(
                person=one.with_volunteer.person, kind=EVE, key=f"{key}:along", words=texts.accompanied(one)
            )
        count += 1
    return count


def settle_lapses(volunteer: Volunteer, step: Step) -> None:
    """Close what the town was asked about a step that lapsed, since it was passed again."""
    ended = StepRecord.objects.filter(volunteer=volunteer, step=step).lapsed().values_list("valid_until", flat=True)
    keys = [*(_key(volunteer.pk, step.pk, until) for until in ended), f"asked:{step.pk}:{volunteer.pk}"]
    lines = volunteer.moves.filter(name=TAKEN_BACK).values_list("pk", flat=True)
    keys += [_again(key, line) for line in lines for key in keys]
    followups.settle_keys([f"lapse:{key}" for key in keys], outcome="Étape refaite.")


def _tell(ended: list[Ending]) -> None:
    """Tell the town of what ended, and have what these volunteers agreed to reviewed."""
    followups.ask_many(
        FollowUp(
            kind=FollowUpKind.ONBOARDING,
            key=f"lapse:{one.key}",
            person=one.volunteer.person,
            words=texts.lapsed_for_the_town(one.step, one.until, is_first=one.is_first),
        )
        for one in ended
    )
    lapses.tell(
        [
            lapses.Lapse(
                one.volunteer,
                texts.why_lapsed(one.step, is_first=one.is_first),
                f"lapse:{one.key}",
                _kinds(one.step),
            )
            for one in ended
        ]
    )


def _without(step: Step, among: QuerySet[Volunteer]) -> QuerySet[Volunteer]:
    """Those of some volunteers who never passed a step; where it opens some kinds of help only, who offer one."""
    # One list to look in, whatever PostgreSQL believes of the size of these tables.
    passed = StepRecord.objects.filter(step=step).order_by().values("volunteer")
    asked = among.exclude(pk__in=passed).order_by("pk")
    if step.kinds.all():
        # What a volunteer offers is a room above: its rows are looked in by the name of their relation.
        asked = asked.filter(pk__in=KindOfHelp.objects.filter(steps=step).order_by().values("offers__volunteer"))
    return asked


def _helping() -> QuerySet[Volunteer]:
    standing = Volunteer.objects.filter(state=VolunteerState.ADMITTED, person__deceased_on=None)
    return standing.select_related("person")


def _key(volunteer: int, step: int, until: datetime.date) -> str:
    return f"step:{step}:{volunteer}:{until}"


def _again(key: str, line: int) -> str:
    """The key of what ended once more, when a line of the journal took its renewal back."""
    return f"{key}:{line}"


def _kinds(step: Step) -> frozenset[int]:
    return frozenset(kind.pk for kind in step.kinds.all())
