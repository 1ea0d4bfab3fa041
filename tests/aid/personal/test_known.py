"""« Ce que nous savons de vous »: all of it, one's own only, and nothing of who shares the account."""

import json

import pytest

from accounts.models import Account
from aid.people.models import Person
from aid.people.services import leave_account, reopen_contacts
from aid.privacy.enums import Act
from aid.privacy.services import accesses_to
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.desk import make_person
from harness.loop import open_request
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
PAGE, FILE, WHO = "/mon-espace/mes-informations/", "/mon-espace/mes-informations.json", "/mon-espace/qui/"
PHONE = "+33639980001"


@pytest.fixture
def couple():
    """Odette and Paul, who share a telephone and an account."""
    account = Account.objects.create_account(phone=PHONE)
    odette = make_person("Odette", "Vidal", PHONE, account=account, address="3 rue Canari-d’Odette")
    paul = make_person("Paul", "Vidal", PHONE, account=account, address="3 rue Canari-de-Paul")
    open_request(odette, details="Canari-d’Odette")
    open_request(paul, details="Canari-de-Paul")
    return odette, paul


def browser_of(visit, person: Person):
    client = visit(FIRST_TOWN)
    client.force_login(person.account)
    client.post(WHO, {"personne": str(person.uid)})
    return client


def test_each_reads_and_takes_away_what_is_theirs(visit, couple):
    odette, _ = couple
    client = browser_of(visit, odette)
    page, file = client.get(PAGE), client.get(FILE)
    assert PAGE in client.get("/mon-espace/").content.decode()
    for answer in (page, file):
        assert "Canari-d’Odette" in answer.content.decode().replace("&#x27;", "’")
        assert "Canari-de-Paul" not in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
    assert file["Content-Disposition"].startswith('attachment; filename="ce-que-la-ville-sait-')
    titles = [one["titre"] for one in json.loads(file.content)["rubriques"]]
    assert {"Votre fiche", "Votre porte", "Vos demandes", "Le suivi de vos demandes"} <= set(titles)


def test_who_has_not_said_who_they_are_is_asked_first(visit, couple):
    client = visit(FIRST_TOWN)
    client.force_login(couple[0].account)
    for path in (PAGE, FILE):
        assert client.get(path)["Location"] == WHO


def test_strangers_sign_in_and_staff_without_a_person_find_nothing(visit, other_town):
    assert visit(FIRST_TOWN).get(PAGE)["Location"].startswith("/connexion/")
    with facing(other_town):
        elsewhere = make_person("Simone", account=Account.objects.create_account(phone="+33639980009"))
        assert browser_of(visit, elsewhere).get(PAGE).status_code == 302, "an account of another town is nobody here"
        client = visit(SECOND_TOWN)
        client.force_login(elsewhere.account)
        assert "Simone" in client.get(PAGE).content.decode()


def test_leaving_a_shared_account_is_a_change_that_she_made(couple):
    odette, _ = couple
    leave_account(odette, no_longer_theirs=["phone"], by_person=odette)
    (change,) = accesses_to(odette)
    assert (change.act, change.by_person) == (Act.CHANGED, odette)
    assert ("phone", PHONE, "") in {(one.field, one.before, one.after) for one in change.changes.all()}


def test_closing_an_entry_and_opening_it_again_are_noted_too(couple):
    odette, _ = couple
    agent = Account.objects.create_account(email="accueil@exemple.example")
    leave_account(odette, by_account=agent)
    reopen_contacts(odette, by_account=agent)
    opened, closed = accesses_to(odette)
    assert {opened.by_account, closed.by_account} == {agent}
    assert [(one.get_field_display(), one.before, one.after) for one in closed.changes.all()] == [
        ("n’entre plus par", "", PHONE)
    ]
    assert [(one.before, one.after) for one in opened.changes.all()] == [(PHONE, "")]
