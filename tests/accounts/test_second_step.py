"""The second step of staff: closed until it was taken, made ready, tried, replayed, of another town, and lost."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import factors
from accounts.enums import DoorAct
from accounts.models import Account, DoorStep
from accounts.roles import ADMINISTRATORS
from accounts.services import invite_operator
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.second_step import digits, forget_it, give_application
from tenants import pulse
from tenants.context import PLATFORM, facing

EMAIL = "farida@exemple.example"
STEP, ENROL, RESCUES = "/securite/verification/", "/securite/activer/", "/securite/codes-de-secours/"
PAGES = ("/securite/", STEP, ENROL, "/securite/cle/", RESCUES)


@pytest.fixture
def client(visit):
    return visit(FIRST_TOWN)


# --- Closed by default


@pytest.mark.parametrize("path", ["/bureau/", "/bureau/personnes/?page=2", "/gestion/", "/gestion/users/"])
def test_without_it_no_staff_page_opens_and_one_comes_back_to_what_one_wanted(town, client, sign_in, path, make_staff):
    account = make_staff(ADMINISTRATORS)
    secret = give_application(account)
    assert sign_in(client, wanted=path.partition("?")[0]).status_code == 302
    asked = client.get(path)
    assert (asked.status_code, asked["Location"].partition("?")[0]) == (302, STEP)
    # Nor by a form that is sent at once.
    assert client.post(path)["Location"] == STEP
    page = client.get(asked["Location"])
    assert "Encore une étape" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    passed = client.post(asked["Location"], {"code": digits(secret)})
    assert (passed.status_code, passed["Location"]) == (302, path)
    assert client.get(path).status_code == 200


def test_the_console_asks_it_too(db, visit, sign_in):
    with facing(PLATFORM):
        secret = give_application(invite_operator(email="operatrice@palier.example"))
    client = visit("localhost")
    assert sign_in(client, "operatrice@palier.example")["Location"] == "/console/"
    asked = client.get("/console/")["Location"]
    assert asked == f"{STEP}?next=/console/"
    assert client.post(asked, {"code": digits(secret)})["Location"] == "/console/"
    assert client.get("/console/").status_code == 200


def test_nothing_else_of_the_site_is_closed_to_who_did_not_take_it(farida, client, sign_in):
    sign_in(client)
    assert client.get("/").status_code == 200
    assert client.get("/demander/").status_code == 200
    assert client.get("/deconnexion/").status_code == 200


def test_a_session_of_before_is_asked_for_it(farida, client):
    client.force_login(farida)
    assert client.get("/bureau/").status_code == 200
    forget_it(client)
    assert client.get("/bureau/")["Location"] == f"{STEP}?next=/bureau/"


def test_it_costs_no_query_more(farida, client):
    client.force_login(farida)
    client.get("/bureau/")
    with CaptureQueriesContext(connection) as log:
        client.get("/bureau/")
    assert not [one for one in log.captured_queries if "mfa_authenticator" in one["sql"]]


def test_residents_and_strangers_never_see_it(town, client, sign_in):
    Account.objects.create_account(email="jeanne@exemple.example")
    for path in PAGES:
        assert client.get(path)["Location"] == f"/connexion/?next={path}"
    sign_in(client, "jeanne@exemple.example")
    assert {path: client.get(path).status_code for path in PAGES} == dict.fromkeys(PAGES, 404)


@pytest.mark.parametrize("wanted", ["https://ailleurs.example/", "//ailleurs.example/", "javascript:alert(1)"])
def test_it_leads_to_this_site_only(farida, client, sign_in, wanted):
    secret = give_application(farida)
    sign_in(client)
    assert client.post(f"{STEP}?next={wanted}", {"code": digits(secret)})["Location"] == "/bureau/"


# --- Made ready


def test_an_account_without_one_is_led_to_make_it_and_notes_its_codes_of_rescue(farida, client, sign_in):
    sign_in(client, wanted="/bureau/")
    assert client.get(client.get("/bureau/")["Location"])["Location"] == f"{ENROL}?next=/bureau/"
    page = client.get(f"{ENROL}?next=/bureau/").content.decode()
    assert "<svg" in page
    assert "style=" not in page
    (key,) = re.findall(r'<p class="spelled">([A-Z2-7 ]+)</p>', page)
    secret = key.replace(" ", "")
    # Loaded again, it is the one that the telephone scanned.
    assert key in client.get(ENROL).content.decode()
    wrong = client.post(ENROL, {"code": "12"})
    assert "pas le bon code" in wrong.content.decode()
    assert key in wrong.content.decode()
    answer = client.post(f"{ENROL}?next=/bureau/", {"code": digits(secret)})
    assert answer["Location"] == f"{RESCUES}?next=/bureau/"
    told = re.findall(r'<li class="spelled">(\d{5} \d{5})</li>', client.get(answer["Location"]).content.decode())
    assert len(set(told)) == factors.RESCUES
    # Until they are noted, once.
    assert told[0] in client.get(RESCUES).content.decode()
    assert client.post(answer["Location"], {"action": "noted"})["Location"] == "/bureau/"
    assert told[0] not in client.get(RESCUES).content.decode()
    assert client.get("/bureau/").status_code == 200
    assert set(DoorStep.objects.values_list("act", flat=True)) == {DoorAct.FACTOR_ADDED, DoorAct.RESCUE_RENEWED}


def test_what_is_kept_opens_nothing_by_itself(farida, settings):
    secret = give_application(farida)
    codes = factors.renew_rescues(farida)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        (kept,) = cursor.fetchone()
    assert secret not in kept
    assert not any(code in kept for code in codes)
    # Another key of the installation opens none, unless the former is kept beside it.
    settings.SECRET_KEY, former = "another", settings.SECRET_KEY
    assert not factors.check(farida, digits(secret))
    settings.SECRET_KEY_FALLBACKS = [former]
    assert factors.check(farida, digits(secret))


def test_who_has_one_makes_no_other_before_having_taken_it(farida, client, sign_in):
    give_application(farida)
    sign_in(client)
    for path in (ENROL, "/securite/cle/", RESCUES, "/securite/"):
        assert client.get(path)["Location"].startswith(STEP), path
        assert client.post(path, {"code": "123456", "action": "renew"})["Location"] == STEP


def test_the_last_one_is_not_taken_away(farida, client):
    give_application(farida)
    client.force_login(farida)
    (kept,) = factors.factors_of(farida)
    page = client.get("/securite/").content.decode()
    assert "Application de codes" in page
    assert "Retirer" not in page
    for number in (str(kept.pk), "0", "x", "²"):
        client.post("/securite/", {"number": number})
    assert factors.factors_of(farida) == [kept]


def test_another_s_is_not_taken_away(farida, client, make_staff):
    give_application(farida)
    other = make_staff(email="sam@exemple.example")
    give_application(other)
    client.force_login(farida)
    (theirs,) = factors.factors_of(other)
    client.post("/securite/", {"number": str(theirs.pk)})
    assert factors.factors_of(other) == [theirs]


# --- Tried, replayed


def test_digits_open_once_even_after_the_pulse_changed(farida, client, visit, sign_in):
    secret = give_application(farida)
    seen = digits(secret)
    sign_in(client)
    assert client.post(STEP, {"code": f"{seen[:3]} {seen[3:]}"}).status_code == 302
    pulse.forget(connection.schema_name)
    other = visit(FIRST_TOWN)
    sign_in(other)
    assert "pas le bon code" in other.post(STEP, {"code": seen}).content.decode()
    # Nor do those of before; the next ones do.
    assert not factors.check(farida, digits(secret, later=-1))
    assert factors.check(farida, digits(secret, later=1))


def test_digits_of_making_it_ready_do_not_open_again(farida, client, visit, sign_in):
    sign_in(client)
    page = client.get(ENROL).content.decode()
    secret = re.findall(r'<p class="spelled">([A-Z2-7 ]+)</p>', page)[0].replace(" ", "")
    typed = digits(secret)
    client.post(ENROL, {"code": typed})
    assert not factors.check(farida, typed)


@pytest.mark.parametrize("later", [-2, 2, 10])
def test_digits_of_another_hour_do_not_open(farida, later):
    secret = give_application(farida)
    assert not factors.check(farida, digits(secret, later=later))


def test_a_code_of_rescue_opens_once(farida, client, visit, sign_in):
    give_application(farida)
    first, *_ = factors.renew_rescues(farida)
    sign_in(client)
    assert client.post(STEP, {"code": f"{first[:5]} {first[5:]}"})["Location"] == "/bureau/"
    assert factors.rescues_left(farida) == factors.RESCUES - 1
    assert not factors.check(farida, first)
    assert DoorStep.objects.filter(act=DoorAct.RESCUE_USED, account=farida).count() == 1
    # New ones end the former.
    _, second, *_ = factors.renew_rescues(farida)
    factors.renew_rescues(farida)
    assert not factors.check(farida, second)


def test_five_tries_in_a_quarter_of_an_hour_whatever_the_browser(farida, visit, sign_in):
    secret = give_application(farida)
    wrong = f"{(int(digits(secret)) + 1) % 10**6:06}"
    for count in range(5):
        if count % 2 == 0:
            client = visit(FIRST_TOWN)
            sign_in(client)
        assert "pas le bon code" in client.post(STEP, {"code": wrong}).content.decode()
    pulse.forget(connection.schema_name)
    refused = client.post(STEP, {"code": digits(secret)})
    assert "Attendez un quart d’heure" in refused.content.decode()
    assert client.get("/bureau/").status_code == 302


@pytest.mark.parametrize("typed", ["", "abc", "½½½½½½", "1" * 41, "１２３４５６"])
def test_what_is_no_code_is_refused_beside_its_field(farida, client, sign_in, typed):
    give_application(farida)
    sign_in(client)
    answer = client.post(STEP, {"code": typed})
    assert answer.status_code == 200
    assert answer.context["form"].errors["code"]
    assert answer.context["form"]["code"].value() == typed


@pytest.mark.parametrize("answer", ["{", "[]", '"x"', "{}", '{"id": 1, "response": {}}', "x" * 30_000])
def test_what_is_no_passkey_opens_nothing(farida, client, sign_in, answer):
    give_application(farida)
    sign_in(client)
    assert "n’a pas été reconnue" in client.post(STEP, {"answer": answer}).content.decode()
    assert client.get("/bureau/").status_code == 302
    client.force_login(farida)
    client.get("/securite/cle/")
    page = client.post("/securite/cle/", {"answer": answer, "name": "Mon téléphone"})
    assert "n’a pas pu être ajoutée" in page.content.decode()
    assert "Mon téléphone" in page.content.decode()
    assert len(factors.factors_of(farida)) == 1


def test_looking_at_the_page_uses_nothing_up(farida, client, sign_in):
    secret = give_application(farida)
    sign_in(client)
    for _ in range(8):
        assert client.get(STEP).status_code == client.head(STEP).status_code == 200
    assert client.post(STEP, {"code": digits(secret)}).status_code == 302


def test_the_session_has_another_key_once_it_was_taken(farida, client, sign_in):
    secret = give_application(farida)
    sign_in(client)
    before = client.cookies["sessionid"].value
    client.post(STEP, {"code": digits(secret)})
    assert client.cookies["sessionid"].value != before
    client.cookies["sessionid"] = before
    assert client.get("/bureau/")["Location"].startswith("/connexion/")


def test_another_sign_in_takes_it_again(farida, client, sign_in):
    secret = give_application(farida)
    sign_in(client)
    client.post(STEP, {"code": digits(secret)})
    client.post("/deconnexion/")
    sign_in(client)
    assert client.get("/bureau/")["Location"].startswith(STEP)


# --- Another town


def test_a_second_step_is_of_one_town(farida, other_town, visit, client, sign_in, make_staff):
    secret = give_application(farida)
    with facing(other_town):
        give_application(make_staff())
    sign_in(client)
    client.post(STEP, {"code": digits(secret)})
    elsewhere = visit(SECOND_TOWN)
    elsewhere.cookies = client.cookies.copy()
    assert elsewhere.get("/bureau/")["Location"].startswith("/connexion/")
    fresh = visit(SECOND_TOWN)
    sign_in(fresh)
    assert "pas le bon code" in fresh.post(STEP, {"code": digits(secret, later=1)}).content.decode()


def test_nobody_learns_who_has_one_before_the_first_code(farida, visit, ask, letters):
    """The pages and the work of the first step are the same with and without a second."""

    def told():
        client = visit(FIRST_TOWN)
        steps = [
            ask(client, login=EMAIL),
            client.get("/connexion/code/"),
            ask(client, "/connexion/code/", code="abcdef"),
            client.get(STEP),
        ]
        pages = [re.sub(r'value="[^"]*"', "", step.content.decode()) for step in steps]
        return [(step.status_code, step.get("Location")) for step in steps], pages

    without = told()
    give_application(farida)
    assert told() == without
