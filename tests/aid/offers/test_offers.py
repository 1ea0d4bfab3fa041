import pytest
from django.db import connection

from aid.configuration.models import KindOfHelp
from aid.offers.models import Offer
from aid.offers.services import volunteers_for, welcome
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer
from aid.territory.models import CoveredCommune
from geography.services import resolve_communes
from harness.loop import somebody, visits
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
    with django_assert_num_queries(1):
        assert names(volunteers_for(kind=kind, commune=here)) == ["Anywhere", "Here", "Both"]
    assert names(volunteers_for(kind=kind, commune=away)) == ["Anywhere", "Both", "Away"]
    assert names(volunteers_for(kind=other_kind, commune=here)) == ["Anywhere", "Otherwise"]


def test_nobody_is_asked_to_help_herself(places):
    both = welcome(person=somebody("Jeanne"), kinds=[visits()])
    welcome(person=somebody("Alice"), kinds=[visits()])
    found = volunteers_for(kind=visits(), commune=places[0], asker=both.person)
    assert names(found) == ["Alice"]


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
