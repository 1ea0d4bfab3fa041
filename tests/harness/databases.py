"""Databases of the tests: a template built once, keyed by what it is made of, and copied in a tenth of a second.

The template holds the communes of France, every blueprint, and two open towns, so that isolation can be asserted
everywhere. Roles belong to the server: each copy has its own, members of the template's (docs/decisions).
"""

import fcntl
import functools
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

ROOT = Path(settings.ROOT)
TEMPLATE_PREFIX = "palier_template_"
COPY_PREFIX = "palier_test_"
# What a change of makes the template stale.
INGREDIENTS = (
    "platform/**/migrations/*.py",
    "platform/**/blueprint.py",
    "platform/geography/data/*",
    "platform/config/settings/*.py",
    "cms/**/*.py",
    "billing/migrations/*.py",
    "billing/access.py",
    "tenants/**/*.py",
    "tenants/blueprints/*.toml",
    "requirements/runtime.txt",
    "tests/harness/databases.py",
)
FIRST_TOWN, SECOND_TOWN = "pont-sainte-maxence.localhost", "lormes.localhost"


def server(login: dict[str, Any] | None = None) -> psycopg.Connection[Any]:
    """A connection of a login, the admin's unless told, to the server's own database, in autocommit."""
    login = login or settings.PROVISIONING_DATABASE
    return psycopg.connect(
        host=login["HOST"],
        port=login.get("PORT") or None,
        user=login["USER"],
        password=login.get("PASSWORD") or None,
        dbname="postgres",
        autocommit=True,
    )


@functools.cache
def template_name() -> str:
    """The template's name: the same code and data give the same. Read once: what a process runs does not change."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in INGREDIENTS for path in ROOT.glob(pattern) if path.is_file()}):
        if "__pycache__" not in path.parts:
            digest.update(path.read_bytes())
    return TEMPLATE_PREFIX + digest.hexdigest()[:12]


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time, whatever its worker."""
    lock = Path(settings.VAR) / "tests.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def build_template() -> str:
    """Build the template if this code has none; drop those of other code. Answer its name."""
    name = template_name()
    with _alone(), server() as admin:
        existing = {row[0] for row in admin.execute("SELECT datname FROM pg_database")}
        _sweep(admin, existing, keep=name)
        if name not in existing:
            building = f"{name}_new"
            drop_database(admin, building)
            _create(admin, building, "template0")
            with using(building):
                _fill()
            _rename(admin, building, name)
    return name


def _fill() -> None:
    from tenants.opening import Request, open_town
    from tenants.preparing import prepare

    prepare()
    open_town(
        Request(
            blueprint="bip-pop",
            name="Pont-Sainte-Maxence",
            communes=["60509"],
            telephone="03 44 72 00 00",
            admin_email="administration@pont-sainte-maxence.example",
        )
    )
    open_town(
        Request(
            blueprint="faire-compagnie",
            name="Lormes",
            communes=["58145"],
            telephone="03 86 22 00 00",
            admin_email="administration@lormes.example",
        )
    )


@contextmanager
def using(name: str) -> Iterator[None]:
    """Point the default connection at another database of the server, for a block."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = usual


@contextmanager
def copy_of_template(label: str) -> Iterator[str]:
    """A fresh copy of the template, with roles of its own; dropped at the end."""
    template = build_template()
    name = f"{COPY_PREFIX}{os.getpid()}_{label}"
    with server() as admin:
        drop_database(admin, name)
        _create(admin, name, template)
        _copy_roles(admin, template, name)
    try:
        yield name
    finally:
        with server() as admin:
            drop_database(admin, name)


def _create(admin: psycopg.Connection[Any], name: str, template: str) -> None:
    statement = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"
    if template == "template0":
        statement = "CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
    admin.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(template)))


def _copy_roles(admin: psycopg.Connection[Any], template: str, name: str) -> None:
    """Give each role of the template a member in the copy: it inherits exactly that role's rights."""
    web = settings.DATABASES["default"]["USER"]
    for role in _roles_of(admin, template):
        own = name + role.removeprefix(template)
        admin.execute(sql.SQL("CREATE ROLE {} NOLOGIN IN ROLE {}").format(sql.Identifier(own), sql.Identifier(role)))
        if own != f"{name}__owner":
            admin.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(own), sql.Identifier(web)))
        admin.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(own)))
    for statement in (
        "REVOKE ALL ON DATABASE {db} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {db} TO {web}",
        "GRANT CREATE ON DATABASE {db} TO {owner}",
    ):
        admin.execute(
            sql.SQL(statement).format(
                db=sql.Identifier(name), web=sql.Identifier(web), owner=sql.Identifier(f"{name}__owner")
            )
        )


def _rename(admin: psycopg.Connection[Any], building: str, name: str) -> None:
    """Give the finished template its name; a build that was killed keeps the other one."""
    for role in _roles_of(admin, building):
        final = name + role.removeprefix(building)
        admin.execute(sql.SQL("ALTER ROLE {} RENAME TO {}").format(sql.Identifier(role), sql.Identifier(final)))
    admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(name)))
    # Somebody connected to it would make every copy wait.
    admin.execute(
        sql.SQL("ALTER DATABASE {} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false").format(sql.Identifier(name))
    )


def _roles_of(admin: psycopg.Connection[Any], database: str) -> list[str]:
    rows = admin.execute("SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", [f"{database}__"])
    return [row[0] for row in rows]


def _sweep(admin: psycopg.Connection[Any], existing: set[str], *, keep: str) -> None:
    """Drop copies and roles of processes that died; and templates of other code, unless other tests run by now.

    Those may be of that code: their copies' roles are members of its template's.
    """
    copies = {name for name in existing if name.startswith(COPY_PREFIX)}
    stale = {name for name in copies if not _is_alive(name)}
    spared = () if copies == stale else (TEMPLATE_PREFIX,)
    stale |= {name for name in existing if name.startswith(TEMPLATE_PREFIX) and name != keep}
    roles = admin.execute(
        "SELECT DISTINCT split_part(rolname, '__', 1) FROM pg_roles WHERE rolname LIKE 'palier\\_te%\\_\\_%'"
    ).fetchall()
    stale |= {row[0] for row in roles if row[0] not in existing}
    # Copies first: their roles hold to the template's.
    for name in sorted(stale, key=lambda name: name.startswith(TEMPLATE_PREFIX)):
        if not name.startswith(spared):
            drop_database(admin, name)


def _is_alive(copy: str) -> bool:
    return Path(f"/proc/{copy.removeprefix(COPY_PREFIX).partition('_')[0]}").exists()


def drop_database(admin: psycopg.Connection[Any], name: str) -> None:
    """Drop a database, then its roles. Idempotent."""
    if found := admin.execute("SELECT datistemplate FROM pg_database WHERE datname = %s", [name]).fetchone():
        if found[0]:
            admin.execute(sql.SQL("ALTER DATABASE {} WITH IS_TEMPLATE false").format(sql.Identifier(name)))
        # Each login may end its own connections only, such as those of a test server's threads. They take an instant
        # to go, for which DROP waits; WITH (FORCE) would try to end them again, and be refused.
        own = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user"
        admin.execute(own, [name])
        with server(settings.DATABASES["default"]) as web:
            web.execute(own, [name])
        admin.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
    for role in _roles_of(admin, name):
        admin.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))
