"""What a volunteer offers and when they are away, noted by an agent for who phones."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import COORDINATORS
from aid.configuration.models import KindOfHelp
from aid.offers.models import Absence
from aid.offers.services import Offered, go_away, keep, offered_by
from aid.people.deaths import note_death
from aid.privacy.enums import Act, SeenOn
from aid.privacy.models import Access
from aid.territory.models import CoveredCommune
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def kinds(town):
    """Two kinds of help of the town."""
    return list(KindOfHelp.objects.offered()[:2])


@pytest.fixture
def within_five(alice, kinds):
    """Alice, who comes within five kilometres of home, on Monday mornings, twice a month."""
    here = CoveredCommune.objects.get()
    keep(alice, Offered(kinds=kinds[:1], radius_km=5, centre=here, slots=["1-morning"], monthly_limit=2))
    return alice


def url_of(name, volunteer, *more):
    return reverse(f"desk:{name}", args=(volunteer.person.uid, *more))


def changes(person):
    return Access.objects.filter(person=person, act=Act.CHANGED, screen=SeenOn.OFFER).count()


def days(count):
    return timezone.localdate() + datetime.timedelta(days=count)


def test_an_agent_changes_all_that_a_volunteer_offers(desk, agent, within_five, kinds):
    url, person = url_of("offer", within_five), within_five.person
    assert url in desk.get(reverse("desk:person", args=(person.uid,))).content.decode()
    page = desk.get(url).content.decode()
    assert page.count(" checked") == 2, "one help, one morning"
    assert 'value="2"' in page
    wished = {"kinds": [one.slug for one in kinds], "slots": ["1-morning", "5-evening"], "languages": ["pt"]}
    refused = desk.post(url, wished | {"monthly_limit": "0", "limits": "Pas de chiens"}).content.decode()
    assert "Écrivez un nombre entre 1 et" in refused
    assert "Pas de chiens" in refused, "nothing typed is lost"
    assert (changes(person), offered_by(within_five).slots) == (0, ["1-morning"])
    assert desk.post(url, wished | {"monthly_limit": "3", "limits": "Pas de chiens"}).status_code == 302
    said = offered_by(within_five)
    assert (set(said.kinds), said.slots, said.monthly_limit) == (set(kinds), ["1-morning", "5-evening"], 3)
    assert (said.languages, said.limits) == (["pt"], "Pas de chiens")
    assert changes(person) == 1


def test_who_helps_already_is_not_taken_down_anew(desk, within_five):
    answer = desk.get(reverse("desk:new_volunteer"), {"personne": within_five.person.uid})
    assert answer["Location"] == url_of("offer", within_five)


def test_an_agent_notes_an_absence_and_takes_it_back(desk, alice):
    url = url_of("absences", alice)
    refused = desk.post(url, {"starts_on": days(9).isoformat(), "ends_on": days(4).isoformat()}).content.decode()
    assert "Le retour vient après le départ." in refused
    assert (Absence.objects.count(), changes(alice.person)) == (0, 0)
    assert desk.post(url, {"starts_on": days(4).isoformat(), "ends_on": days(9).isoformat()}).status_code == 302
    absence = Absence.objects.get()
    assert (absence.starts_on, absence.ends_on) == (days(4), days(9))
    back = url_of("forget_absence", alice, absence.uid)
    assert back in desk.get(url).content.decode()
    for _ in range(2):
        assert desk.post(back)["Location"] == url
    assert not Absence.objects.exists()
    assert changes(alice.person) == 2, "noted, taken back: twice is once"


def test_an_absence_of_somebody_else_stays(desk, alice):
    other = make_volunteer("Paul", "Roy", "+33639981235")
    absence = go_away(other, starts_on=days(3), ends_on=None)
    desk.post(url_of("forget_absence", alice, absence.uid))
    assert Absence.objects.get() == absence


def test_of_another_sector_or_of_the_dead_nothing_is_noted(desk, agent, alice, kinds):
    camille = Client(headers={"host": FIRST_TOWN})
    camille.force_login(make_account("camille@ccas.example", COORDINATORS))
    wished = {"offer": {"kinds": kinds[0].slug}, "absences": {"starts_on": days(3).isoformat()}}
    for name, typed in wished.items():
        assert "Vous n’avez pas encore de secteur" in camille.post(url_of(name, alice), typed).content.decode()
    note_death(alice.person, on=days(-1), by_account=agent)
    for name, typed in wished.items():
        desk.post(url_of(name, alice), typed)
    assert offered_by(alice) is None
    assert not Absence.objects.exists()
