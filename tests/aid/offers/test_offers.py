import pytest
from django.db import connection

from aid.configuration.models import KindOfHelp
from aid.offers.models import Offer
from aid.offers.services import volunteers_for, welcome
from aid.onboarding.enums import StepKind, VolunteerState
from aid.onboarding.models import StepRecord, Volunteer
from aid.onboarding.services import leave
from aid.territory.models import CoveredCommune
from geography.services import resolve_communes
from harness.loop import somebody, visits
from harness.steps import a_step, in_days, without_steps
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


@pytest.fixture
def places():
    """Two communes: the town's, and another."""
    here = CoveredCommune.objects.get()
    return here, CoveredCommune.objects.create(commune=resolve_communes(codes=["58145"])[0])


def names(found):
    return [volunteer.person.first_name for volunteer in found]


def test_who_offers_this_help_there_is_found_once(places, django_assert_num_queries):
    here, away = places
    kind, other_kind = visits(), KindOfHelp.objects.exclude(pk=visits().pk)[0]
    for name, kinds, communes in (
        ("Anywhere", [kind, other_kind], []),
        ("Here", [kind], [here]),
        ("Both", [kind], [here, away]),
        ("Away", [kind], [away]),
        ("Otherwise", [other_kind], [here]),
    ):
        welcome(person=somebody(name), kinds=kinds, communes=communes)
    on_leave = welcome(person=somebody("OnLeave"), kinds=[kind])
    Volunteer.objects.filter(pk=on_leave.pk).update(state=VolunteerState.ON_LEAVE)
    Volunteer.objects.create(person=somebody("Candidate"))
    # The town's steps, those of this kind of help alone, then who may be asked.
    with django_assert_num_queries(3):
        assert names(volunteers_for(kind=kind, commune=here)) == ["Anywhere", "Here", "Both"]
    assert names(volunteers_for(kind=kind, commune=away)) == ["Anywhere", "Both", "Away"]
    assert names(volunteers_for(kind=other_kind, commune=here)) == ["Anywhere", "Otherwise"]


def test_nobody_is_asked_to_help_herself(places):
    both = welcome(person=somebody("Jeanne"), kinds=[visits()])
    welcome(person=somebody("Alice"), kinds=[visits()])
    found = volunteers_for(kind=visits(), commune=places[0], asker=both.person)
    assert names(found) == ["Alice"]


@pytest.mark.parametrize("state", [VolunteerState.ON_LEAVE, VolunteerState.SUSPENDED])
def test_a_second_welcome_changes_the_offer_and_not_the_place(places, state):
    alice = welcome(person=somebody("Alice"), kinds=KindOfHelp.objects.all())
    Volunteer.objects.filter(pk=alice.pk).update(state=state)
    assert welcome(person=alice.person, kinds=[visits()]).state == state
    assert list(alice.offer.kinds.all()) == [visits()]
    assert names(volunteers_for(kind=visits(), commune=places[0])) == []


def test_who_left_is_welcomed_back(places):
    alice = welcome(person=somebody("Alice"), kinds=[visits()])
    leave(alice)
    assert welcome(person=alice.person, kinds=[visits()]).state == VolunteerState.ADMITTED


def test_who_lacks_a_step_is_not_asked_for_all_or_for_the_help_that_asks_for_it(places):
    here, kind = places[0], visits()
    other = KindOfHelp.objects.exclude(pk=kind.pk)[0]
    without_steps()
    for name in ("Alice", "Lucie", "Odile"):
        welcome(person=somebody(name), kinds=[kind, other])
    record = a_step(StepKind.RECORD, "Casier")
    driving = a_step(StepKind.OTHER, "Permis")
    driving.kinds.set([other])
    for name, step, days in (("Alice", record, 0), ("Lucie", record, -1), ("Odile", record, 9), ("Odile", driving, 9)):
        theirs = Volunteer.objects.get(person__first_name=name)
        StepRecord.objects.create(volunteer=theirs, step=step, passed_on=in_days(-20), valid_until=in_days(days))
    assert names(volunteers_for(kind=kind, commune=here)) == ["Alice", "Odile"]
    assert names(volunteers_for(kind=other, commune=here)) == ["Odile"]


def test_a_second_welcome_replaces_the_offer(places):
    here, away = places
    alice = somebody("Alice")
    first = welcome(person=alice, kinds=KindOfHelp.objects.all(), communes=[here, away])
    again = welcome(person=alice, kinds=[visits()], communes=[away])
    assert first == again
    offer = Offer.objects.get(volunteer=again)
    assert (list(offer.kinds.all()), list(offer.communes.all())) == ([visits()], [away])


def test_every_table_is_reached_by_an_index(places):
    found = volunteers_for(kind=visits(), commune=places[0])
    with connection.cursor() as cursor:
        # So few rows would be read whole, were that allowed.
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = found.explain()
    assert "Seq Scan" not in plan, plan


def test_volunteers_of_another_town_are_not_found(places, other_town):
    welcome(person=somebody("Alice"), kinds=[visits()])
    with facing(other_town):
        there = CoveredCommune.objects.order_by("pk")[0]
        assert list(volunteers_for(kind=visits(), commune=there)) == []
