"""database.sql, run for real by the login that will own the database."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from config.embedded_home import programs
from harness import databases

SCRIPT = Path(__file__).resolve().parents[2] / "deploy" / "postgresql" / "database.sql"


@pytest.fixture
def name() -> Iterator[str]:
    made = f"palier_test_{os.getpid()}_deploy"
    yield made
    with databases.server() as admin:
        databases.drop_database(admin, made)


def run(name: str) -> subprocess.CompletedProcess[str]:
    login = settings.PROVISIONING_DATABASE
    return subprocess.run(
        [programs() / "psql", "-X", "-q", "-d", "postgres", "-v", f"database={name}", "-f", SCRIPT],
        env={
            "PGHOST": str(login["HOST"]),
            "PGPORT": str(login.get("PORT") or "5432"),
            "PGUSER": login["USER"],
            "PGPASSWORD": login.get("PASSWORD") or "",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_makes_the_database_once(name):
    for _ in range(2):
        done = run(name)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with databases.server() as admin:
        row = admin.execute(
            "SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate, to_jsonb(d) ->> 'datlocale' "
            "FROM pg_database d WHERE datname = %s",
            [name],
        ).fetchone()
    assert row[:2] == ("palier_admin", "UTF8")
    assert "C.UTF-8" in row[2:]
