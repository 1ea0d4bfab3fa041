"""Jeanne gives a mandate herself: to a relative at once; to who reads at a contact, once they accept."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aid.people.models import Person
from aid.personal.services import knows_contact, open_door
from aid.relations import services as relations
from aid.relations.enums import Consent as GivenBy
from aid.relations.enums import Kinship
from aid.relations.models import Invitation, Mandate
from harness.databases import FIRST_TOWN
from harness.letters import caught
from harness.loop import ADDRESS, SURNAME
from harness.mandates import CLAIRE_PHONE, HOME, JEANNE_PHONE, MINE, browser_of, known, seen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


@pytest.fixture
def jeanne():
    return known("Jeanne", JEANNE_PHONE, last_name=SURNAME, address=ADDRESS)


@pytest.fixture
def claire():
    return known("Claire", CLAIRE_PHONE, last_name="Martin")


def given_on_screen(client, **typed):
    usual = {"first_name": "Claire", "contact": "", "scope": ["requests"], "ends_on": _in(90)}
    return client.post(MINE, usual | typed)


def _in(days):
    return (timezone.localdate() + datetime.timedelta(days=days)).isoformat()


def test_a_relative_whom_the_town_knows_acts_at_once(jeanne, claire):
    relations.note_relative(jeanne, claire, kind=Kinship.DAUGHTER)
    hers = browser_of(jeanne)
    assert "Claire M., votre fille" in seen(hers, MINE)
    assert given_on_screen(hers, first_name="", relative=str(claire.uid))["Location"] == MINE
    mandate = Mandate.objects.get()
    assert (mandate.representative, mandate.consent, mandate.by_account) == (claire, GivenBy.ON_SCREEN, None)
    assert given_on_screen(hers, relative=str(claire.uid)).status_code == 422
    stranger = known("Zoé", "+33639980006")
    assert given_on_screen(hers, relative=str(stranger.uid)).status_code == 422


def test_the_answer_is_the_same_whether_a_contact_is_known_or_not(jeanne, claire):
    answers = set()
    for contact in ("06 39 98 00 05", "06 39 98 00 77", "claire@exemple.example"):
        hers = browser_of(jeanne)
        with CaptureQueriesContext(connection) as log:
            answer = given_on_screen(hers, contact=contact)
        page = seen(hers, MINE)
        answers.add((answer.status_code, answer["Location"], "Dites à cette personne" in page, len(log)))
    assert len({one[:3] for one in answers}) == 1
    assert max(one[3] for one in answers) - min(one[3] for one in answers) <= 1  # the limit's first window
    assert not Mandate.objects.exists()
    assert not jeanne.messages.exists()
    assert not claire.messages.exists()


def test_it_waits_for_who_reads_there_and_begins_once_they_accept(jeanne, claire):
    given_on_screen(browser_of(jeanne), contact="06 39 98 00 05")
    invitation = Invitation.objects.get()
    hers, zoe = browser_of(claire), browser_of(known("Zoé", "+33639980006"))
    answer_url = f"{MINE}{invitation.uid}/repondre/"
    assert answer_url in seen(hers)
    assert answer_url not in seen(zoe)
    assert zoe.post(answer_url, {"reponse": "oui"}).status_code == 404
    assert browser_of(jeanne).post(answer_url, {"reponse": "oui"}).status_code == 404
    assert hers.post(answer_url, {"reponse": "oui"})["Location"] == HOME
    assert "Agir pour Jeanne" in seen(hers)
    assert hers.post(answer_url, {"reponse": "oui"}).status_code == 404


def test_it_may_be_refused_or_thought_better_of(jeanne, claire):
    hers = browser_of(jeanne)
    given_on_screen(hers, contact="06 39 98 00 05")
    browser_of(claire).post(f"{MINE}{Invitation.objects.get().uid}/repondre/", {"reponse": "non"})
    given_on_screen(hers, contact="06 39 98 00 05")
    waiting = Invitation.objects.waiting().get()
    assert browser_of(claire).post(f"{MINE}{waiting.uid}/annuler/").status_code == 404
    assert hers.post(f"{MINE}{waiting.uid}/annuler/")["Location"] == MINE
    assert not Invitation.objects.waiting().exists()
    assert not Mandate.objects.exists()


@pytest.mark.parametrize("contact", ["06 39 98 00 77", "claire@exemple.example"])
def test_who_was_not_known_comes_in_by_a_code_there(jeanne, visit, django_capture_on_commit_callbacks, contact):
    client = visit(FIRST_TOWN)

    def sign_in():
        with caught() as letters, django_capture_on_commit_callbacks(execute=True):
            client.post("/connexion/", {"login": contact})
        return letters.left

    assert sign_in() == []
    given_on_screen(browser_of(jeanne), contact=contact)
    people = Person.objects.count()
    client = visit(FIRST_TOWN)
    (letter,) = sign_in()
    assert Person.objects.count() == people, "who asks for codes in others' names makes nobody"
    assert client.post("/connexion/code/", {"code": letter.code})["Location"] == HOME
    page = seen(client)
    assert "Bonjour Claire" in page
    assert "On vous propose d’agir" in page
    client.post(f"{MINE}{Invitation.objects.get().uid}/repondre/", {"reponse": "oui"})
    assert Mandate.objects.get().representative.first_name == "Claire"
    # The door stays hers.
    typed = {"email": contact} if "@" in contact else {"phone": "+33639980077"}
    assert knows_contact(**typed)
    assert open_door(**typed).persons.get().first_name == "Claire"


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"contact": ""}, "Écrivez son numéro, ou son adresse e-mail."),
        ({"contact": "12"}, "Écrivez un numéro"),
        ({"contact": "claire@"}, "Écrivez une adresse comme"),
        ({"contact": "06 39 98 00 01"}, "C’est le vôtre"),
        ({"first_name": "", "contact": "06 39 98 00 05"}, "Écrivez son prénom."),
        ({"first_name": "123", "contact": "06 39 98 00 05"}, "avec des lettres"),
        ({"contact": "06 39 98 00 05", "scope": []}, "Cochez au moins une chose."),
        ({"contact": "06 39 98 00 05", "ends_on": _in(-1)}, "un jour à venir"),
        ({"contact": "06 39 98 00 05", "ends_on": _in(400)}, "un an au plus"),
        ({"contact": "06 39 98 00 05", "ends_on": "32/13/2026"}, "Ce jour n’existe pas"),
    ],
)
def test_what_is_wrong_is_said_next_to_it_and_nothing_typed_is_lost(jeanne, typed, error):
    answer = given_on_screen(browser_of(jeanne), **typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert error in page
    for value in typed.values():
        if isinstance(value, str) and value:
            assert f'value="{value}"' in page
    assert not Invitation.objects.exists()
