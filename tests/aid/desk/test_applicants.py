"""What the card of who helps, or would like to, says at the desk: how to reach them, and all that they offer."""

import datetime

import pytest
from django.utils import timezone

from aid.configuration.models import KindOfHelp
from aid.offers.models import Means
from aid.offers.services import Offered, go_away, keep
from aid.onboarding.enums import Source, VolunteerState
from aid.onboarding.models import Volunteer
from aid.onboarding.services import apply
from aid.people.enums import Channel
from aid.profiles.models import Interest
from aid.profiles.services import present
from aid.territory.models import CoveredCommune
from harness.desk import make_person, make_volunteer

pytestmark = pytest.mark.django_db


def card_of(client, person):
    return client.get(f"/bureau/personne/{person.uid}/").content.decode()


def gesture(person):
    return f"/bureau/benevole/{person.uid}/contact/"


def test_an_agent_who_called_an_applicant_confirms_the_number(desk, jeanne):
    person = apply(person=make_person("Bernard"), source=Source.SITE).person
    assert gesture(person) in card_of(desk, person)
    answer = desk.post(gesture(person), follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [(f"/bureau/personne/{person.uid}/", 302)]
    assert "c’est bien cette personne" in page
    assert "pas encore vérifié" not in page
    assert gesture(person) not in page
    # Who does not volunteer has no such button.
    assert gesture(jeanne) not in card_of(desk, jeanne)
    assert desk.post(gesture(jeanne)).status_code == 404


def test_who_gave_an_address_only_has_it_confirmed_and_an_admitted_volunteer_nothing(desk):
    person = apply(
        person=make_person("Inès", phone="", email="ines@exemple.example", channel=Channel.EMAIL), source=Source.SITE
    ).person
    assert "Adresse confirmée" in card_of(desk, person)
    desk.post(gesture(person))
    person.refresh_from_db()
    assert person.email_confirmed_at
    admitted = make_volunteer("Zoé", phone="+33639980009").person
    assert gesture(admitted) not in card_of(desk, admitted)
    desk.post(gesture(admitted))
    admitted.refresh_from_db()
    assert admitted.phone_confirmed_at is None


def test_the_card_of_a_volunteer_says_all_that_they_offer(desk, alice):
    empty = card_of(desk, alice.person)
    assert "Aucune aide n’est notée." in empty
    kind, car = KindOfHelp.objects.offered()[0], Means.objects.offered()[0]
    home = CoveredCommune.objects.first()
    keep(
        alice,
        Offered(
            kinds=[kind], communes=[home], radius_km=10, centre=home, slots=["1-morning"], monthly_limit=4,
            at_once_limit=2, means=[car], languages=["pt"], limits="Pas d’escaliers.",
        ),
    )  # fmt: skip
    today = timezone.localdate()
    go_away(alice, starts_on=today + datetime.timedelta(days=3), ends_on=None)
    liked = Interest.objects.offered()[0]
    present(person=alice.person, words="", interests=[liked])
    page = card_of(desk, alice.person)
    said = (
        kind.name, f"{home}, à 10 km autour de {home}", "lundi matin", "4 fois, au plus", "2 rendez-vous prévus",
        car.name, "portugais", "Pas d’escaliers.", "sans date de retour", liked.name,
    )  # fmt: skip
    for words in said:
        assert words in page, words
    assert Volunteer.objects.get().state == VolunteerState.ADMITTED
