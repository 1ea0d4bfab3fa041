"""A second step that was lost: forgotten by a colleague or the operator, and journalled; and the demonstration's."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import factors
from accounts.enums import DoorAct
from accounts.models import Account, DoorStep
from accounts.services import invite_administrator, invite_operator
from harness.databases import FIRST_TOWN
from harness.second_step import digits, forget_it, give_application
from harness.towns import entry_of
from tenants.context import platform_context, town_context

EMAIL = "farida@exemple.example"
STEP, ENROL = "/securite/verification/", "/securite/activer/"


@pytest.fixture
def client(visit):
    return visit(FIRST_TOWN)


# --- Lost


def test_an_administrator_has_a_colleague_begin_again(farida, client, visit):
    administrator = invite_administrator(email="mairie@exemple.example")
    give_application(farida)
    factors.renew_rescues(farida)
    hers = visit(FIRST_TOWN)
    hers.force_login(farida)
    client.force_login(administrator)
    path = f"/securite/collegue/{farida.uid}/"
    assert path in client.get("/gestion/users/").content.decode()
    assert "Farida" in client.get(path).content.decode()
    assert factors.has_factor(farida)
    assert client.post(path)["Location"] == "/gestion/users/"
    assert not factors.has_factor(farida)
    assert factors.rescues_left(farida) == 0
    assert hers.get("/bureau/")["Location"].startswith("/connexion/")
    step = DoorStep.objects.get(act=DoorAct.FACTORS_RESET)
    assert (step.account, step.by_account) == (farida, administrator)


def test_nobody_else_does(farida, client):
    administrator = invite_administrator(email="mairie@exemple.example")
    resident = Account.objects.create_account(email="jeanne@exemple.example")
    give_application(administrator)
    client.force_login(farida)
    assert client.post(f"/securite/collegue/{administrator.uid}/").status_code == 404
    client.force_login(administrator)
    for account in (administrator, resident):
        assert client.post(f"/securite/collegue/{account.uid}/").status_code == 404
    assert f"/securite/collegue/{resident.uid}/" not in client.get("/gestion/users/").content.decode()
    forget_it(client)
    assert client.post(f"/securite/collegue/{farida.uid}/")["Location"] == STEP
    assert factors.has_factor(administrator)


def test_the_list_of_users_costs_the_same_whatever_it_holds(town, client, make_staff):
    client.force_login(invite_administrator(email="mairie@exemple.example"))
    url = reverse("wagtailusers_users:index", urlconf="config.urls_town")

    def queries() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as log:
            client.get(url)
        return len(log.captured_queries)

    make_staff(email="un@exemple.example")
    few = queries()
    for number in range(6):
        make_staff(email=f"agent{number}@exemple.example")
    assert queries() == few


def test_the_operator_helps_the_last_administrator_and_another_operator(own_database, capsys):
    with town_context(entry_of(FIRST_TOWN)):
        give_application(invite_administrator(email=EMAIL))
    with platform_context():
        give_application(invite_operator(email="operatrice@palier.example"))
    call_command("reset_second_step", "pont-sainte-maxence", "--email", EMAIL.upper())
    call_command("reset_second_step", "--email", "operatrice@palier.example", "--json")
    assert '"reset": true' in capsys.readouterr().out
    with town_context(entry_of(FIRST_TOWN)):
        assert not factors.has_factor(Account.objects.get(email=EMAIL))
        assert DoorStep.objects.get(act=DoorAct.FACTORS_RESET).by_account is None
        Account.objects.create_account(email="jeanne@exemple.example")
    with platform_context():
        assert not factors.has_factor(Account.objects.get(email="operatrice@palier.example"))
    for where in (["pont-sainte-maxence", "--email", "jeanne@exemple.example"], ["--email", EMAIL]):
        with pytest.raises(CommandError, match="Personne qui travaille ici"):
            call_command("reset_second_step", *where)


# --- The demonstration


def test_the_outbox_shows_what_the_team_s_applications_do_and_only_there(farida, client, settings, sign_in, make_staff):
    secret = give_application(farida)
    page = client.get("/boite-d-envoi/").content.decode()
    assert EMAIL in page
    assert digits(secret) in page
    factors.check(farida, digits(secret))
    assert digits(secret, later=1) in client.get("/boite-d-envoi/").content.decode()
    settings.OUTBOX = False
    assert client.get("/boite-d-envoi/").status_code == 404
    other = make_staff(email="sam@exemple.example")
    sign_in(client, other.email)
    assert "Démonstration" not in client.get(ENROL).content.decode().partition("<main")[2]
