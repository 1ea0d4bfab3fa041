"""A password for who wants one: chosen, used, guessed at, taken away; never staff's, nor of several persons."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import get_hasher, make_password
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import passwords
from accounts.models import Account, Limit
from accounts.roles import AGENTS
from accounts.sessions import sign_out_everywhere
from aid.people.services import confirm_phone, leave_account, register_person
from aid.personal.services import open_door
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.towns import entry_of
from tenants.context import town_context

PHONE, EMAIL = "+33639980001", "jeanne@exemple.example"
HERS, BY_PASSWORD, CODE = "/mon-espace/mot-de-passe/", "/connexion/mot-de-passe/", "/connexion/code/"
RIGHT, OTHER = "trois lapins bleus", "quatre canards verts"
WRONG = "Ce n’est pas le bon mot de passe. Demandez plutôt un code."


def known(first_name: str, **fields: str):
    person = register_person(first_name=first_name, last_name="Dubois", phone=PHONE, **fields)
    confirm_phone(person)
    return person


@pytest.fixture
def jeanne(town) -> Account:
    known("Jeanne")
    account = open_door(phone=PHONE)
    account.email = EMAIL
    account.save()
    return account


@pytest.fixture
def client_of(visit):
    """A browser where an account is signed in."""

    def enter(account: Account):
        client = visit(FIRST_TOWN)
        client.force_login(account)
        return client

    return enter


@pytest.fixture
def inside(jeanne, visit, ask, letters):
    """A browser of hers, where she came in by a code."""

    def enter():
        client = visit(FIRST_TOWN)
        # A quarter of an hour passes.
        Limit.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
        ask(client, login=EMAIL)
        ask(client, CODE, code=letters.left[-1].code)
        assert is_in(client)
        return client

    return enter


@pytest.fixture
def with_password(jeanne) -> Account:
    assert passwords.keep(jeanne, RIGHT)
    return jeanne


@pytest.fixture
def write(visit, ask):
    """A contact, then a password, in a new browser."""

    def at_the_door(password: str, *, contact: str = EMAIL, host: str = FIRST_TOWN, **more: str):
        client = visit(host)
        ask(client, login=contact)
        return client, ask(client, BY_PASSWORD, password=password, **more)

    return at_the_door


def is_in(client) -> bool:
    return client.get("/mon-espace/appareils/").status_code == 200


def choose(client, ask, typed: str = RIGHT, again: str | None = None):
    return ask(client, HERS, password=typed, again=typed if again is None else again)


# --- One's own


def test_chosen_used_changed_and_taken_away(inside, ask, letters, write):
    client = inside()
    assert HERS in client.get("/mon-espace/appareils/").content.decode()
    assert choose(client, ask)["Location"] == HERS
    page = client.get(HERS).content.decode()
    assert "ce mot de passe ouvre votre espace" in page
    assert "Changer de mot de passe" in page
    assert RIGHT not in page
    assert (letters.left[-1].recipient, "vient d’être choisi" in letters.left[-1].body) == (EMAIL, True)

    browser, answer = write(RIGHT)
    assert (answer.status_code, answer["Location"], is_in(browser)) == (302, "/mon-espace/", True)
    # By the number of the same account too.
    assert is_in(write(RIGHT, contact="06 39 98 00 01")[0])

    choose(client, ask, OTHER)
    assert not is_in(write(RIGHT)[0])
    assert is_in(write(OTHER)[0])
    ask(client, HERS, action="remove")
    assert "vous n’avez plus de mot de passe" in client.get(HERS).content.decode()
    assert "ne s’ouvre plus" in letters.left[-1].body
    Limit.objects.all().delete()
    assert not is_in(write(OTHER)[0])
    assert is_in(client)


def test_each_change_ends_every_other_session_and_keeps_this_one(inside, ask):
    client, tablet = inside(), inside()
    choose(client, ask)
    assert is_in(client)
    assert not is_in(tablet)
    tablet = inside()
    ask(client, HERS, action="remove")
    assert is_in(client)
    assert not is_in(tablet)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Écrivez un mot de passe"),
        ("court", "douze signes"),
        ("qwerty123456", "Beaucoup de gens"),
        ("azertyuiop2026!", "Beaucoup de gens"),
        ("739105528461", "Des chiffres seuls"),
        ("Jeanne Dubois", "ressemble trop"),
        ("dubois-jeanne", "ressemble trop"),
        ("jeanne@exemple.example", "ressemble trop"),
        ("tel0639980001", "ressemble trop"),
        ("x" * 201, "Deux cents signes"),
        ("\x00" * 12, "nul"),
    ],
)
def test_what_would_be_guessed_is_refused_and_not_shown_back(inside, ask, jeanne, typed, told):
    answer = choose(inside(), ask, typed)
    assert answer.status_code == 200
    assert told in " ".join(answer.context["form"].errors["password"])
    for field in ("password", "again"):
        assert "value=" not in str(answer.context["form"][field])
    jeanne.refresh_from_db()
    assert not jeanne.has_usable_password()


def test_two_that_differ_are_refused(inside, ask, jeanne):
    answer = choose(inside(), ask, RIGHT, again=OTHER)
    assert "Ce n’est pas le même" in answer.content.decode()
    jeanne.refresh_from_db()
    assert not jeanne.has_usable_password()


def test_ten_changes_a_day(inside, ask, jeanne):
    client = inside()
    Limit.objects.filter(kind="password").delete()
    for number in range(10):
        choose(client, ask, f"{RIGHT} {number}")
    choose(client, ask, OTHER)
    assert "plusieurs fois aujourd’hui" in client.get(HERS).content.decode()
    jeanne.refresh_from_db()
    assert jeanne.check_password(f"{RIGHT} 9")


def test_a_session_that_was_ended_meanwhile_keeps_no_password(jeanne):
    as_the_request_read_it = Account.objects.get(pk=jeanne.pk)
    sign_out_everywhere(jeanne)
    assert not passwords.keep(as_the_request_read_it, RIGHT)
    jeanne.refresh_from_db()
    assert not jeanne.has_usable_password()


# --- At the door


def test_every_browser_is_shown_the_way_and_none_without_a_contact(with_password, visit, ask):
    client = visit(FIRST_TOWN)
    assert client.get(BY_PASSWORD)["Location"] == "/connexion/"
    assert ask(client, BY_PASSWORD, password=RIGHT)["Location"] == "/connexion/"
    for contact in (EMAIL, "personne@exemple.example"):
        ask(client, f"/connexion/?next={HERS}", login=contact)
        page = client.get(f"{CODE}?next={HERS}").content.decode()
        assert f'href="{BY_PASSWORD}?next=' in page
        assert "no-store" in client.get(BY_PASSWORD)["Cache-Control"]
    assert not is_in(client)


def test_the_same_answer_and_the_same_work_whoever_it_is(with_password, farida, visit, ask, monkeypatch):
    Account.objects.create_account(email="sans@exemple.example")
    hashed, answers = [], []
    hasher = type(get_hasher())
    encode = hasher.encode
    monkeypatch.setattr(hasher, "encode", lambda *args: (hashed.append(1), encode(*args))[1])
    for name in ("jeanne", "sans", "farida", "personne"):
        client = visit(FIRST_TOWN)
        contact = f"{name}@exemple.example"
        ask(client, login=contact)
        hashed.clear()
        with CaptureQueriesContext(connection) as asked:
            answer = ask(client, BY_PASSWORD, password=OTHER)
        assert not is_in(client)
        assert WRONG in answer.content.decode()
        assert OTHER not in answer.content.decode()
        page = answer.content.decode().replace(contact, "").replace(str(answer.context["csrf_token"]), "")
        answers.append((answer.status_code, page, len(hashed), len(asked)))
    assert len({(status, work, queries) for status, _, work, queries in answers}) == 1
    assert answers[0][2] == 1
    assert len({page for _, page, *_ in answers}) == 1


def test_five_tries_whatever_the_browsers_then_a_code_only(with_password, write, ask, letters):
    for _ in range(5):
        assert WRONG in write(OTHER)[1].content.decode()
        Limit.objects.filter(kind="sign_in").delete()
    client, answer = write(RIGHT)
    assert "Cela fait beaucoup d’essais" in answer.content.decode()
    assert not is_in(client)
    ask(client, CODE, code=letters.left[-1].code)
    assert is_in(client)


def test_twenty_tries_a_day(with_password, visit, ask):
    client = visit(FIRST_TOWN)
    ask(client, login=EMAIL)
    for _ in range(20):
        assert WRONG in ask(client, BY_PASSWORD, password=OTHER).content.decode()
        Limit.objects.filter(kind="password_try").delete()
    assert "beaucoup d’essais" in ask(client, BY_PASSWORD, password=RIGHT).content.decode()
    # An empty field is no try, and says so.
    assert "Écrivez votre mot de passe." in ask(client, BY_PASSWORD, password="").content.decode()


def test_the_code_that_was_asked_for_is_over(with_password, write, ask, letters):
    client, _ = write(RIGHT)
    ask(client, "/deconnexion/")
    ask(client, CODE, code=letters.left[-1].code)
    assert not is_in(client)


@pytest.mark.parametrize("remember", [False, True])
def test_the_device_is_remembered_as_with_a_code(with_password, write, remember):
    client, _ = write(RIGHT, **({"remember": "on"} if remember else {}))
    assert bool(client.cookies["sessionid"]["max-age"]) == remember


def test_the_page_that_was_wanted_is_reached(with_password, visit, ask):
    client = visit(FIRST_TOWN)
    ask(client, f"/connexion/?next={HERS}", login=EMAIL)
    assert ask(client, f"{BY_PASSWORD}?next={HERS}", password=RIGHT)["Location"] == HERS


# --- Whose it never is


def test_staff_have_none_and_one_in_their_row_opens_nothing(farida, write, client_of):
    Account.objects.filter(pk=farida.pk).update(password=make_password(RIGHT))
    client, answer = write(RIGHT, contact=farida.email)
    assert WRONG in answer.content.decode()
    assert not is_in(client)
    inside = client_of(Account.objects.get(pk=farida.pk))
    assert inside.get(HERS).status_code == 404
    assert HERS not in inside.get("/mon-espace/appareils/").content.decode()


def test_who_joins_the_staff_has_none_any_more(with_password):
    with_password.groups.add(Group.objects.get(name=AGENTS))
    with_password.refresh_from_db()
    assert not with_password.has_usable_password()


def test_a_second_person_who_joins_takes_it_away(with_password, inside, write, client_of):
    client = inside()
    known("Marcel")
    # Until then it opens hers.
    assert is_in(write(RIGHT)[0])
    open_door(phone=PHONE)  # Marcel's first code, at the number that they share
    with_password.refresh_from_db()
    assert not with_password.has_usable_password()
    assert not is_in(client)
    shared = client_of(with_password)
    assert shared.get(HERS).status_code == 404
    assert HERS not in shared.get("/mon-espace/appareils/").content.decode()
    # A row that had one would open nothing.
    Account.objects.filter(pk=with_password.pk).update(password=make_password(RIGHT))
    assert not is_in(write(RIGHT)[0])


def test_who_joins_by_a_code_is_in(with_password, visit, ask, letters):
    known("Marcel")
    client = visit(FIRST_TOWN)
    ask(client, login=PHONE)
    ask(client, CODE, code=letters.left[-1].code)
    assert is_in(client)
    with_password.refresh_from_db()
    assert not with_password.has_usable_password()


def test_who_leaves_leaves_none_behind(jeanne):
    marcel = known("Marcel")
    open_door(phone=PHONE)
    Account.objects.filter(pk=jeanne.pk).update(password=make_password(RIGHT))
    leave_account(marcel)
    jeanne.refresh_from_db()
    assert not jeanne.has_usable_password()


def test_an_account_without_a_contact_has_nothing_to_write_first(jeanne, client_of):
    Account.objects.filter(pk=jeanne.pk).update(email=None, phone=None)
    assert client_of(Account.objects.get(pk=jeanne.pk)).get(HERS).status_code == 404


# --- Where it opens nothing


def test_a_password_of_one_town_is_nothing_in_another(with_password, write):
    with town_context(entry_of(SECOND_TOWN)):
        Account.objects.create_account(email=EMAIL)
    client, answer = write(RIGHT, host=SECOND_TOWN)
    assert WRONG in answer.content.decode()
    assert not is_in(client)
    assert is_in(write(RIGHT)[0])


def test_the_platform_has_no_such_page(town, visit, ask):
    client = visit("localhost")
    ask(client, login="op@exemple.example")
    assert "mot de passe" not in client.get(CODE).content.decode()
    assert client.get(BY_PASSWORD).status_code == 404
