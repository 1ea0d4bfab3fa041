"""Photos and cards at the desk: put, made, printed, voided, found by a number."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aid.cards.models import Card, CardScan
from aid.cards.services import check
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer
from aid.photos.models import Photo
from aid.privacy.consents import standing
from aid.privacy.enums import Agreed
from aid.territory.models import CoveredCommune
from aid.territory.services import add_sector, bind_coordinator
from harness.cards import a_card, a_photo, token_of
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_person, make_volunteer
from harness.pictures import REFUSED, sent
from tenants.context import facing

pytestmark = pytest.mark.django_db


def browser_of(account):
    client = Client(headers={"host": FIRST_TOWN})
    client.force_login(account)
    return client


@pytest.fixture
def account(town):
    return make_account("nadia@ccas.example", "Agents")


@pytest.fixture
def nadia(account):
    return browser_of(account)


@pytest.fixture
def alice(town):
    return make_volunteer()


def at(name, volunteer):
    return reverse(f"desk:{name}", args=[volunteer.person.uid])


def test_an_agent_puts_changes_and_takes_away_a_photo(nadia, account, alice):
    url = at("person_photo", alice)
    assert nadia.get(at("photo_file", alice)).status_code == 404
    assert nadia.post(url, {"file": sent(), "how": "spoken"}).status_code == 302
    first = Photo.objects.get()
    assert first.put_by == account
    picture = nadia.get(at("photo_file", alice))
    assert picture["Content-Type"] == "image/jpeg"
    assert "no-store" in picture["Cache-Control"]
    assert nadia.post(url, {"file": sent(), "how": "on_paper"}).status_code == 302
    assert Photo.objects.get() != first
    (given,) = standing(alice.person)
    assert (given.last.how, given.last.by_account) == (Agreed.ON_PAPER, account)
    assert nadia.post(url, {"geste": "enlever"}).status_code == 302
    assert not Photo.objects.exists()


@pytest.mark.parametrize("name", ["svg", "bomb", "heavy", "disguised", "moving_png"])
def test_what_is_no_photo_is_refused_next_to_its_field_and_the_answer_stays(nadia, alice, name):
    content, says = REFUSED[name]
    page = nadia.post(at("person_photo", alice), {"file": sent(content), "how": "on_paper"})
    assert page.status_code == 200
    errors = re.findall(r'id="id_file-erreur">([^<]*)', page.content.decode())
    assert len(errors) == 1
    assert says in errors[0]
    assert re.search(r'value="on_paper"[^>]* checked', page.content.decode())
    assert not Photo.objects.exists()


def test_nothing_is_kept_without_a_file_and_an_agreement(nadia, alice):
    page = nadia.post(at("person_photo", alice), {}).content.decode()
    assert "Choisissez une photo." in page
    assert "Demandez-lui son accord" in page


def test_a_card_is_made_printed_voided_and_made_again(nadia, account, alice):
    url = at("person_cards", alice)
    assert "Pas de carte" in nadia.get(url).content.decode()
    assert nadia.get(at("print_card", alice)).status_code == 404
    assert nadia.post(url, {"geste": "faire"}).status_code == 302
    first = Card.objects.get()
    page = nadia.get(url).content.decode()
    assert first.number in page
    assert token_of(first) not in page
    printed = nadia.get(at("print_card", alice))
    assert printed.content.startswith(b"%PDF-")
    assert "no-store" in printed["Cache-Control"]
    refused = nadia.post(url, {"geste": "annuler"})
    assert "Choisissez une raison." in refused.content.decode()
    assert nadia.post(url, {"geste": "annuler", "reason": "replaced"}).status_code == 200
    assert nadia.post(url, {"geste": "annuler", "reason": "lost"}).status_code == 302
    assert nadia.post(url, {"geste": "annuler", "reason": "lost"}).status_code == 302
    first.refresh_from_db()
    assert (first.void_reason, first.voided_by) == ("lost", account)
    assert nadia.get(at("print_card", alice)).status_code == 404
    assert "Perdue" in nadia.get(url).content.decode()
    nadia.post(url, {"geste": "faire"})
    assert Card.objects.standing().get() != first


def test_no_card_is_made_for_who_is_not_admitted(nadia):
    bob = make_volunteer("Bob", state="candidate")
    page = nadia.post(at("person_cards", bob), {"geste": "faire"}, follow=True).content.decode()
    assert "bénévole en service" in page
    assert "Faire la carte" not in page
    assert not Card.objects.exists()
    nobody = reverse("desk:person_cards", args=[make_person("Zoé", phone="+33199004444").uid])
    assert nadia.get(nobody).status_code == 404


def test_without_the_key_the_screens_stand(nadia, alice, settings):
    a_card(alice)
    settings.MASTER_KEYS = []
    page = nadia.post(at("person_cards", alice), {"geste": "faire"}, follow=True).content.decode()
    assert "n’a pas pu être faite" in page
    assert Card.objects.standing().count() == 1, "the one before stands"
    assert "n’a pas pu être imprimée" in nadia.get(at("print_card", alice), follow=True).content.decode()


def test_scans_are_read_by_staff_in_as_many_questions_however_many(nadia, alice):
    token = token_of(a_card(alice))
    counts = []
    for more in (1, 30):
        for _ in range(more):
            check(token)
        nadia.get(at("person_cards", alice))
        with CaptureQueriesContext(connection) as queries:
            page = nadia.get(at("person_cards", alice))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert CardScan.objects.count() == 31
    assert page.content.decode().count('data-label="Réponse">Valable') == 25


def test_a_number_read_on_the_telephone_leads_to_its_volunteer(nadia, alice):
    card, url = a_card(alice), reverse("desk:find_card")
    for typed in (card.number, card.number.lower().replace("-", " "), f" {card.number[:3]}  {card.number[4:]} "):
        assert nadia.post(url, {"number": typed})["Location"] == at("person_cards", alice)
    for typed in ("", "ABC", "AAA-AAA", "x" * 30, "<script>"):
        assert nadia.post(url, {"number": typed}).status_code == 200


def test_a_coordinator_has_the_cards_of_their_sectors_only(account, alice):
    elsewhere = make_account("c@ccas.example", "Coordinateurs")
    here = make_account("d@ccas.example", "Coordinateurs")
    bind_coordinator(elsewhere, sectors=[add_sector(name="Ailleurs")], by_account=account)
    first = add_sector(name="Ici", communes=[CoveredCommune.objects.first()])
    bind_coordinator(here, sectors=[first], by_account=account)
    card = a_card(alice)
    a_photo(alice.person)
    for who, status in ((elsewhere, 404), (here, 200)):
        client = browser_of(who)
        for name in ("person_cards", "print_card", "photo_file", "person_photo"):
            assert client.get(at(name, alice)).status_code == status, name
        found = client.post(reverse("desk:find_card"), {"number": card.number})
        assert found.status_code == (302 if status == 200 else 200)


def test_the_card_of_another_sector_is_said_to_be_ours_without_a_name(account, alice):
    elsewhere = make_account("c@ccas.example", "Coordinateurs")
    bind_coordinator(elsewhere, sectors=[add_sector(name="Ailleurs")], by_account=account)
    card, url = a_card(alice), reverse("desk:find_card")
    client = browser_of(elsewhere)

    def told(number):
        page = client.post(url, {"number": number}).content.decode().replace("\u00a0", " ")
        assert "Alice" not in page
        assert str(alice.person.uid) not in page
        return page

    assert "bien de chez nous : elle est valable." in told(card.number)
    assert "Aucune carte ne porte ce numéro" in told("AAA-AAA")
    Volunteer.objects.filter(pk=alice.pk).update(state=VolunteerState.SUSPENDED)
    assert "bien de chez nous : elle n’est pas valable." in told(card.number)
    assert browser_of(account).post(url, {"number": card.number}).status_code == 302


def test_cards_and_photos_of_another_town_are_absent(nadia, other_town):
    with facing(other_town):
        theirs = make_volunteer("Benoît")
        card = a_card(theirs)
        a_photo(theirs.person)
    for name in ("person_cards", "print_card", "photo_file", "person_photo"):
        assert nadia.get(at(name, theirs)).status_code == 404, name
    assert nadia.post(reverse("desk:find_card"), {"number": card.number}).status_code == 200


def test_the_person_s_card_shows_the_photo_and_asks_no_more(nadia, alice):
    url = at("person", alice)
    nadia.get(url)
    with CaptureQueriesContext(connection) as before:
        assert "photo.jpg" not in nadia.get(url).content.decode()
    a_photo(alice.person)
    with CaptureQueriesContext(connection) as after:
        assert "photo.jpg" in nadia.get(url).content.decode()
    told = [[one["sql"] for one in log if "set_config" not in one["sql"]] for log in (before, after)]
    assert len(told[0]) == len(told[1])
