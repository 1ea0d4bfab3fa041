"""Which database Palier talks to: the one that the environment names, else the embedded server."""

import os
import sys
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.db.utils import OperationalError

from config import embedded
from config.errors import ServerUnavailable
from config.server_setup import ADMIN, DATABASE, WEB

ROOT = Path(__file__).resolve().parents[2]
ENGINE = "tenants.postgresql"
CONNECT_TIMEOUT = 10  # seconds
# `manage.py` commands that read no database, so that they do not start one.
WITHOUT_DATABASE = {"check", "collectstatic", "help", "version", "--help", "--version", "-h"}


def web() -> dict:
    """Return the DATABASES entry of the login that serves pages and jobs.

    Starts the embedded server when the environment names no database. Raises ServerUnavailable when that
    fails or when DATABASE_URL cannot be read.
    """
    entry = _embedded_entry(WEB) if is_embedded() else _entry_of("DATABASE_URL")
    return entry | {"WALL": "town", "CONN_MAX_AGE": 300, "CONN_HEALTH_CHECKS": True}


def provisioning() -> dict | None:
    """Return the entry of the login that opens and migrates towns, or None where this process may not.

    It names the same database as `web()`; raises as it does, and when the two addresses differ on that.
    """
    if is_embedded():
        entry = _embedded_entry(ADMIN)
    elif os.environ.get("DATABASE_ADMIN_URL"):
        entry = _entry_of("DATABASE_ADMIN_URL")
        if entry["NAME"] != _entry_of("DATABASE_URL")["NAME"]:
            raise ServerUnavailable("DATABASE_URL et DATABASE_ADMIN_URL doivent nommer la même base.")
    else:
        return None
    return entry | {"WALL": "owner"}


def is_embedded() -> bool:
    """Say whether the database is the embedded server: right for demo and tests, refused in production."""
    return not os.environ.get("DATABASE_URL")


def home() -> Path:
    """Return the folder of the embedded server: the tests have one of their own, quick and fragile."""
    var = Path(os.environ.get("PALIER_VAR") or ROOT / "var")
    return var / ("test-postgres" if _is_for_tests() else "postgres")


def explain(error: Exception) -> str | None:
    """Return one French line for a database that cannot be reached, or None for any other error."""
    if isinstance(error, ServerUnavailable):
        return str(error)
    cause = error.__cause__
    # psycopg gives its errors a `pgconn` only when they come from an attempt to connect.
    if not isinstance(error, OperationalError) or getattr(cause, "pgconn", None) is None:
        return None
    why = str(cause).splitlines()[0].removeprefix("connection failed: ")
    if is_embedded():
        return f"La base de données ne répond pas : {why}."
    return f"La base de données ne répond pas : {why}. Vérifiez DATABASE_URL et DATABASE_ADMIN_URL."


def _embedded_entry(login: str) -> dict:
    entry = {"ENGINE": ENGINE, "NAME": DATABASE, "USER": login}
    command = next(iter(sys.argv[1:]), "help")
    if Path(sys.argv[0]).name == "manage.py" and command in WITHOUT_DATABASE and "--database" not in sys.argv:
        return entry
    server = embedded.start(home(), settings=embedded.QUICK_SETTINGS if _is_for_tests() else None)
    return entry | {"PASSWORD": server.password(login), "HOST": str(server.socket)}


def _entry_of(variable: str) -> dict:
    """Read `postgres://login:password@host:port/name?option=value` (percent-encoded), as libpq does.

    A `host` among the options may be the folder of a socket. The other options are libpq's: `sslmode`…
    """
    address = urlsplit(os.environ[variable])
    login, _, place = address.netloc.rpartition("@")
    user, _, password = login.partition(":")
    host, _, port = place.rpartition(":") if place.rpartition(":")[2].isdigit() else (place, "", "")
    options = dict(parse_qsl(address.query))
    name = unquote(address.path.removeprefix("/"))
    if address.scheme not in {"postgres", "postgresql"} or not name or not user or address.fragment:
        raise ServerUnavailable(
            f"{variable} doit s’écrire postgres://compte:motdepasse@serveur:5432/base ; "
            "dans le mot de passe, les signes # / ? @ : et % s’écrivent %23 %2F %3F %40 %3A et %25."
        )
    return {
        "ENGINE": ENGINE,
        "NAME": name,
        "USER": unquote(user),
        "PASSWORD": unquote(password),
        "HOST": options.pop("host", "") or unquote(host).strip("[]"),
        "PORT": options.pop("port", "") or port,
        "OPTIONS": {"connect_timeout": CONNECT_TIMEOUT, **options},
    }


def _is_for_tests() -> bool:
    return os.environ.get("PALIER_TEST_SERVER") == "1"
