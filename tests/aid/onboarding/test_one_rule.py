"""Who may be asked: the rule for one volunteer and the pass over a whole town say the same; that is one pass."""

import random

import pytest
from django.db import connection

from aid.configuration.models import KindOfHelp
from aid.onboarding.enums import StepKind
from aid.onboarding.models import Step, StepRecord, Volunteer, lacking
from harness.loop import somebody
from harness.steps import a_step, in_days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
ENDS = [None, -30, -1, 0, 1, 40]


@pytest.mark.parametrize("seed", range(12))
def test_the_rule_for_one_and_for_a_town_say_the_same(seed):
    chance = random.Random(seed)
    kinds = list(KindOfHelp.objects.all()[:2])
    steps = []
    for number in range(chance.randint(0, 5)):
        asked_from = chance.choice([None, -5, 0, 1, 30])
        step = a_step(
            StepKind.OTHER,
            f"Étape {number}",
            is_required=chance.random() < 0.8,
            is_asked=chance.random() < 0.9,
            asked_from=None if asked_from is None else in_days(asked_from),
        )
        step.kinds.set(chance.sample(kinds, chance.choice([0, 0, 0, 1, 2])))
        steps.append(step)
    admitted = {"state": "admitted", "admitted_on": in_days(-300)}
    volunteers = [Volunteer.objects.create(person=somebody(f"V{number}"), **admitted) for number in range(25)]
    for volunteer in volunteers:
        for step in steps:
            for ends in chance.sample(ENDS, chance.choice([0, 1, 1, 1, 2])):
                until = None if ends is None else in_days(ends)
                StepRecord.objects.create(volunteer=volunteer, step=step, passed_on=in_days(-60), valid_until=until)
    vouched = {one for one in volunteers if not lacking(one).exists()}
    assert set(Volunteer.objects.admitted().filter(pk__in=[one.pk for one in volunteers])) == vouched
    for kind in kinds:
        cleared = {one for one in vouched if not lacking(one, kinds=kind).exists()}
        found = Volunteer.objects.admitted().cleared_for(kind).filter(pk__in=[one.pk for one in volunteers])
        assert set(found) == cleared


def test_a_whole_town_is_one_pass_over_the_records():
    steps = [a_step(StepKind.OTHER, f"Étape {number}") for number in range(3)]
    admitted = {"state": "admitted", "admitted_on": in_days(-300)}
    alice = Volunteer.objects.create(person=somebody("Alice"), **admitted)
    StepRecord.objects.bulk_create(StepRecord(volunteer=alice, step=step, passed_on=in_days(-9)) for step in steps)
    assert Step.objects.asked().count() == len(steps)
    found = Volunteer.objects.admitted()
    with connection.cursor() as cursor:
        # So few rows would be read whole, were that allowed.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_nestloop = off")
    plan = found.explain()
    assert "SubPlan" not in plan, plan
    assert plan.count(" on onboarding_steprecord ") == 1, plan
    # PostgreSQL would take an equality for a rare thing, and look the rest up one volunteer after the other.
    assert "(count(DISTINCT u0.step_id) >= 3)" in plan, plan
