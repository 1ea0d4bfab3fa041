"""« Mon espace »: what is mine, nothing of others', and the same number of questions however much there is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from accounts.roles import Role, roles_of
from aid.help_requests import services as requests
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer
from aid.people.enums import Channel
from aid.people.services import confirm_phone
from aid.personal.services import choose_channel, open_door
from aid.proposals.models import Proposal
from aid.proposals.services import accept, ask_volunteers
from harness import databases
from harness.loop import (
    ADDRESS,
    ALICE_PHONE,
    DETAILS,
    JEANNE_PHONE,
    SURNAME,
    jeanne,
    let_the_hour_pass,
    open_request,
    request_of,
    somebody,
    volunteer,
)
from tenants.context import facing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
PATH = "/mon-espace/"
SIGN_IN = "django.contrib.auth.backends.ModelBackend"


def account_of(*persons, phone=None):
    account = Account.objects.create_account(phone=phone or persons[0].phone or None)
    for person in persons:
        person.account = account
        person.save()
    return account


@pytest.fixture
def browser_of(visit):
    def signed_in(account):
        client = visit(databases.FIRST_TOWN)
        client.force_login(account, SIGN_IN)
        return client

    return signed_in


def test_strangers_are_asked_to_sign_in_and_who_is_nobody_sees_nothing(visit, browser_of):
    answer = visit(databases.FIRST_TOWN).get(PATH)
    assert (answer.status_code, answer["Location"]) == (302, "/connexion/?next=/mon-espace/")
    nobody = Account.objects.create_account(email="agent@exemple.example")
    assert browser_of(nobody).get(PATH).status_code == 404


def test_my_requests_and_nobody_else_s(browser_of):
    mine = jeanne()
    asked = open_request(mine)
    other = open_request(somebody("Odette", "+33639980005"), details="CANARI-Odette")
    answer = browser_of(account_of(mine)).get(PATH)
    page = answer.content.decode()
    assert "Bonjour Jeanne" in page
    assert f"/suivi/{asked.pk}-" in page
    assert f"/suivi/{other.pk}-" not in page
    assert "CANARI-Odette" not in page
    assert "no-store" in answer["Cache-Control"]


def test_what_is_proposed_and_where_i_go_without_what_a_link_alone_may_say(browser_of):
    alice = volunteer("Alice", ALICE_PHONE)
    taken, waiting, gone, past, cancelled = (open_request(jeanne()) for _ in range(5))
    for asked in (taken, waiting, gone, past, cancelled):
        ask_volunteers(asked.pk)
    for asked in (taken, past, cancelled):
        accept(Proposal.objects.get(request=asked))
    let_the_hour_pass(past)
    requests.cancel(cancelled)
    lucie = volunteer("Lucie", "+33639980003")
    ask_volunteers(gone.pk)
    accept(Proposal.objects.get(request=gone, volunteer=lucie))
    page = browser_of(account_of(alice.person)).get(PATH).content.decode()
    assert page.count("/reponse/") == 4
    for shown in ("On vous propose", "Voir le rendez-vous", "Dire si c’est fait", "annulé"):
        assert shown in page
    for canary in (SURNAME, ADDRESS, DETAILS, "Jeanne"):
        assert canary not in page


def test_it_asks_as_much_for_much_as_for_little(browser_of):
    alice = volunteer("Alice", ALICE_PHONE)
    client = browser_of(account_of(alice.person))

    def queries():
        client.get(PATH)
        with CaptureQueriesContext(connection) as log:
            assert client.get(PATH).status_code == 200
        return len(log.captured_queries)

    def add():
        request_of(alice.person)
        ask_volunteers(open_request(jeanne()).pk)
        asked = open_request(jeanne())
        ask_volunteers(asked.pk)
        accept(Proposal.objects.get(request=asked))

    add()
    little = queries()
    for _ in range(4):
        add()
    assert queries() == little


def test_i_choose_how_i_am_told(browser_of):
    mine = somebody("Jeanne", JEANNE_PHONE, email="jeanne@exemple.example")
    client = browser_of(account_of(mine))
    name = f"personne-{mine.pk}-channel"
    answer = client.post(PATH, {"person": mine.pk, name: "email"}, follow=True)
    assert "C’est noté" in answer.content.decode()
    mine.refresh_from_db()
    assert mine.channel == Channel.EMAIL
    for wrong in ("", "pigeon"):
        refused = client.post(PATH, {"person": mine.pk, name: wrong})
        assert "Choisissez une façon de vous prévenir" in refused.content.decode()


def test_only_what_reaches_me_is_offered(browser_of):
    mine = somebody("Jeanne", "+33199000001", channel=Channel.CALL)
    client = browser_of(account_of(mine))
    page = client.get(PATH).content.decode()
    assert 'value="call"' in page
    for absent in ('value="sms"', 'value="email"'):
        assert absent not in page
    client.post(PATH, {"person": mine.pk, f"personne-{mine.pk}-channel": "email"})
    mine.refresh_from_db()
    assert mine.channel == Channel.CALL


def test_nobody_chooses_for_somebody_else(browser_of, visit):
    mine, other = somebody("Jeanne", JEANNE_PHONE), somebody("Odette", "+33639980005")
    client = browser_of(account_of(mine))
    for person in (other.pk, "", "x", "999999999999999999999"):
        assert client.post(PATH, {"person": person, f"personne-{other.pk}-channel": "call"}).status_code == 404
    other.refresh_from_db()
    assert other.channel == Channel.SMS


def test_a_session_of_one_town_opens_nothing_in_another(browser_of, visit, other_town):
    client = browser_of(account_of(jeanne()))
    elsewhere = visit(databases.SECOND_TOWN)
    elsewhere.cookies = client.cookies
    assert elsewhere.get(PATH).status_code == 302


def test_roles_come_from_persons():
    alice, mine = volunteer("Alice", ALICE_PHONE), jeanne()
    nobody = Account.objects.create_account(email="x@exemple.example")
    assert roles_of(account_of(mine)) == {Role.RESIDENT}
    hers = account_of(alice.person)
    assert roles_of(hers) == {Role.RESIDENT, Role.VOLUNTEER}
    Volunteer.objects.update(state=VolunteerState.LEFT)
    assert roles_of(Account.objects.get(pk=hers.pk)) == {Role.RESIDENT}
    assert roles_of(nobody) == set()


# --- The first time through the door


def test_a_confirmed_number_opens_the_door_and_makes_one_account(other_town):
    mine = jeanne()
    assert open_door(phone=JEANNE_PHONE) is None, "a number that nobody confirmed opens nothing"
    confirm_phone(mine)
    account = open_door(phone=JEANNE_PHONE)
    assert open_door(phone=JEANNE_PHONE) == account
    mine.refresh_from_db()
    assert (mine.account, account.phone) == (account, JEANNE_PHONE)
    with facing(other_town):
        assert open_door(phone=JEANNE_PHONE) is None


def test_what_an_agent_entered_opens_the_door():
    agent = Account.objects.create_account(email="agent@exemple.example")
    alice = somebody("Alice", email="alice@exemple.example", created_by=agent)
    stranger = somebody("Zoé", email="zoe@exemple.example")
    account = open_door(email="Alice@Exemple.example ")
    alice.refresh_from_db()
    assert alice.account == account
    assert open_door(email=stranger.email) is None
    assert open_door() is None


def test_a_closed_account_is_not_opened_again():
    mine = jeanne()
    confirm_phone(mine)
    account = open_door(phone=JEANNE_PHONE)
    account.is_active = False
    account.save()
    assert open_door(phone=JEANNE_PHONE) is None


def test_a_channel_without_its_number_is_refused():
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="Donnez le numéro ou l’adresse"):
        choose_channel(jeanne(), channel=Channel.EMAIL)
