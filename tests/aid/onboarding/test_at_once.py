"""Two who sign and publish at the same instant: real commits, from several connections."""

import pytest

from aid.onboarding.enums import How, StepKind
from aid.onboarding.models import Attendance, Charter, StepRecord, Volunteer
from aid.onboarding.passing import CharterChangedError, attend, sign
from harness.at_once import all_at_once
from harness.databases import FIRST_TOWN
from harness.desk import make_account
from harness.steps import a_candidate, a_charter, a_step, in_days, without_steps
from tenants.context import town_context
from tenants.registry import TownEntry, registry


@pytest.fixture
def town(own_database: str) -> TownEntry:
    return registry.find(FIRST_TOWN)[0]


@pytest.fixture
def nadia(town: TownEntry) -> Volunteer:
    with town_context(town):
        for rows in (StepRecord, Attendance):
            rows.objects.all().delete()
        without_steps()
        return a_candidate()


def test_signing_and_publishing_at_once_leave_nobody_with_an_old_version_for_ever(town, nadia):
    with town_context(town):
        a_step(StepKind.CHARTER)
        read = a_charter()

    def signing():
        return sign(volunteer=nadia, charter_number=read.number, digest=read.digest, how=How.ON_SCREEN)

    told = all_at_once([signing, lambda: a_charter("Une autre.", asked_in=5)], town=town)
    assert isinstance(told[0], StepRecord | CharterChangedError), told
    assert isinstance(told[1], Charter), told
    with town_context(town):
        assert set(nadia.records.values_list("valid_until", flat=True)) <= {in_days(4)}


def test_two_sessions_noted_at_once_pass_the_training_once(town, nadia):
    with town_context(town):
        step, agent = a_step(StepKind.TRAINING), make_account("accueil@ccas.example", "Agents")

    def noting(days):
        return attend(volunteer=nadia, step=step, on=in_days(days), minutes=150, by_account=agent)

    told = all_at_once([lambda: noting(-8), lambda: noting(-1), lambda: noting(-1)], town=town)
    assert [one for one in told if isinstance(one, Exception)] == []
    with town_context(town):
        assert nadia.records.get().passed_on == in_days(-1)
