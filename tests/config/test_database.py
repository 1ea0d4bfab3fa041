"""From the environment to Django's DATABASES, and from an error to one French line."""

import psycopg
import pytest
from django.db.utils import OperationalError

from config import database, embedded
from config.errors import ServerUnavailable


@pytest.fixture
def addresses(monkeypatch):
    def give(web: str | None = None, admin: str | None = None) -> None:
        for name, value in (("DATABASE_URL", web), ("DATABASE_ADMIN_URL", admin)):
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)

    return give


def test_both_logins_are_read_from_the_environment(addresses):
    addresses(
        "postgres://palier_web:m%40t%2Fde%20passe%3A@db.example:5433/palier?sslmode=require",
        "postgresql://palier_admin:secret@db.example:5433/palier",
    )
    web, admin = database.web(), database.provisioning()

    assert web == {
        "ENGINE": "tenants.postgresql",
        "NAME": "palier",
        "USER": "palier_web",
        "PASSWORD": "m@t/de passe:",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"connect_timeout": 10, "sslmode": "require"},
        "WALL": "town",
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
    }
    assert (admin["USER"], admin["WALL"], admin["HOST"]) == ("palier_admin", "owner", "db.example")
    assert not database.is_embedded()


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("postgres://u:p@/palier?host=/var/run/My Socket&port=5433", "/var/run/My Socket", "5433"),
        ("postgres://u:p@%2Fvar%2Frun%2FPostgres/palier", "/var/run/Postgres", ""),
        ("postgres://u:p@[::1]:5433/palier", "::1", "5433"),
        ("postgres://u:p@[::1]/palier", "::1", ""),
        ("postgres://u@localhost/palier", "localhost", ""),
    ],
)
def test_hosts_of_every_kind_are_understood(addresses, address, host, port):
    addresses(address)
    entry = database.web()
    assert (entry["HOST"], entry["PORT"]) == (host, port)


@pytest.mark.parametrize(
    "address",
    [
        "mysql://u:p@h/palier",
        "postgres://u:p@h",
        "postgres://u:p@h/",
        "postgres://h/palier",
        "postgres://u:a#b@h/palier",
    ],
)
def test_an_address_that_cannot_be_read_is_refused_without_showing_its_password(addresses, address):
    addresses(address)
    with pytest.raises(ServerUnavailable, match="DATABASE_URL doit s’écrire") as refusal:
        database.web()
    assert address not in str(refusal.value)


def test_a_web_process_may_not_open_towns(addresses):
    addresses("postgres://u:p@h/palier")
    assert database.provisioning() is None


def test_two_addresses_of_different_databases_are_refused(addresses):
    addresses("postgres://u:p@h/palier", "postgres://a:p@h/other")
    with pytest.raises(ServerUnavailable, match="la même base"):
        database.provisioning()


@pytest.mark.parametrize(
    ("arguments", "starts"),
    [
        (["manage.py", "check", "--deploy"], False),
        (["manage.py"], False),
        (["manage.py", "check", "--database", "default"], True),
        (["manage.py", "migrate"], True),
        (["gunicorn", "check"], True),
    ],
)
def test_the_embedded_server_starts_for_those_who_need_it(addresses, monkeypatch, tmp_path, arguments, starts):
    addresses()
    monkeypatch.setattr("sys.argv", arguments)
    monkeypatch.setenv("PALIER_VAR", str(tmp_path))
    monkeypatch.setenv("PALIER_TEST_SERVER", "0")
    started = []

    def start(home, settings):
        started.append((home, settings))
        return embedded.Server(home, home / "run")

    monkeypatch.setattr(embedded, "start", start)
    web, admin = database.web(), database.provisioning()

    assert database.is_embedded()
    assert (web["USER"], admin["USER"], web["NAME"], admin["NAME"]) == (
        *("palier_web", "palier_admin"),
        *("palier", "palier"),
    )
    assert started == ([(tmp_path / "postgres", None)] * 2 if starts else [])
    assert web.get("HOST") == (str(tmp_path / "postgres" / "run") if starts else None)


def test_tests_have_a_server_of_their_own(addresses, monkeypatch, tmp_path):
    addresses()
    monkeypatch.setenv("PALIER_VAR", str(tmp_path))
    monkeypatch.setenv("PALIER_TEST_SERVER", "1")
    assert database.home() == tmp_path / "test-postgres"


def test_a_database_that_is_down_is_one_french_line_and_other_errors_stay(addresses, tmp_path):
    addresses("postgres://u:hidden@h/palier")
    with pytest.raises(psycopg.OperationalError) as down:
        psycopg.connect(host=str(tmp_path), user="u", password="hidden", dbname="palier")
    error = OperationalError(str(down.value))
    error.__cause__ = down.value
    line = database.explain(error)

    assert line.startswith("La base de données ne répond pas\u00a0:")
    assert "\n" not in line
    assert "hidden" not in line
    assert database.explain(ServerUnavailable("Plus de place.")) == "Plus de place."
    deadlock = OperationalError("deadlock detected")
    deadlock.__cause__ = psycopg.errors.DeadlockDetected("deadlock detected")
    assert database.explain(deadlock) is None
    assert database.explain(ValueError("x")) is None
