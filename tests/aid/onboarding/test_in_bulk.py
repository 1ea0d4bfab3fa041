"""What is told of thousands at once is what is told of one: whoever they are, whatever they passed."""

import datetime
import random

import pytest
from django.db.models import Exists, OuterRef
from django.utils import timezone

from aid.configuration.models import KindOfHelp
from aid.onboarding import in_bulk
from aid.onboarding.enums import StepKind, VolunteerState
from aid.onboarding.models import StepRecord, Volunteer, holding_all, lacking
from aid.onboarding.progress import board, expiring
from harness.loop import somebody
from harness.steps import a_step, in_days, without_steps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
ENDS = (None, -30, -1, 0, 1, 59, 60, 61, 400)


@pytest.fixture(params=range(3))
def crowd(request) -> None:
    """Volunteers who passed some steps, some twice, of a town that asks for one later, and one for some kinds only."""
    chance = random.Random(request.param)
    without_steps()
    steps = [
        a_step(StepKind.INTERVIEW),
        a_step(StepKind.IDENTITY, asked_from=in_days(0)),
        a_step(StepKind.RECORD, asked_from=in_days(10)),
        a_step(StepKind.OTHER, is_required=False),
        a_step(StepKind.REFERENCE, is_asked=False),
        a_step(StepKind.TRIAL),
    ]
    steps[-1].kinds.set(KindOfHelp.objects.all()[:2])
    for number in range(40):
        volunteer = Volunteer.objects.create(
            person=somebody(f"Voisin {number}"), state=chance.choice(list(VolunteerState)), admitted_on=in_days(-900)
        )
        for step in chance.sample(steps, chance.randint(0, len(steps))):
            for _ in range(chance.randint(1, 2)):
                ends = chance.choice(ENDS)
                until = None if ends is None else in_days(ends)
                StepRecord.objects.create(volunteer=volunteer, step=step, passed_on=in_days(-500), valid_until=until)


def numbers(volunteers) -> set[int]:
    return set(volunteers.values_list("pk", flat=True))


def test_who_lacks_something_or_has_something_that_ends(crowd):
    steps = in_bulk.that_count(in_bulk.asked_steps())
    everybody = Volunteer.objects.all()
    standing = in_bulk.standing(everybody, steps)
    lacks = numbers(everybody.filter(Exists(lacking(OuterRef("pk")))))
    assert numbers(standing.filter(in_bulk.lacks_something(steps))) == lacks
    assert 0 < len(lacks) < 40
    assert (
        numbers(holding_all(everybody, [step for step in steps if not step.is_for_some])) == numbers(everybody) - lacks
    )
    ends = numbers(everybody.filter(Exists(expiring(OuterRef("pk")))))
    assert numbers(standing.filter(in_bulk.expires(steps))) == ends
    assert set(expiring().values_list("volunteer", flat=True)) == ends
    first = dict(standing.annotate(first=in_bulk.first_end(steps)).values_list("pk", "first"))
    assert first == dict(board(everybody).values_list("pk", "expires_on"))


def test_who_lacks_each_step(crowd):
    steps = in_bulk.that_count(in_bulk.asked_steps())
    assert [step.is_for_some for step in steps] == [False, False, False, True]
    standing = in_bulk.standing(Volunteer.objects.all(), steps)
    for step in steps[:-1]:
        asked = lacking(OuterRef("pk"), is_admitting=True).filter(pk=step.pk)
        assert numbers(standing.filter(in_bulk.lacks(step))) == numbers(Volunteer.objects.filter(Exists(asked)))


def test_a_town_that_asks_for_nothing():
    without_steps()
    Volunteer.objects.create(person=somebody("Alice"), state=VolunteerState.ADMITTED, admitted_on=timezone.localdate())
    standing = in_bulk.standing(Volunteer.objects.all(), [])
    assert standing.count() == 1
    assert not numbers(standing.filter(in_bulk.lacks_something([]) | in_bulk.expires([])))
    assert datetime.date.max == in_bulk.WITHOUT_END
