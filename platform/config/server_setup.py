"""What a server of PostgreSQL needs before Palier's first migration: two logins and a database."""

import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from config.errors import ServerUnavailable

ADMIN = "palier_admin"
WEB = "palier_web"
DATABASE = "palier"
LOGINS = Path(__file__).resolve().parents[2] / "deploy" / "postgresql" / "logins.sql"
FIRST_WITH_BUILTIN_LOCALE = 170000


def create_logins(psql: Path, *, socket: Path, superuser_password: str, passwords: dict[str, str]) -> None:
    """Create the logins on the server of `socket`, or give them these passwords again.

    Runs `deploy/postgresql/logins.sql`, the file that administrators of real servers run.
    Raises ServerUnavailable.
    """
    done = subprocess.run(
        [psql, "--no-psqlrc", "--quiet", "--file", LOGINS],
        env={
            "PATH": "/usr/bin:/bin",
            "PGHOST": str(socket),
            "PGUSER": "postgres",
            "PGDATABASE": "postgres",
            "PGPASSWORD": superuser_password,
            "PALIER_ADMIN_PASSWORD": passwords[ADMIN],
            "PALIER_WEB_PASSWORD": passwords[WEB],
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["psql"])[-1]
        raise ServerUnavailable(f"Les comptes du serveur PostgreSQL embarqué n’ont pas pu être créés : {why}")


def ensure_database(admin: dict[str, str], name: str) -> None:
    """Create the database `name` when the server has none, owned by the login of `admin`.

    `admin` holds psycopg's connection parameters of a login with CREATEDB; its `dbname` is not used. The
    locale is C.UTF-8 whatever the server's is, so that every server sorts alike. Raises psycopg.Error.
    """
    with psycopg.connect(**{**admin, "dbname": "postgres"}, autocommit=True) as connection:
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
            return
        if connection.info.server_version >= FIRST_WITH_BUILTIN_LOCALE:
            locale = sql.SQL("LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'")
        else:
            locale = sql.SQL("LOCALE_PROVIDER libc LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'")
        create = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' {}")
        try:
            connection.execute(create.format(sql.Identifier(name), locale))
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            # Another process made it since we looked.
            return
