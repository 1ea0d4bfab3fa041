"""Where one is signed in: said in plain words, closed one by one or all, in one's own town only, for no query more."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import sessions
from accounts.devices import kind_of
from accounts.jobs import forget_ended_sessions, forget_ended_sessions_everywhere
from accounts.models import Account, Session
from accounts.roles import AGENTS
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.second_step import forget_it
from harness.towns import entry_of
from tenants.context import platform_context, town_context

EMAIL = "jeanne@exemple.example"
PATH = "/mon-espace/appareils/"
ANDROID = "Mozilla/5.0 (Android 15; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"


@pytest.fixture
def jeanne(town) -> Account:
    return Account.objects.create_account(email=EMAIL)


@pytest.fixture
def sign_in(visit, ask, letters):
    def on(user_agent: str, host: str = FIRST_TOWN):
        client = visit(host)
        client.defaults["HTTP_USER_AGENT"] = user_agent
        ask(client, login=EMAIL)
        ask(client, "/connexion/code/", code=letters.left[-1].code)
        return client

    return on


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (ANDROID, "Téléphone Android, avec Firefox"),
        (WINDOWS, "Ordinateur Windows, avec Chrome"),
        (WINDOWS + " Edg/131.0", "Ordinateur Windows, avec Edge"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Mobile Safari/604.1", "iPhone, avec Safari"),
        ("Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) CriOS/131 Mobile Safari/604.1", "iPad, avec Chrome"),
        ("Mozilla/5.0 (Linux; Android 14; SM-X200) Chrome/131.0 Safari/537.36", "Tablette Android, avec Chrome"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.1 Safari/605.1", "Ordinateur Mac, avec Safari"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Firefox/133.0", "Ordinateur Linux, avec Firefox"),
        ("<script>alert(1)</script>", "Appareil inconnu"),
        ("", "Appareil inconnu"),
    ],
)  # fmt: skip
def test_kinds_of_devices_in_plain_words(told, kind):
    assert kind_of(told) == kind


def test_one_sees_one_s_devices_and_closes_one(jeanne, sign_in):
    telephone, computer = sign_in(ANDROID), sign_in(WINDOWS)
    page = telephone.get(PATH).content.decode()
    assert page.index("Téléphone Android, avec Firefox\u00a0: celui-ci") < page.index("Ordinateur Windows, avec Chrome")
    for row in Session.objects.all():
        assert row.pk not in page
    assert "no-store" in telephone.get(PATH)["Cache-Control"]
    other = Session.objects.get(device__startswith="Ordinateur")
    # Neither by a link, nor by a name that is none.
    telephone.get(PATH, {"session": str(other.uid)})
    for strange in ("", "x", str(uuid.uuid4()), str(Session.objects.get(device__startswith="Téléphone").uid)):
        telephone.post(PATH, {"session": strange})
    assert computer.get("/deconnexion/").status_code == 200
    answer = telephone.post(PATH, {"session": str(other.uid)}, follow=True)
    assert "C’est fait" in answer.content.decode()
    assert "Aucun autre appareil" in answer.content.decode()
    assert computer.get("/deconnexion/").status_code == 302
    assert telephone.get("/deconnexion/").status_code == 200


def test_all_the_others_at_once(jeanne, sign_in):
    here, *others = sign_in(ANDROID), sign_in(WINDOWS), sign_in(WINDOWS)
    here.post(PATH, {"action": "others"})
    assert [one.get("/deconnexion/").status_code for one in (here, *others)] == [200, 302, 302]


def test_another_s_sessions_are_neither_shown_nor_closed(jeanne, sign_in, visit):
    hers = sign_in(ANDROID)
    stranger = visit(FIRST_TOWN)
    stranger.force_login(Account.objects.create_account(email="autre@exemple.example"))
    assert "Téléphone Android" not in stranger.get(PATH).content.decode()
    stranger.post(PATH, {"session": str(Session.objects.get(account=jeanne).uid)})
    stranger.post(PATH, {"action": "others"})
    assert hers.get("/deconnexion/").status_code == 200


def test_a_session_of_one_town_is_nobody_in_another(jeanne, other_town, sign_in, visit):
    hers = sign_in(ANDROID)
    there = visit(SECOND_TOWN)
    there.cookies = hers.cookies.copy()
    assert there.get(PATH)["Location"].startswith("/connexion/")
    assert there.post(PATH, {"action": "others"})["Location"].startswith("/connexion/")
    with town_context(other_town):
        assert not Session.objects.filter(account__isnull=False).exists()


def test_staff_close_devices_after_their_second_step_only(jeanne, visit):
    jeanne.groups.add(Group.objects.get(name=AGENTS))
    client = visit(FIRST_TOWN)
    client.force_login(jeanne)
    assert client.get(PATH).status_code == 200
    forget_it(client)
    assert client.get(PATH)["Location"].startswith("/securite/")
    assert client.post(PATH, {"action": "others"})["Location"].startswith("/securite/")


def test_signed_out_everywhere_nothing_is_left_in_the_list(jeanne, sign_in):
    client = sign_in(ANDROID)
    sessions.sign_out_everywhere(jeanne)
    assert not Session.objects.open_to(jeanne).exists()
    assert client.get(PATH)["Location"].startswith("/connexion/")


def test_seen_at_most_once_an_hour_and_for_no_query_more(jeanne, sign_in):
    client = sign_in(ANDROID)
    client.get(PATH)

    def writes() -> list[str]:
        with CaptureQueriesContext(connection) as log:
            client.get(PATH)
        return [one["sql"] for one in log.captured_queries if one["sql"].startswith("UPDATE")]

    assert writes() == []
    Session.objects.update(seen_at=timezone.now() - timedelta(minutes=61))
    assert len(writes()) == 1
    assert Session.objects.get().seen_at > timezone.now() - timedelta(minutes=1)
    assert writes() == []


def test_no_address_of_the_network_is_kept(jeanne, sign_in):
    client = sign_in(ANDROID)
    client.get(PATH, REMOTE_ADDR="203.0.113.77")
    row = Session.objects.get()
    assert "203.0.113" not in str(vars(row)) + str(row.get_decoded())
    assert str(row) == f"connexion {row.uid}"


def test_a_session_says_whose_it_is_whole_or_not_at_all(jeanne):
    with pytest.raises(IntegrityError, match="session_of_somebody"), transaction.atomic():
        Session.objects.create(session_key="x" * 32, session_data="", expire_date=timezone.now(), account=jeanne)


def test_sessions_that_ended_are_forgotten_at_night_in_every_town(own_database):
    ended, lasting = timezone.now() - timedelta(seconds=1), timezone.now() + timedelta(hours=1)
    for enter in (lambda: town_context(entry_of(FIRST_TOWN)), platform_context):
        with enter():
            for number, end in enumerate((ended, lasting)):
                Session.objects.create(session_key=f"{number}" * 32, session_data="", expire_date=end)
    forget_ended_sessions_everywhere(timestamp=0)
    with town_context(entry_of(FIRST_TOWN)):
        forget_ended_sessions()
    for enter in (lambda: town_context(entry_of(FIRST_TOWN)), platform_context):
        with enter():
            assert list(Session.objects.values_list("session_key", flat=True)) == ["1" * 32]
