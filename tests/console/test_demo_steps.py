"""Volunteers of a demonstration town at each of its steps."""

import pytest
from django.utils import timezone

from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.onboarding import blueprint as onboarding_blueprint
from aid.onboarding.enums import AppointmentState, VolunteerState
from aid.onboarding.models import Appointment, Attendance, Step, Volunteer
from aid.onboarding.progress import board
from console.demo.people import VOLUNTEERS, people_town
from console.demo.steps import NEWCOMERS, tell_the_steps
from harness.steps import without_steps
from tenants import blueprints

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("blueprint", ["scalaa", "je-vous-visite"])
def test_somebody_is_at_each_step(town, blueprint):
    without_steps()
    onboarding_blueprint.fill(blueprints.load(blueprint))
    today = timezone.localdate()
    cast = people_town(domain="lille.localhost", telephone="03 53 01 00 06", today=today)
    tell_the_steps(volunteers=cast.volunteers, agent=cast.agent, today=today)
    told = board(Volunteer.objects.filter(state=VolunteerState.CANDIDATE))
    assert len({len(one.missing) for one in told}) == 4, "candidates have come more or less far"
    assert len(told) == len(NEWCOMERS)
    # All but one suspended and one whose record ended are asked to help.
    assert Volunteer.objects.filter(state=VolunteerState.SUSPENDED).count() == 1
    assert Volunteer.objects.admitted().count() == VOLUNTEERS - 2
    assert sum(one.expires_on is not None for one in board(Volunteer.objects.admitted())) == 2
    waiting = FollowUp.objects.open().filter(kind=FollowUpKind.ONBOARDING)
    assert waiting.count() == len(NEWCOMERS) + 1
    assert Appointment.objects.filter(state=AppointmentState.PLANNED).exists()
    assert Attendance.objects.filter(volunteer__state=VolunteerState.CANDIDATE).exists()


def test_a_town_that_asks_for_nothing_is_told_nothing_of_steps(town):
    cast = people_town(domain="lille.localhost", telephone="03 53 01 00 06", today=timezone.localdate())
    count = Step.objects.count()
    tell_the_steps(volunteers=cast.volunteers, agent=cast.agent, today=timezone.localdate())
    assert Step.objects.count() == count
    assert not Volunteer.objects.filter(state=VolunteerState.CANDIDATE).exists()
