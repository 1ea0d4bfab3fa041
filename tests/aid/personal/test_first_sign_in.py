"""The first time through the door: whom the town knows comes in by a code, and nobody learns who that is."""

import pytest
from django.contrib.auth.models import Group

from accounts.models import Account
from accounts.roles import AGENTS
from aid.people.services import confirm_phone, register_person, update_person
from aid.personal.services import open_door
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.letters import caught
from harness.requests import asked_online

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
PHONE, EMAIL = "+33639980001", "jeanne@exemple.example"
SHOWN = "06\u00a039\u00a098\u00a000\u00a001"


@pytest.fixture
def letters():
    with caught() as letters:
        yield letters


@pytest.fixture
def agent():
    account = Account.objects.create_account(email="accueil@exemple.example", phone="+33639980009")
    account.groups.add(Group.objects.get(name=AGENTS))
    return account


@pytest.fixture
def at_the_door(visit, letters, django_capture_on_commit_callbacks):
    """Write a contact, and the code if one came; answer the browser and the pages seen."""

    def sign_in(contact, *, host=FIRST_TOWN, code=None):
        client = visit(host)
        before = len(letters.left)
        with django_capture_on_commit_callbacks(execute=True):
            seen = [client.post("/connexion/", {"login": contact})]
        seen.append(client.get("/connexion/code/"))
        sent = letters.left[before:]
        typed = code or (sent[-1].code if sent else "000000")
        seen.append(client.post("/connexion/code/", {"code": typed}))
        return client, seen

    return sign_in


def known(first_name="Jeanne", phone=PHONE, **fields):
    person = register_person(first_name=first_name, phone=phone, **fields)
    confirm_phone(person)
    return person


def is_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("typed", ["06 39 98 00 01", "+33639980001", "06.39.98.00.01"])
def test_a_known_number_comes_in_however_it_is_written_and_once_only_makes_an_account(at_the_door, letters, typed):
    jeanne = known()
    client, seen = at_the_door(typed)
    assert is_in(client)
    assert seen[-1]["Location"] == "/mon-espace/"
    assert "Bonjour Jeanne" in client.get("/mon-espace/").content.decode()
    assert [(one.channel, one.recipient) for one in letters.left] == [("sms", PHONE)]
    assert is_in(at_the_door(typed)[0])
    jeanne.refresh_from_db()
    assert list(Account.objects.filter(groups=None)) == [jeanne.account]


def test_asking_for_codes_makes_no_account_and_a_wrong_code_neither(at_the_door, letters):
    known()
    client, _ = at_the_door(PHONE, code="abcdef")
    assert not is_in(client)
    assert len(letters.left) == 1
    assert not Account.objects.filter(groups=None).exists()


def test_a_code_sent_again_opens_too(visit, letters, django_capture_on_commit_callbacks):
    known()
    client = visit(FIRST_TOWN)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/connexion/", {"login": PHONE})
        client.post("/connexion/code/", {"action": "resend"})
    first, second = letters.left
    if first.code != second.code:
        client.post("/connexion/code/", {"code": first.code})
        assert not is_in(client)
    client.post("/connexion/code/", {"code": second.code})
    assert is_in(client)


def test_an_address_that_an_agent_entered_comes_in(at_the_door, agent):
    known(phone="", email=EMAIL, created_by=agent)
    client, _ = at_the_door(" Jeanne@Exemple.example")
    assert is_in(client)
    assert "Bonjour Jeanne" in client.get("/mon-espace/").content.decode()


def test_who_shares_a_telephone_shares_the_account_even_when_written_down_later(at_the_door):
    known(), known("Paul")
    for names in (("Jeanne", "Paul"), ("Jeanne", "Paul", "Lucie")):
        client, _ = at_the_door(PHONE)
        page = client.get("/mon-espace/", follow=True).content.decode()
        for name in names:
            assert f">{name}<" in page
        known("Lucie")
    assert Account.objects.filter(groups=None).count() == 1


def test_one_person_comes_in_by_number_and_by_address(at_the_door, agent):
    known(email=EMAIL, created_by=agent)
    assert is_in(at_the_door(PHONE)[0])
    client, _ = at_the_door(EMAIL)
    assert "Bonjour Jeanne" in client.get("/mon-espace/").content.decode()
    account = Account.objects.get(phone=PHONE)
    assert account.email == EMAIL


def test_an_address_of_one_does_not_open_what_two_share(at_the_door, agent):
    known(email=EMAIL, created_by=agent)
    known("Paul")
    assert is_in(at_the_door(PHONE)[0])
    client, _ = at_the_door(EMAIL)
    assert not is_in(client)


def without_what_differs(page):
    body = page.content.decode()
    start = body.find('name="csrfmiddlewaretoken"')
    while start >= 0:
        end = body.index(">", start)
        body = body[:start] + body[end:]
        start = body.find('name="csrfmiddlewaretoken"')
    return body.replace(SHOWN, "CONTACT").replace("06\u00a039\u00a098\u00a000\u00a002", "CONTACT")


def test_an_unknown_number_sees_the_same_and_costs_the_same(at_the_door, letters):
    known()
    told, done = [], []
    for contact in (PHONE, "+33639980002"):
        written = letters.written
        client, seen = at_the_door(contact, code="abcdef")
        told.append([(page.status_code, page.get("Location"), without_what_differs(page)) for page in seen])
        done.append(letters.written - written)
        assert not is_in(client)
    assert told[0] == told[1]
    assert done == [1, 1]
    assert [one.recipient for one in letters.left] == [PHONE]


def test_a_number_that_a_stranger_typed_on_the_site_opens_nothing(at_the_door, letters):
    asked_online(phone=PHONE)
    client, _ = at_the_door(PHONE)
    assert not is_in(client)
    assert letters.left == []
    assert not Account.objects.filter(groups=None).exists()


def test_a_number_that_was_known_and_is_no_more_when_the_code_comes_opens_nothing(visit, letters, agent):
    jeanne = known()
    client = visit(FIRST_TOWN)
    client.post("/connexion/", {"login": PHONE})
    update_person(jeanne, phone="+33639980002")
    code = client.session["account_login"]["state"]["stages"]["login_by_code"]["data"]["code"]
    assert client.post("/connexion/code/", {"code": code})["Location"] == "/connexion/"
    assert "ne peut plus servir" in client.get("/connexion/").content.decode()
    assert not is_in(client)


def test_the_other_town_knows_nothing_of_it(at_the_door, other_town):
    known()
    client, _ = at_the_door(PHONE, host=SECOND_TOWN)
    assert not is_in(client)


def test_staff_s_account_is_given_neither_persons_nor_contacts(at_the_door, agent):
    zoe = known("Zoé", phone=agent.phone, email=EMAIL, created_by=agent)
    client, seen = at_the_door(agent.phone)
    assert is_in(client)
    assert seen[-1]["Location"] == "/bureau/"
    zoe.refresh_from_db()
    assert zoe.account is None
    # Hers is another one, by her own address.
    assert is_in(at_the_door(EMAIL)[0])
    zoe.refresh_from_db()
    agent.refresh_from_db()
    assert (zoe.account.email, zoe.account.phone) == (EMAIL, None)
    assert agent.email == "accueil@exemple.example"


# --- Who changes number


def test_another_number_closes_the_former_one(at_the_door, agent):
    jeanne = known(created_by=agent)
    client, _ = at_the_door(PHONE)
    jeanne = update_person(jeanne, phone="+33639980002")
    assert jeanne.account is None
    # Whoever was in is signed out: nobody can tell whose each browser is.
    assert client.get("/mon-espace/")["Location"].startswith("/connexion/")
    assert open_door(phone=PHONE) is None
    assert is_in(at_the_door("+33639980002")[0])


def test_another_number_leaves_the_former_one_to_who_still_has_it(agent):
    jeanne, paul = known(created_by=agent), known("Paul")
    account = open_door(phone=PHONE)
    assert update_person(jeanne, phone="+33639980002").account is None
    paul.refresh_from_db()
    assert (paul.account, open_door(phone=PHONE)) == (account, account)


def test_the_address_that_is_left_still_opens(agent):
    jeanne = known(email=EMAIL, created_by=agent)
    open_door(phone=PHONE)
    account = open_door(email=EMAIL)
    jeanne = update_person(jeanne, phone="+33639980002")
    assert jeanne.account == account
    account.refresh_from_db()
    assert (account.phone, account.email) == (None, EMAIL)
