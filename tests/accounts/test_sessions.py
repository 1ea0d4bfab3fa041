"""How long a sign-in lasts, whatever was ticked and by whom."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import Account, Session
from accounts.roles import AGENTS
from accounts.services import invite_operator
from accounts.sessions import LONG, SHORT
from harness.databases import FIRST_TOWN

EMAIL = "jeanne@exemple.example"
SLACK = timedelta(minutes=2)


@pytest.fixture
def jeanne(town) -> Account:
    return Account.objects.create_account(email=EMAIL)


@pytest.fixture
def client(visit):
    return visit(FIRST_TOWN)


def sign_in(client, ask, letters, **ticked: str):
    ask(client, login=EMAIL)
    ask(client, "/connexion/code/", code=letters.left[-1].code, **ticked)
    assert "_auth_user_id" in client.session
    return client.cookies["sessionid"]


def lasts(client) -> timedelta:
    return Session.objects.get(pk=client.session.session_key).expire_date - timezone.now()


def test_the_box_is_there_and_not_ticked(jeanne, client, ask, letters):
    ask(client, login=EMAIL)
    page = client.get("/connexion/code/").content.decode()
    assert "Rester connecté sur cet appareil" in page
    assert " checked" not in page


def test_without_the_box_it_ends_with_the_browser_and_within_half_a_day(jeanne, client, ask, letters):
    cookie = sign_in(client, ask, letters)
    assert cookie["max-age"] == ""
    assert SHORT - SLACK < lasts(client) <= SHORT


def test_with_the_box_it_lasts_two_months(jeanne, client, ask, letters):
    cookie = sign_in(client, ask, letters, remember="on")
    assert abs(cookie["max-age"] - LONG.total_seconds()) < SLACK.total_seconds()
    assert LONG - SLACK < lasts(client) <= LONG


def test_an_agent_is_never_remembered(jeanne, client, ask, letters):
    jeanne.groups.add(Group.objects.get(name=AGENTS))
    cookie = sign_in(client, ask, letters, remember="on")
    assert cookie["max-age"] == ""
    assert lasts(client) <= SHORT


def test_what_is_kept_later_does_not_put_the_end_off(jeanne, client, ask, letters):
    sign_in(client, ask, letters)
    before = Session.objects.get(pk=client.session.session_key).expire_date
    session = client.session
    session["kept"] = 1
    session.save()
    assert abs(Session.objects.get(pk=session.session_key).expire_date - before) < timedelta(seconds=1)


def test_past_its_end_a_session_opens_nothing(jeanne, client, ask, letters):
    sign_in(client, ask, letters)
    assert client.get("/deconnexion/").status_code == 200
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/deconnexion/").status_code == 302


def test_an_operator_is_never_remembered(db, visit, ask, letters):
    invite_operator(email="operatrice@palier.example")
    client = visit("localhost")
    ask(client, login="operatrice@palier.example")
    ask(client, "/connexion/code/", code=letters.left[-1].code, remember="on")
    assert client.get("/console/")["Location"].startswith("/securite/")
    assert client.cookies["sessionid"]["max-age"] == ""


def test_who_joins_the_town_s_people_signs_in_again(jeanne, client, ask, letters):
    sign_in(client, ask, letters, remember="on")
    jeanne.groups.add(Group.objects.get(name=AGENTS))
    assert client.get("/bureau/")["Location"].startswith("/connexion/")
    sign_in(client, ask, letters, remember="on")
    assert client.get("/bureau/")["Location"].startswith("/securite/")
    assert lasts(client) <= SHORT
    # The same again changes nothing.
    jeanne.groups.add(Group.objects.get(name=AGENTS))
    assert client.get("/bureau/")["Location"].startswith("/securite/")
