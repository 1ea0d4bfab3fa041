"""The logins and the database on a real server, of an older version than the embedded one."""

import psycopg
import pytest

from config import database
from config.server_setup import ensure_database

pytestmark = pytest.mark.debian


@pytest.fixture
def entries() -> tuple[dict, dict]:
    assert not database.is_embedded(), "run by .ci/run, with the addresses of Debian's server"
    return database.web(), database.provisioning()


def parameters(entry: dict, dbname: str) -> dict:
    return {"host": entry["HOST"], "user": entry["USER"], "password": entry["PASSWORD"], "dbname": dbname}


def test_the_logins_have_the_rights_that_they_need_and_no_other(entries):
    web, _ = entries
    with psycopg.connect(**parameters(web, "postgres")) as connection:
        found = connection.execute(
            "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolinherit FROM pg_roles"
            " WHERE rolname IN ('palier_admin', 'palier_web') ORDER BY rolname"
        ).fetchall()
        assert connection.execute("SHOW search_path").fetchone() == ("pg_catalog",)
    assert found == [("palier_admin", False, True, True, False), ("palier_web", False, False, False, False)]


def test_a_database_sorts_as_on_the_embedded_server(entries):
    web, admin = entries
    name = "made by a test"
    ensure_database(parameters(admin, name), name)
    try:
        ensure_database(parameters(admin, name), name)
        with psycopg.connect(**parameters(web, name)) as connection:
            words = "SELECT string_agg(w, '' ORDER BY w), upper('été') FROM unnest(ARRAY['é', 'b', 'Z', 'a']) w"
            assert connection.execute(words).fetchone() == ("Zabé", "ÉTÉ")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ensure_database(parameters(web, "refused"), "refused")
    finally:
        with psycopg.connect(**parameters(admin, "postgres"), autocommit=True) as connection:
            connection.execute('DROP DATABASE "made by a test" WITH (FORCE)')
