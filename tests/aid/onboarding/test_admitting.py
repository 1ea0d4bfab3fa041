import datetime

import pytest
from django.core.exceptions import ValidationError

from aid.facts.enums import FactKind
from aid.facts.models import Fact
from aid.facts.services import figures
from aid.onboarding.enums import REINSTATE, SUSPEND, VolunteerState
from aid.onboarding.models import Volunteer
from aid.onboarding.services import NotAllowedError, admit, leave, pause, resume, take
from aid.territory.models import CoveredCommune
from harness.loop import somebody
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
DAY = datetime.date(2026, 3, 3)


def test_a_volunteer_is_admitted_and_counted_once():
    place = CoveredCommune.objects.get()
    alice = somebody("Alice", "+33639980002", commune=place)
    before = figures().volunteers
    first = admit(person=alice, on=DAY)
    again = admit(person=alice, on=DAY + datetime.timedelta(days=9))
    assert (first, first.admitted_on) == (again, again.admitted_on)
    assert Volunteer.objects.admitted().get(person=alice).admitted_on == DAY
    assert figures().volunteers == before + 1
    fact = Fact.objects.filter(kind=FactKind.VOLUNTEER_ADMITTED).latest("pk")
    assert (fact.happened_on, fact.commune_code) == (DAY, place.commune_id)


@pytest.mark.parametrize("state", [VolunteerState.ON_LEAVE, VolunteerState.LEFT])
def test_who_comes_back_is_counted_no_second_time(state):
    alice = admit(person=somebody("Alice"), on=DAY)
    Volunteer.objects.filter(pk=alice.pk).update(state=state)
    counted = figures().volunteers
    back = admit(person=alice.person)
    assert (back.state, back.admitted_on, figures().volunteers) == (VolunteerState.ADMITTED, DAY, counted)


def test_a_volunteer_pauses_comes_back_leaves_and_is_admitted_again():
    alice = admit(person=somebody("Alice"), on=DAY)
    for verb, state in (
        (pause, VolunteerState.ON_LEAVE),
        (pause, VolunteerState.ON_LEAVE),
        (resume, VolunteerState.ADMITTED),
        (leave, VolunteerState.LEFT),
    ):
        assert verb(alice).state == state
    for verb in (pause, resume):
        with pytest.raises(NotAllowedError, match="parti"):
            verb(alice)
    assert admit(person=alice.person).admitted_on == DAY


def test_who_is_suspended_is_not_asked_and_comes_back_by_one_gesture_only():
    alice = admit(person=somebody("Alice"), on=DAY)
    assert take(alice, SUSPEND).state == VolunteerState.SUSPENDED
    assert not Volunteer.objects.admitted().exists()
    with pytest.raises(ValidationError, match="suspendu"):
        admit(person=alice.person)
    with pytest.raises(NotAllowedError, match="suspendu"):
        resume(alice)
    assert take(alice, REINSTATE).state == VolunteerState.ADMITTED
    take(alice, SUSPEND)
    assert leave(alice).state == VolunteerState.LEFT


def test_a_candidate_is_counted_when_admitted():
    candidate = Volunteer.objects.create(person=somebody("Alice"))
    counted = figures().volunteers
    assert admit(person=candidate.person).pk == candidate.pk
    assert figures().volunteers == counted + 1


def test_another_town_knows_nothing_of_it(other_town):
    admit(person=somebody("Alice"))
    with facing(other_town):
        assert (Volunteer.objects.count(), figures().volunteers) == (0, 0)
