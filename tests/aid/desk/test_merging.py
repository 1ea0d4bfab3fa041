"""« C’est la même personne que… »: an administrator finds the other card, compares both, and one is left."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aid.followups.enums import FollowUpKind
from aid.followups.services import ask as ask_followup
from aid.help_requests.enums import RequestState
from aid.people.merging import fingerprint
from aid.people.models import Person
from aid.privacy.merging import merge
from aid.privacy.models import Access
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_person, make_request, make_volunteer
from tenants.context import facing

pytestmark = pytest.mark.django_db
MOBILE = "+33639980077"


@pytest.fixture
def administrator(town):
    return make_account("maire@ccas.example", "Administrateurs")


@pytest.fixture
def browser(administrator):
    client = Client(headers={"host": FIRST_TOWN})
    client.force_login(administrator)
    return client


@pytest.fixture
def jane(town):
    """Jeanne, whom somebody else wrote down by ear."""
    return make_person("Jane", "Martin", MOBILE, email="jeanne@exemple.example")


def again(person):
    return Person.objects.get(pk=person.pk)


def reunir(kept, other=None):
    return f"/bureau/personne/{kept.uid}/reunir/" + (f"?personne={other.uid}" if other else "")


def sent(kept, other, **answers):
    chosen = {"first_name": "gardee", "phone": "gardee", "email": "autre", "home": "gardee", "sure": "on"} | answers
    return {"personne": other.uid, "seen": fingerprint(kept, other)} | chosen


def test_an_administrator_makes_one_card_of_two(browser, jeanne, jane):
    request = make_request(jane)
    card = f"/bureau/personne/{jeanne.uid}/"
    assert reunir(jeanne) in browser.get(card).content.decode()

    page = browser.post(reunir(jeanne), {"chercher": "1", "texte": "jane"}).content.decode()
    assert reunir(jeanne, jane) in page
    assert reunir(jeanne, jeanne) not in page, "she is not offered herself"

    page = browser.get(reunir(jeanne, jane)).content.decode()
    for told in ("Jeanne", "Jane", "1 demande", "jeanne@exemple.example", "On ne peut pas revenir en arrière"):
        assert told in page
    answer = browser.post(reunir(jeanne, jane), sent(jeanne, jane), follow=True)
    assert answer.redirect_chain == [(card, 302)]
    assert "plus qu’une fiche" in answer.content.decode()
    assert (again(jeanne).email, again(jane).merged_into) == ("jeanne@exemple.example", jeanne)
    assert f"/bureau/demande/{request.uid}/" in browser.get(card).content.decode()
    history = browser.get(f"{card}acces/").content.decode()
    for told in ("fiche réunie", "Jane Martin", "jeanne@exemple.example"):
        assert told in history


def test_probable_doubles_come_first(browser, jeanne):
    double = make_person("Janne", "Martin", "", birth_year=1941)
    page = browser.get(reunir(jeanne)).content.decode()
    assert "Elles se ressemblent" in page
    assert reunir(jeanne, double) in page
    assert reunir(jeanne, double) in browser.get(f"/bureau/personne/{jeanne.uid}/").content.decode()


def test_nothing_happens_without_a_choice_and_a_confirmation(browser, jeanne, jane):
    page = browser.post(reunir(jeanne, jane), sent(jeanne, jane, sure="", phone="", email="<script>")).content.decode()
    for told in ("Cochez cette case", "Choisissez ce que vous gardez"):
        assert told in page
    assert "<script>" not in page
    assert again(jane).merged_into is None


def test_what_changed_meanwhile_is_read_again(browser, jeanne, jane):
    typed = sent(jeanne, jane)
    Person.objects.filter(pk=jane.pk).update(address="Ailleurs")
    answer = browser.post(reunir(jeanne, jane), typed, follow=True)
    assert "Relisez, puis confirmez" in answer.content.decode()
    assert "Ailleurs" in answer.content.decode()
    assert again(jane).merged_into is None


def test_what_stands_in_the_way_is_told_and_has_no_button(browser, jeanne, alice):
    make_request(jeanne, RequestState.AGREED, volunteer=alice)
    page = browser.get(reunir(jeanne, alice.person)).content.decode()
    assert "a aidé l’autre" in page
    assert "Réunir les deux fiches</button>" not in page
    browser.post(reunir(jeanne, alice.person), sent(jeanne, alice.person, last_name="gardee", channel="gardee"))
    assert again(alice.person).merged_into is None
    assert "la même fiche" in browser.get(reunir(jeanne, jeanne)).content.decode()


def test_an_agent_has_no_such_page(desk, jeanne, jane):
    card = desk.get(f"/bureau/personne/{jeanne.uid}/").content.decode()
    assert "/reunir/" not in card
    for answer in (desk.get(reunir(jeanne, jane)), desk.post(reunir(jeanne, jane), sent(jeanne, jane))):
        assert answer.status_code == 404
    assert again(jane).merged_into is None


def test_another_town_s_nobody_s_and_nonsense_are_absent(browser, other_town, jeanne):
    with facing(other_town):
        elsewhere = make_person("Jane", phone=MOBILE)
    for other in (elsewhere.uid, uuid.uuid4(), "0; DROP TABLE"):
        url = f"/bureau/personne/{jeanne.uid}/reunir/"
        assert browser.get(url, {"personne": other}).status_code == 404
        assert browser.post(url, {"personne": other, "sure": "on"}).status_code == 404
    assert browser.get(reunir(elsewhere, jeanne)).status_code == 404
    with facing(other_town):
        assert again(elsewhere).merged_into is None


@pytest.fixture
def merged(administrator, jeanne, jane):
    merge(jeanne, jane, take=[], seen=fingerprint(jeanne, jane), by_account=administrator)
    return jane


@pytest.mark.parametrize("then", ["", "modifier/", "informations/", "informations.json", "sortir/"])
def test_the_address_of_the_card_that_went_leads_to_the_other(desk, merged, jeanne, then):
    answer = desk.get(f"/bureau/personne/{merged.uid}/{then}", follow=True)
    assert answer.redirect_chain == [(f"/bureau/personne/{jeanne.uid}/", 302)]
    assert "a été réunie à celle-ci" in answer.content.decode()


def test_whatever_is_done_there_is_done_nowhere(desk, browser, merged, jeanne, alice):
    for then in ("modifier/", "rouvrir/"):
        answer = desk.post(f"/bureau/personne/{merged.uid}/{then}", {"first_name": "X"})
        assert answer["Location"] == f"/bureau/personne/{jeanne.uid}/"
    for then in ("reunir/", "acces/"):
        assert browser.get(f"/bureau/personne/{merged.uid}/{then}")["Location"] == f"/bureau/personne/{jeanne.uid}/"
    assert desk.get("/bureau/demande/nouvelle/", {"personne": merged.uid}).context["person"] == jeanne
    assert again(merged).first_name == ""
    with_a_place = make_volunteer("Alix", "Morel", "+33639980099")
    merge(
        alice.person, with_a_place.person, take=[], seen=fingerprint(alice.person, with_a_place.person),
        by_account=make_account("autre@ccas.example", "Administrateurs"),
    )  # fmt: skip
    answer = desk.post(f"/bureau/personne/{with_a_place.person.uid}/benevole/", {"geste": "depart"})
    assert answer["Location"] == f"/bureau/personne/{alice.person.uid}/"
    assert "Alix" not in desk.get("/bureau/benevoles/").content.decode()


def test_each_comparison_is_a_reading_of_both_cards(browser, administrator, jeanne, jane):
    browser.get(reunir(jeanne, jane))
    read = Access.objects.filter(by_account=administrator).values_list("person", flat=True)
    assert set(read) == {jeanne.pk, jane.pk}


def test_it_costs_as_much_however_much_moves(browser, jeanne, jane):
    browser.get(reunir(jeanne, jane))
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as log:
            assert browser.get(reunir(jeanne, jane)).status_code == 200
        counts.append(len(log))
        for number in range(5):
            make_request(jane)
            ask_followup(kind=FollowUpKind.TO_CALL, person=jane, words=f"{number}")
    assert counts[1] <= counts[0]
