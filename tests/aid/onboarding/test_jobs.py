"""The night and the morning of every town."""

import pytest

from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.notifications.models import Message
from aid.onboarding.enums import StepKind
from aid.onboarding.jobs import notice_lapses, remind
from aid.onboarding.models import StepRecord, Volunteer
from harness import jobs
from harness.databases import FIRST_TOWN
from harness.loop import somebody
from harness.steps import a_step, in_days, without_steps
from tenants import rounds
from tenants.context import town_context
from tenants.registry import TownEntry, registry


@pytest.fixture
def town(own_database: str) -> TownEntry:
    found = registry.find(FIRST_TOWN)[0]
    with town_context(found):
        StepRecord.objects.all().delete()
        without_steps()
        step = a_step(StepKind.RECORD, "Casier")
        for name, days in (("Alice", -1), ("Lucie", 30)):
            person = somebody(name, f"+33639980{len(name):03}")
            volunteer = Volunteer.objects.create(person=person, state="admitted", admitted_on=in_days(-90))
            StepRecord.objects.create(volunteer=volunteer, step=step, passed_on=in_days(-90), valid_until=in_days(days))
    return found


def test_both_are_in_the_rounds_and_done_twice_tell_once(town):
    assert "onboarding.notice_lapses" in rounds._nightly
    assert "onboarding.remind" in rounds._each_morning
    for _ in range(2):
        with town_context(town):
            notice_lapses.defer()
            remind.defer()
        jobs.run_worker()
    assert jobs.states("onboarding.notice_lapses")["succeeded"] == 2
    assert jobs.states("onboarding.remind")["succeeded"] == 2
    with town_context(town):
        assert FollowUp.objects.filter(kind=FollowUpKind.ONBOARDING).count() == 1
        assert sorted(Message.objects.filter(kind="step").values_list("person__first_name", flat=True)) == [
            "Alice",
            "Lucie",
        ]
    jobs.empty_queue()
