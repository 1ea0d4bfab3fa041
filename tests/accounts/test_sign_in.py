"""Sign-in by a code: each trap of design/experience.md 4.2, and nobody told who has an account."""

import re
import time

import pytest
from django.db import connection
from django.urls import NoReverseMatch, reverse

from accounts import codes
from accounts.models import Account, Session
from aid.notifications.models import Message
from harness.databases import FIRST_TOWN, SECOND_TOWN
from tenants import pulse
from tenants.context import facing

MOBILE = "+33639980001"
EMAIL = "jeanne@exemple.example"


@pytest.fixture
def jeanne(town) -> Account:
    return Account.objects.create_account(email=EMAIL, phone=MOBILE, first_name="Jeanne")


@pytest.fixture
def client(visit):
    return visit(FIRST_TOWN)


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


# --- The way in


@pytest.mark.parametrize(
    "typed",
    [
        "06 39 98 00 01",
        "0639980001",
        "+33639980001",
        "06.39.98.00.01",
        "06\u00a039\u00a098\u00a000\u00a001",
        " 0033639980001",
    ],
)
def test_every_french_spelling_of_a_number_receives_a_code_by_sms(jeanne, client, ask, letters, typed):
    answer = ask(client, login=typed)
    assert (answer.status_code, answer["Location"]) == (302, "/connexion/code/")
    (letter,) = letters.left
    assert (letter.channel, letter.recipient) == ("sms", MOBILE)
    page = client.get("/connexion/code/").content.decode()
    assert "06\u00a039\u00a098\u00a000\u00a001" in page
    assert ask(client, "/connexion/code/", code=letter.code).status_code == 302
    assert is_signed_in(client)


@pytest.mark.parametrize("typed", [EMAIL, " Jeanne@Exemple.example "])
def test_an_address_receives_a_code_by_e_mail(jeanne, client, ask, letters, typed):
    ask(client, login=typed)
    (letter,) = letters.left
    assert (letter.channel, letter.recipient) == ("email", EMAIL)
    assert letter.subject == "Votre code de connexion – Pont-Sainte-Maxence"
    assert "localhost" not in letter.body + letter.subject
    assert "Pont-Sainte-Maxence" in letter.body
    assert "03\u00a044\u00a072\u00a000\u00a000" in letter.body
    # Pasted with what surrounds it.
    ask(client, "/connexion/code/", code=f" {letter.code[:3]} {letter.code[3:]}\n")
    assert is_signed_in(client)


def test_an_sms_fits_in_one_and_says_who_speaks_once(jeanne, client, ask):
    """As the telephone shows it: whoever carries it signs it."""
    ask(client, login=MOBILE)
    codes.send_code(phone=MOBILE, purpose="ask:1")
    for body in Message.objects.filter(channel="sms").values_list("body", flat=True):
        assert body.startswith("Pont-Sainte-Maxence : ")
        assert body.count("Pont-Sainte-Maxence") == body.count("Tél.") == 1
        assert len(body) <= 160
        assert not set(body) & set("’«»ê\u00a0–")
    assert Message.objects.count() == 2


def test_codes_are_six_digits_by_both_ways(jeanne, client, ask, letters):
    ask(client, login=MOBILE)
    ask(client, login=EMAIL)
    assert all(re.fullmatch(r"\d{6}", letter.code) for letter in letters.left)
    assert [letter.channel for letter in letters.left] == ["sms", "email"]


def test_the_two_pages_are_ours(jeanne, client, ask, letters):
    for path in ("/connexion/", "/connexion/code/"):
        page = client.get(path, follow=True).content.decode()
        assert '<html lang="fr"' in page
        assert page.count("<h1") == 1
        assert "<main" in page
        assert "– Pont-Sainte-Maxence</title>" in page
        assert page.count('<input type="text"') == 1
        assert "style=" not in page
        ask(client, login=EMAIL)
    page = client.get("/connexion/code/").content.decode()
    (field,) = re.findall(r'<input[^>]*name="code"[^>]*>', page)
    assert 'inputmode="numeric"' in field
    assert 'autocomplete="one-time-code"' in field
    assert "15 minutes" in page
    assert "prenez votre temps" in page
    assert "rapidement" not in page
    answer = client.get("/connexion/code/")
    assert "no-store" in answer["Cache-Control"]


def test_a_code_lives_fifteen_minutes_and_so_does_the_one_sent_again(jeanne, client, ask, letters, monkeypatch):
    start = time.time()
    ask(client, login=MOBILE)
    monkeypatch.setattr(time, "time", lambda: start + 14 * 60)
    answer = ask(client, "/connexion/code/", action="resend")
    assert answer["Location"] == "/connexion/code/"
    assert "Un nouveau code vient de partir" in client.get("/connexion/code/").content.decode()
    first, second = letters.left
    monkeypatch.setattr(time, "time", lambda: start + 28 * 60)
    assert client.get("/connexion/code/").status_code == 200
    if first.code != second.code:
        ask(client, "/connexion/code/", code=first.code)
        assert not is_signed_in(client)
    monkeypatch.setattr(time, "time", lambda: start + 30 * 60)
    assert client.get("/connexion/code/")["Location"] == "/connexion/"
    ask(client, "/connexion/code/", code=second.code)
    assert not is_signed_in(client)


def test_a_second_click_asks_for_no_second_code(jeanne, client, ask, letters):
    for _ in range(3):
        assert ask(client, login=MOBILE)["Location"] == "/connexion/code/"
    assert len(letters.left) == 1


def test_who_comes_back_may_write_another_address(jeanne, client, ask, letters):
    ask(client, login="personne@exemple.example")
    assert client.get("/connexion/").status_code == 200
    ask(client, login=EMAIL)
    ask(client, "/connexion/code/", code=letters.left[0].code)
    assert is_signed_in(client)


def test_the_way_out_is_a_button(jeanne, client, ask, letters):
    ask(client, login=EMAIL)
    ask(client, "/connexion/code/", code=letters.left[0].code)
    assert client.get("/deconnexion/").status_code == 200
    assert is_signed_in(client)
    assert ask(client, "/deconnexion/")["Location"] == "/"
    assert not is_signed_in(client)
    assert client.get("/deconnexion/")["Location"] == "/"


# --- What is typed wrong


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Écrivez une adresse e-mail, ou un numéro de mobile"),
        ("jeanne", "Écrivez une adresse e-mail, ou un numéro de mobile"),
        ("jeanne@", "Écrivez une adresse e-mail, ou un numéro de mobile"),
        ("06 39", "Écrivez une adresse e-mail, ou un numéro de mobile"),
        ("a" * 10_000, "Écrivez une adresse e-mail, ou un numéro de mobile"),
        ("😀@<script>", "Écrivez une adresse e-mail, ou un numéro de mobile"),
        ("\x00", "caractère nul"),
        ("01 99 00 00 01", "téléphone fixe"),
        ("03 44 72 00 00", "téléphone fixe"),
    ],
)
def test_what_is_neither_is_refused_with_what_to_write_and_nothing_is_lost(town, client, ask, letters, typed, told):
    answer = ask(client, login=typed)
    assert answer.status_code == 200
    assert told in " ".join(answer.context["form"].errors["login"])
    assert answer.context["form"]["login"].value() == typed
    assert letters.written == 0


def test_five_wrong_codes_and_no_more(jeanne, client, ask, letters):
    ask(client, login=MOBILE)
    right = letters.left[0].code
    wrong = f"{(int(right) + 1) % 10**6:06}"
    # A button pressed on an empty field is no try.
    assert ask(client, "/connexion/code/", code="").context["form"].has_error("code", "required")
    for _ in range(4):
        answer = ask(client, "/connexion/code/", code=wrong)
        assert answer.status_code == 200
        assert "Ce n’est pas le bon code" in answer.content.decode()
        assert answer.context["form"]["code"].value() == wrong
    answer = ask(client, "/connexion/code/", code=wrong)
    assert answer["Location"] == "/connexion/"
    assert "Cela fait cinq essais" in client.get("/connexion/").content.decode()
    ask(client, "/connexion/code/", code=right)
    assert not is_signed_in(client)


def test_tries_at_once_are_five_too(jeanne, client, ask, letters):
    """Each request reads the session before another writes it: as if the count of the session never grew."""
    ask(client, login=MOBILE)
    kept = client.session["account_login"]
    right = letters.left[0].code
    wrong = f"{(int(right) + 1) % 10**6:06}"
    for _ in range(5):
        session = client.session
        session["account_login"] = kept
        session.save()
        ask(client, "/connexion/code/", code=wrong)
    session = client.session
    session["account_login"] = kept
    session.save()
    ask(client, "/connexion/code/", code=right)
    assert not is_signed_in(client)


# --- Who is not known


def without_tokens(page: bytes) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page.decode())


@pytest.mark.parametrize(
    ("known", "unknown"), [(EMAIL, "autre@exemple.example"), (MOBILE, "+33639980002"), (EMAIL, "ferme@exemple.example")]
)
def test_an_unknown_contact_gets_the_same_pages_and_the_same_work(jeanne, visit, ask, letters, known, unknown):
    """From the door to the last try, resend included; and one that was closed is as unknown."""
    Account.objects.create_account(email="ferme@exemple.example", is_active=False)
    told = {}
    for contact in (known, unknown):
        client = visit(FIRST_TOWN)
        written = letters.written
        steps = [
            ask(client, login=contact),
            client.get("/connexion/code/"),
            ask(client, "/connexion/code/", action="resend"),
            client.get("/connexion/code/"),
            *(ask(client, "/connexion/code/", code="abcdef") for _ in range(5)),
            client.get("/connexion/"),
        ]
        pages = [
            without_tokens(step.content).replace(str(step.context["contact"]), "CONTACT")
            if step.context and "contact" in step.context
            else without_tokens(step.content)
            for step in steps
        ]
        told[contact] = [
            [(step.status_code, step.get("Location")) for step in steps],
            pages,
            letters.written - written,
        ]
    assert told[known] == told[unknown]
    assert told[unknown][2] == 2
    assert {letter.recipient for letter in letters.left} == {known}


def test_an_account_closed_while_its_code_was_on_its_way_stays_closed(jeanne, client, ask, letters):
    ask(client, login=EMAIL)
    Account.objects.update(is_active=False)
    answer = ask(client, "/connexion/code/", code=letters.left[0].code)
    assert answer["Location"] == "/connexion/"
    assert not is_signed_in(client)
    assert "ne peut plus servir" in client.get("/connexion/").content.decode()


def test_a_session_of_an_account_that_is_closed_opens_nothing(jeanne, client):
    client.force_login(jeanne)
    assert client.get("/deconnexion/").status_code == 200
    Account.objects.update(is_active=False)
    assert client.get("/deconnexion/").status_code == 302


def test_another_town_s_account_is_unknown(jeanne, other_town, visit, ask, letters):
    client = visit(SECOND_TOWN)
    assert ask(client, login=EMAIL)["Location"] == "/connexion/code/"
    assert letters.left == []
    with facing(other_town):
        assert not Account.objects.filter(email=EMAIL).exists()


def test_a_code_opens_the_town_that_sent_it(jeanne, other_town, visit, ask, letters):
    """The same person in both towns, the same session cookie: a code is of one."""
    with facing(other_town):
        Account.objects.create_account(email=EMAIL)
    first, second = visit(FIRST_TOWN), visit(SECOND_TOWN)
    ask(first, login=EMAIL)
    ask(second, login=EMAIL)
    here, there = letters.left
    if here.code != there.code:
        ask(second, "/connexion/code/", code=here.code)
    second.cookies.load({"sessionid": first.cookies["sessionid"].value})
    assert ask(second, "/connexion/code/", code=here.code)["Location"] == "/connexion/"
    with facing(other_town):
        assert not any("_auth_user_id" in one.get_decoded() for one in Session.objects.all())


# --- How often


def test_the_sixth_code_is_refused_even_after_the_pulse_changed(jeanne, visit, ask, letters):
    for _ in range(5):
        assert ask(visit(FIRST_TOWN), login=MOBILE).status_code == 302
    pulse.forget(connection.schema_name)
    for typed in (MOBILE, "06 39 98 00 01"):
        answer = ask(visit(FIRST_TOWN), login=typed)
        assert answer.status_code == 200
        assert "Attendez un quart d’heure" in answer.content.decode()
    assert len(letters.left) == 5
    # Other contacts, the same person's included, are not concerned.
    assert ask(visit(FIRST_TOWN), login=EMAIL).status_code == 302


def test_codes_sent_again_are_counted_too(jeanne, visit, ask, letters):
    for _ in range(4):
        ask(visit(FIRST_TOWN), login=MOBILE)
    client = visit(FIRST_TOWN)
    ask(client, login=MOBILE)
    ask(client, "/connexion/code/", action="resend")
    assert "Attendez un quart d’heure" in client.get("/connexion/code/").content.decode()
    assert len(letters.left) == 5


def test_one_place_does_not_ask_for_everybody_s_codes(town, visit, ask, letters):
    for count in range(60):
        assert ask(visit(FIRST_TOWN), login=f"p{count}@exemple.example").status_code == 302
    assert ask(visit(FIRST_TOWN), login="encore@exemple.example").status_code == 200
    elsewhere = visit(FIRST_TOWN)
    elsewhere.defaults["REMOTE_ADDR"] = "203.0.113.7"
    assert ask(elsewhere, login="encore@exemple.example").status_code == 302


# --- Where people arrive


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/gestion/", "/gestion/"),
        ("https://ailleurs.example/", "/"),
        ("//ailleurs.example/", "/"),
        (f"http://{SECOND_TOWN}/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_next_is_followed_on_this_site_only(jeanne, client, ask, letters, wanted, reached):
    answer = ask(client, f"/connexion/?next={wanted}", login=EMAIL)
    path = answer["Location"]
    assert path.startswith("/connexion/code/")
    path = ask(client, path, action="resend")["Location"]
    assert ask(client, path, code=letters.left[-1].code)["Location"] == reached


def test_allauth_has_no_other_page_here():
    for name in ("account_signup", "account_reset_password", "account_email", "account_inactive"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


# --- The platform's own door


def test_operators_come_in_on_the_platform_by_e_mail(db, visit, ask, letters):
    from accounts.services import invite_operator

    operator = invite_operator(email="Operateur@palier.example")
    client = visit("localhost")
    assert client.get("/console/")["Location"] == "/connexion/?next=/console/"
    page = client.get("/connexion/").content.decode()
    assert "Votre adresse e-mail" in page
    assert "téléphone" not in page
    assert "adresse e-mail" in " ".join(ask(client, login=MOBILE).context["form"].errors["login"])
    ask(client, login="operateur@palier.example")
    (letter,) = letters.left
    assert letter.subject == "Votre code de connexion – Palier"
    assert ask(client, "/connexion/code/", code=letter.code)["Location"] == "/console/"
    assert client.get("/console/")["Location"].startswith("/securite/")
    client.force_login(operator)
    page = client.get("/console/").content.decode()
    assert "Pont-Sainte-Maxence" in page
    assert "Lormes" in page
    assert not is_signed_in_elsewhere(client)


def is_signed_in_elsewhere(client) -> bool:
    return client.get("/console/", headers={"host": FIRST_TOWN}).status_code == 200
