"""The roles of PostgreSQL that keep towns apart, and every grant, in this one file.

- the **web's login** may take the role of any town or of the platform, and inherits nothing from them;
- the **admin login** opens and migrates; it takes the role of the **owner**, which owns every schema and table;
- a **town's role** reads and writes its own tables, without UPDATE or DELETE on append-only ones;
- the group **towns** holds what any town may do on shared tables;
- a **window's role** reads, of some shared tables, the rows of the town that looks through it (tenants.windows).

It is a wall against our own mistakes. It does not stop injected SQL from `SET ROLE`: the web's login is a member of
all towns. It is never a member of the owner, so injected SQL reaches no DDL.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from psycopg import sql

from core.models import AppendOnly
from geography.tables import REFERENCE_TABLES
from tenants.postgresql.base import OWNER_WALL, DatabaseWrapper
from tenants.windows import Window, windows

JOBS_OF_MY_TOWN = "tenants_my_jobs"
FIND_HOST = "public.tenants_find_host(text)"
DEFER_JOBS = "procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[])"


class NotProvisioningError(RuntimeError):
    """This process has no login that may open, migrate or erase towns."""


@contextmanager
def provisioning() -> Iterator[DatabaseWrapper]:
    """Run a block over the login that opens and migrates, as the owner of every schema.

    The thread's default connection is replaced, so that the ORM, Wagtail and migrations all use it. What the usual
    connection has not committed is not seen. Raises NotProvisioningError where the process was not given that login.
    """
    usual = connections[DEFAULT_DB_ALIAS]
    if usual.wall == OWNER_WALL:
        yield usual
        return
    login = settings.PROVISIONING_DATABASE
    if login is None:
        raise NotProvisioningError("Ce programme n’a pas le droit d’ouvrir une ville : DATABASE_ADMIN_URL manque.")
    ours = DatabaseWrapper({**usual.settings_dict, **login, "NAME": usual.settings_dict["NAME"]}, alias=usual.alias)
    connections[DEFAULT_DB_ALIAS] = ours
    try:
        yield ours
    finally:
        ours.close()
        connections[DEFAULT_DB_ALIAS] = usual


def role(name: str) -> str:
    """The name on the server of a role of this database: a schema's, or `owner` or `towns`."""
    return f"{connection.settings_dict['NAME']}__{name}"


def web_login() -> str:
    """The login of the web and of the worker."""
    return settings.DATABASES[DEFAULT_DB_ALIAS]["USER"]


def run(statement: str, **names: str) -> None:
    """Run a statement whose {names} are identifiers."""
    with connection.cursor() as cursor:
        identifiers = {key: sql.Identifier(value) for key, value in names.items()}
        cursor.execute(sql.SQL(statement).format(**identifiers).as_string(cursor.connection))


def role_exists(name: str) -> bool:
    """Whether this database has this role."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT true FROM pg_roles WHERE rolname = %s", [role(name)])
        return cursor.fetchone() is not None


def prepare_database() -> None:
    """Make the roles of the database and give the public schema to the owner. Idempotent.

    Runs as the bare admin login, before any table exists: so before the connection asks for the owner's role.
    """
    ours = {"owner": role("owner"), "public": role("public"), "towns": role("towns"), "web": web_login()}
    database = connection.settings_dict["NAME"]
    looking = [window.role_name for window in windows()]
    with connection.bare():
        for name in ("owner", "public", "towns", *looking):
            if not role_exists(name):
                run("CREATE ROLE {role} NOLOGIN", role=role(name))
        run("GRANT {public}, {towns} TO {web}", **ours)
        for name in looking:
            run("GRANT {role} TO {web}", role=role(name), **ours)
        run("GRANT {owner}, {public}, {towns} TO CURRENT_USER", **ours)
        run("GRANT CREATE ON DATABASE {database} TO {owner}", database=database, **ours)
        run("REVOKE ALL ON DATABASE {database} FROM PUBLIC", database=database)
        run("GRANT CONNECT ON DATABASE {database} TO {web}", database=database, **ours)
        if not _owns_public(ours["owner"]):
            _make_public_anew(ours["owner"])
    run("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    run("GRANT USAGE ON SCHEMA public TO {public}, {towns}, {web}", **ours)
    # Functions are open to everybody unless said otherwise, and only this form of the command says so.
    run("ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC", **ours)
    _grant_later_objects("public", ours["public"])


def _make_public_anew(owner: str) -> None:
    """Give the empty public schema to the owner. Raises where somebody has put something in it.

    Not by ALTER: a login that inherits nothing may act as the database's owner by SET ROLE only, before PostgreSQL 16,
    and that role may give nothing away.
    """
    with transaction.atomic():
        run("SET LOCAL ROLE pg_database_owner")
        run("DROP SCHEMA public")
        run("SET LOCAL ROLE NONE")
        run("CREATE SCHEMA public AUTHORIZATION {owner}", owner=owner)


def _owns_public(owner: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'public'")
        return cursor.fetchone() == (owner,)


def grant_shared_tables() -> None:
    """What everybody may do in the public schema, once its tables are there. Idempotent.

    The platform's role reads and writes, and only adds to append-only tables. Towns read the reference tables and the
    pulse, and defer jobs. The bare web login reads the pulse, one version a town under opaque names, and asks which
    town answers on a host. A window's role has what its window says.
    """
    ours = {"public": role("public"), "towns": role("towns"), "web": web_login()}
    run("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {public}", **ours)
    run("GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {public}", **ours)
    run("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {public}", **ours)
    run("GRANT SELECT ON tenants_pulse TO {towns}, {web}", **ours)
    # To towns too: a preview of Wagtail's runs a request inside another.
    run(f"GRANT EXECUTE ON FUNCTION {FIND_HOST} TO {{towns}}, {{web}}", **ours)
    for table in REFERENCE_TABLES:
        run("GRANT SELECT ON {table} TO {towns}", table=table, **ours)
    run(f"GRANT EXECUTE ON FUNCTION {DEFER_JOBS} TO {{towns}}", **ours)
    run(f"GRANT SELECT ON {JOBS_OF_MY_TOWN} TO {{towns}}", **ours)
    close_append_only("public", append_only_tables(set(settings.SHARED_APPS) - set(settings.TENANT_APPS)))
    for window in windows():
        _grant_window(window)


def append_only_tables(installed: Iterable[str]) -> frozenset[str]:
    """The tables of some applications that are only added to: journals, facts, what was issued."""
    names = {AppConfig.create(entry).name for entry in installed}
    return frozenset(
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, AppendOnly) and apps.get_app_config(model._meta.app_label).name in names
    )


def _grant_window(window: Window) -> None:
    """Exactly what a window says: a table that it no longer names is taken back."""
    ours = {"looks": role(window.role_name)}
    run("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {looks}", **ours)
    run("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {looks}", **ours)
    run("GRANT USAGE ON SCHEMA public TO {looks}", **ours)
    for table in window.reads:
        run("GRANT SELECT ON {table} TO {looks}", table=table, **ours)
    for table in window.adds:
        run("GRANT INSERT ON {table} TO {looks}", table=table, **ours)
        run("GRANT USAGE ON SEQUENCE {sequence} TO {looks}", sequence=f"{table}_id_seq", **ours)


def create_town_role(schema: str) -> None:
    """Make the role of a town that is being opened."""
    with connection.bare():
        run("CREATE ROLE {town} NOLOGIN IN ROLE {towns}", town=role(schema), towns=role("towns"))
        run("GRANT {town} TO {web}", town=role(schema), web=web_login())


def grant_town_tables(
    schema: str, *, tables: Iterable[str], append_only: Iterable[str], sequences: Iterable[str]
) -> None:
    """Give a town its own tables, from lists: `ALL TABLES IN SCHEMA` scans the catalog of every town."""
    town = sql.Identifier(role(schema))
    inside = sql.Identifier(schema)
    append_only = set(append_only)

    def named(names: Iterable[str]) -> sql.Composed:
        return sql.SQL(", ").join(sql.SQL("{}.{}").format(inside, sql.Identifier(name)) for name in names)

    grants = [sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(inside, town)]
    for rights, names in (
        ("SELECT, INSERT, UPDATE, DELETE", [name for name in tables if name not in append_only]),
        ("SELECT, INSERT", sorted(append_only)),
    ):
        if names:
            grants.append(sql.SQL("GRANT " + rights + " ON {} TO {}").format(named(names), town))
    if sequences:
        grants.append(sql.SQL("GRANT USAGE, SELECT, UPDATE ON SEQUENCE {} TO {}").format(named(sequences), town))
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("; ").join(grants).as_string(cursor.connection))
    _grant_later_objects(schema, role(schema))


def close_append_only(schema: str, tables: Iterable[str]) -> None:
    """Take UPDATE and DELETE from a town, or from the platform, on tables that a migration has just made."""
    closed = sql.SQL(", ").join(sql.Identifier(schema, table) for table in sorted(tables))
    with connection.cursor() as cursor:
        # One statement: over hundreds of towns, going back and forth was most of it.
        statement = sql.SQL("REVOKE UPDATE, DELETE ON {} FROM {}").format(closed, sql.Identifier(role(schema)))
        cursor.execute(statement.as_string(cursor.connection))


def drop_town(schema: str) -> None:
    """Erase a town's schema and role. Idempotent."""
    run("DROP SCHEMA IF EXISTS {schema} CASCADE", schema=schema)
    if role_exists(schema):
        with connection.bare():
            # Its default privileges are the owner's to take back; they went with the schema.
            run("DROP ROLE {town}", town=role(schema))


def _grant_later_objects(schema: str, grantee: str) -> None:
    """Let tables and sequences that later migrations make be used at once."""
    names = {"owner": role("owner"), "schema": schema, "grantee": grantee}
    run(
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema} "
        "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {grantee}",
        **names,
    )
    run(
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema} "
        "GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {grantee}",
        **names,
    )
