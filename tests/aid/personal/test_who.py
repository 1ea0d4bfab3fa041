"""Who shares an account says who is here, sees what is theirs only, and may leave it for good."""

import uuid

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from accounts.roles import AGENTS
from aid.people.enums import Channel
from aid.people.models import Person
from aid.people.services import (
    NotSharedError,
    confirm_phone,
    leave_account,
    register_person,
    reopen_contacts,
    shares_account_with,
    update_person,
)
from aid.personal.services import knows_contact, open_door
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.letters import caught
from harness.loop import open_request
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
HOME, WHO, DOOR, LEAVE = "/mon-espace/", "/mon-espace/qui/", "/mon-espace/porte/", "/mon-espace/porte/sortir/"
PHONE, SHOWN = "+33639980001", "06\u00a039\u00a098\u00a000\u00a001"
ODETTE_EMAIL, PAUL_EMAIL = "odette@exemple.example", "paul@exemple.example"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def agent():
    account = Account.objects.create_account(email="accueil@exemple.example")
    account.groups.add(Group.objects.get(name=AGENTS))
    return account


@pytest.fixture
def couple(agent):
    """Odette, who has an address of her own, and Paul, who share a telephone; not yet an account."""
    odette = known("Odette", email=ODETTE_EMAIL, created_by=agent)
    return odette, known("Paul", created_by=agent)


@pytest.fixture
def at_the_door(visit, django_capture_on_commit_callbacks):
    """Write a contact, then the code that came: the browser, and where it leads."""

    def sign_in(contact):
        client = visit(FIRST_TOWN)
        with caught() as letters:
            with django_capture_on_commit_callbacks(execute=True):
                client.post("/connexion/", {"login": contact})
            if not letters.left:
                return client, None
            answer = client.post("/connexion/code/", {"code": letters.left[-1].code})
        return client, answer["Location"]

    return sign_in


@pytest.fixture
def browser_of(visit):
    def signed_in(account, *, said=None, host=FIRST_TOWN):
        client = visit(host)
        client.force_login(Account.objects.get(pk=account.pk), BACKEND)
        if said is not None:
            assert client.post(WHO, {"personne": str(said.uid)})["Location"] == HOME
        return client

    return signed_in


def known(first_name, phone=PHONE, **fields):
    person = register_person(first_name=first_name, phone=phone, **fields)
    confirm_phone(person)
    return person


def seen(client, path=HOME):
    answer = client.get(path)
    assert answer.status_code == 200, answer.get("Location")
    return answer.content.decode()


def again(person):
    return Person.objects.get(pk=person.pk)


def is_asked(client):
    answer = client.get(HOME)
    return answer.status_code == 302 and answer["Location"] == WHO


# --- « Qui êtes-vous ? »


def test_a_couple_signs_in_by_its_number_and_each_sees_only_what_is_theirs(at_the_door, couple):
    asked = {one: open_request(one, details=f"CANARI-{one.first_name}") for one in couple}
    for me, other in (couple, couple[::-1]):
        client, leads_to = at_the_door(PHONE)
        assert leads_to == HOME
        assert is_asked(client)
        question = seen(client, WHO)
        assert all(f">{one.first_name}<" in question for one in couple)
        assert client.post(WHO, {"personne": str(me.uid)})["Location"] == HOME
        page = seen(client)
        assert f"Bonjour {me.first_name}" in page
        assert f"/suivi/{asked[me].pk}-" in page
        for hidden in (f"/suivi/{asked[other].pk}-", other.first_name, "CANARI"):
            assert hidden not in page


def test_it_is_not_you_leads_back_to_the_question(browser_of, couple):
    odette, paul = couple
    client = browser_of(open_door(phone=PHONE), said=odette)
    page = seen(client)
    assert f'href="{WHO}"' in page
    assert "Ce n’est pas vous" in page
    assert ">Paul<" in seen(client, WHO)
    client.post(WHO, {"personne": str(paul.uid)})
    assert "Bonjour Paul" in seen(client)


def test_one_person_is_asked_nothing(at_the_door):
    known("Jeanne")
    client, _ = at_the_door(PHONE)
    page = seen(client)
    assert "Bonjour Jeanne" in page
    assert "Ce n’est pas vous" not in page
    assert client.get(WHO)["Location"] == HOME
    assert "Personne d’autre n’entre par là" in seen(client, DOOR)
    assert LEAVE not in seen(client, DOOR)
    assert [method(LEAVE).status_code for method in (client.get, client.post)] == [404, 404]


def test_the_question_says_a_first_name_and_a_last_name_only_to_tell_two_apart(browser_of):
    private = {"address": "12 rue du Canari", "birth_year": 1941}
    known("Jeanne", last_name="Canaristurnam", **private)
    known("Paul", last_name="Canaristurnam", **private)
    page = seen(browser_of(open_door(phone=PHONE)), WHO)
    for hidden in ("Canari", "1941", PHONE, SHOWN):
        assert hidden not in page
    known("jeanne", last_name="Dupont", **private)
    page = seen(browser_of(open_door(phone=PHONE)), WHO)
    for shown in (">Jeanne Canaristurnam<", ">jeanne Dupont<", ">Paul<"):
        assert shown in page
    assert "rue du Canari" not in page


def test_nobody_else_is_chosen(browser_of, couple, other_town):
    stranger = known("Zoé", phone="+33639980005")
    with facing(other_town):
        elsewhere = known("Paul")
    client = browser_of(open_door(phone=PHONE))
    for uid in (stranger.uid, elsewhere.uid, uuid.uuid4(), "", "x", couple[0].pk, "\x00", "é" * 5000):
        assert client.post(WHO, {"personne": str(uid)}).status_code == 404
    assert client.post(WHO).status_code == 404
    assert is_asked(client)


@pytest.mark.parametrize("whose", ["nobody", "stranger", "x", ""])
def test_a_session_that_says_somebody_else_is_asked_again(browser_of, couple, whose):
    stranger = known("Zoé", phone="+33639980005")
    client = browser_of(open_door(phone=PHONE), said=couple[0])
    session = client.session
    session["personal_who"] = {"nobody": str(uuid.uuid4()), "stranger": str(stranger.uid)}.get(whose, whose)
    session.save()
    assert is_asked(client)
    for path in (DOOR, LEAVE):
        assert client.get(path)["Location"] == WHO
    assert client.post(LEAVE, {"phone": "oui"})["Location"] == WHO
    assert again(couple[0]).account is not None


def test_the_choice_is_forgotten_when_she_is_not_of_the_account_any_more(browser_of, couple):
    odette, paul = couple
    client = browser_of(open_door(phone=PHONE), said=odette)
    Person.objects.filter(pk=odette.pk).update(account=None)
    # Even where one person is left: this browser said to be somebody else.
    assert is_asked(client)
    assert "Odette" not in seen(client, WHO)
    client.post(WHO, {"personne": str(paul.uid)})
    assert "Bonjour Paul" in seen(client)


def test_a_choice_of_one_town_opens_nothing_in_another(browser_of, couple, visit, other_town):
    client = browser_of(open_door(phone=PHONE), said=couple[0])
    with facing(other_town):
        theirs = [known("Simone"), known("Marcel")]
        account = open_door(phone=PHONE)
        elsewhere = browser_of(account, host=SECOND_TOWN)
    assert elsewhere.post(WHO, {"personne": str(couple[0].uid)}).status_code == 404
    assert is_asked(elsewhere)
    assert client.post(WHO, {"personne": str(theirs[0].uid)}).status_code == 404
    stolen = visit(SECOND_TOWN)
    stolen.cookies = client.cookies
    assert stolen.get(HOME)["Location"].startswith("/connexion/")


def test_nobody_changes_how_the_other_one_is_told(browser_of, couple):
    odette, paul = couple
    client = browser_of(open_door(phone=PHONE), said=odette)
    sent = {"person": paul.pk, f"personne-{paul.pk}-channel": "call", f"personne-{odette.pk}-channel": "call"}
    assert client.post(HOME, sent).status_code == 404
    assert again(paul).channel == Channel.SMS
    client.post(HOME, sent | {"person": odette.pk})
    assert [again(one).channel for one in couple] == [Channel.CALL, Channel.SMS]


def test_a_shared_page_costs_no_more_than_another(browser_of, couple):
    alone = browser_of(Account.objects.get(pk=open_door(phone=known("Zoé", phone="+33639980005").phone).pk))
    shared = browser_of(open_door(phone=PHONE), said=couple[0])

    def queries(client):
        client.get(HOME)
        with CaptureQueriesContext(connection) as log:
            seen(client)
        return len(log.captured_queries)

    assert queries(shared) == queries(alone)


# --- « Votre porte », and leaving


def test_the_door_says_who_enters_and_never_a_contact_of_the_other_s(browser_of, couple):
    odette, paul = couple
    update_person(paul, email=PAUL_EMAIL)
    account = open_door(phone=PHONE)
    Account.objects.filter(pk=account.pk).update(email=PAUL_EMAIL)
    page = seen(browser_of(account, said=odette), DOOR)
    for shown in (SHOWN, ">Odette<", ">Paul<", "C’est vous", "Appelez-nous"):
        assert shown in page
    assert PAUL_EMAIL not in page
    assert page.count(LEAVE) == 1
    assert PAUL_EMAIL in seen(browser_of(account, said=paul), DOOR)


def test_one_leaves_once_she_confirms_and_the_other_keeps_all(browser_of, at_the_door, couple):
    odette, paul = couple
    asked = {one: open_request(one) for one in couple}
    account = open_door(phone=PHONE)
    hers, his = browser_of(account, said=odette), browser_of(account, said=paul)
    before = Person.objects.filter(pk=paul.pk).values().get()
    page = seen(hers, LEAVE)
    assert "Ce compte restera à Paul" in page
    assert "Ce numéro est-il encore le vôtre" in page
    assert again(odette).account == account
    assert "Répondez par oui ou par non" in hers.post(LEAVE).content.decode()
    assert again(odette).account == account

    answer = hers.post(LEAVE, {"phone": "oui"}, follow=True)
    assert answer.redirect_chain == [("/connexion/", 302)]
    assert "vous n’entrez plus par ce compte" in answer.content.decode()
    assert not {"_auth_user_id", "personal_who"} & set(hers.session.keys())
    left = again(odette)
    assert (left.account, left.phone, left.email, left.channel) == (None, PHONE, ODETTE_EMAIL, Channel.SMS)
    assert left.phone_confirmed_at is not None
    assert list(left.help_requests.all()) == [asked[odette]]
    assert Person.objects.filter(pk=paul.pk).values().get() == before
    # Nobody can tell whose each browser is.
    assert his.get(HOME)["Location"].startswith("/connexion/")
    client, _ = at_the_door(PHONE)
    page = seen(client)
    assert "Bonjour Paul" in page
    assert f"/suivi/{asked[paul].pk}-" in page
    assert f"/suivi/{asked[odette].pk}-" not in page


def test_who_left_does_not_come_back_by_what_they_shared_and_does_by_her_own_address(at_the_door, browser_of, couple):
    odette, paul = couple
    account = open_door(phone=PHONE)
    leave_account(odette)
    for _ in range(2):
        assert open_door(phone=PHONE) == account
        assert again(odette).account is None
    client, leads_to = at_the_door(ODETTE_EMAIL)
    assert leads_to == HOME
    assert "Bonjour Odette" in seen(client)
    own = again(odette).account
    assert (own.email, own.phone) == (ODETTE_EMAIL, None)
    assert (open_door(phone=PHONE), open_door(email=ODETTE_EMAIL)) == (account, own)
    # When the number opens nothing any more, it does not become hers alone either.
    update_person(paul, phone="+33639980002")
    assert not knows_contact(phone=PHONE)
    assert open_door(phone=PHONE) is None


def test_an_address_that_was_hers_alone_opens_the_account_no_more(agent, couple):
    odette, paul = couple
    Person.objects.filter(pk=paul.pk).update(phone="", channel=Channel.CALL)
    account = open_door(phone=PHONE)
    assert open_door(email=ODETTE_EMAIL) == account
    Person.objects.filter(pk=paul.pk).update(phone=PHONE)
    open_door(phone=PHONE)
    left = leave_account(odette)
    account.refresh_from_db()
    assert (account.phone, account.email) == (PHONE, None)
    assert left.closed_contacts == [PHONE]
    own = open_door(email=ODETTE_EMAIL)
    assert own != account
    assert list(own.persons.all()) == [odette]


def test_what_they_share_without_opening_by_it_yet_does_not_bring_her_back(agent):
    both = [known(name, email=PAUL_EMAIL, created_by=agent) for name in ("Odette", "Paul")]
    account = open_door(phone=PHONE)
    left = leave_account(both[0])
    assert sorted(left.closed_contacts) == sorted([PHONE, PAUL_EMAIL])
    assert open_door(email=PAUL_EMAIL) == account
    assert list(account.persons.all()) == [both[1]]


@pytest.mark.parametrize(
    ("email", "channel", "told"),
    [
        (ODETTE_EMAIL, Channel.SMS, Channel.EMAIL),
        (ODETTE_EMAIL, Channel.CALL, Channel.EMAIL),
        (ODETTE_EMAIL, Channel.EMAIL, Channel.EMAIL),
        ("", Channel.SMS, Channel.CALL),
    ],
)
def test_a_number_that_is_hers_no_more_is_taken_off_and_she_is_told_otherwise(browser_of, email, channel, told):
    odette, paul = known("Odette", email=email, channel=channel), known("Paul")
    client = browser_of(open_door(phone=PHONE), said=odette)
    client.post(LEAVE, {"phone": "non"})
    left = again(odette)
    assert (left.phone, left.phone_confirmed_at, left.channel, left.closed_contacts) == ("", None, told, [])
    left.full_clean(exclude=["search_name", "search_keys"])
    assert again(paul).phone == PHONE
    assert list(open_door(phone=PHONE).persons.all()) == [paul]


def test_an_address_that_they_shared_is_asked_about_too(browser_of, agent):
    odette = known("Odette", phone="+33639980005", email=PAUL_EMAIL, channel=Channel.EMAIL, created_by=agent)
    known("Paul", email=PAUL_EMAIL, created_by=agent)
    client = browser_of(open_door(email=PAUL_EMAIL), said=odette)
    page = seen(client, LEAVE)
    assert "Cette adresse e-mail est-elle encore la vôtre" in page
    assert "Ce numéro est-il" not in page
    client.post(LEAVE, {"email": "non", "phone": "non"})
    left = again(odette)
    assert (left.email, left.phone, left.channel) == ("", "+33639980005", Channel.SMS)


def test_nobody_takes_the_other_one_out(browser_of, couple):
    odette, paul = couple
    client = browser_of(open_door(phone=PHONE), said=odette)
    client.post(LEAVE, {"personne": str(paul.uid), "person": paul.pk, "phone": "oui"})
    assert again(paul).account is not None
    assert again(odette).account is None


def test_the_last_one_stays(couple):
    odette, paul = couple
    account = open_door(phone=PHONE)
    leave_account(odette)
    for one in (odette, paul, known("Zoé", phone="+33639980005")):
        with pytest.raises(NotSharedError):
            leave_account(again(one))
    assert list(account.persons.all()) == [paul]


def test_of_three_two_keep_the_account(couple, agent):
    zoe = known("Zoé", created_by=agent)
    open_door(phone=PHONE)
    leave_account(couple[0])
    assert shares_account_with(again(zoe)) == [couple[1]]
    leave_account(zoe)
    assert list(open_door(phone=PHONE).persons.all()) == [couple[1]]


def test_the_town_lets_her_in_again(couple):
    odette, _ = couple
    account = open_door(phone=PHONE)
    leave_account(odette)
    reopen_contacts(odette)
    assert open_door(phone=PHONE) == account
    assert again(odette).account == account


def test_staff_s_accounts_are_left_alone(browser_of, couple, agent):
    Person.objects.filter(pk__in=[one.pk for one in couple]).update(account=agent)
    odette = again(couple[0])
    assert shares_account_with(odette) == []
    with pytest.raises(NotSharedError):
        leave_account(odette)
    client = browser_of(agent, said=odette)
    for method in (client.get, client.post):
        assert method(LEAVE).status_code == 404
    assert LEAVE not in seen(client, DOOR)
    assert again(odette).account == agent
