"""The database backend that holds the walls between towns.

django-tenants sends `SET search_path` for the session. Here one round trip sets the search_path **and the role** of
the town, for the running transaction only: at its end the connection is back to the bare login, which can read
nothing. So a statement outside a transaction, a connection lent by a pooler or a forgotten switch meets PostgreSQL's
refusal, never another town's rows. See docs/decisions/2026-11-21-walls-last-one-transaction.md.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import DatabaseError, transaction
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django_tenants.postgresql_backend import base
from django_tenants.utils import quote_schema_name

PUBLIC = "public"
# Who a connection is: the web's login takes the role of one town for one transaction; the login that opens and
# migrates keeps the role of the owner for its whole session.
TOWN_WALL, OWNER_WALL = "town", "owner"


class WrongTownError(DatabaseError):
    """PostgreSQL answered another role or search_path than the one asked for: nothing may run on this connection."""


class SchemaEditor(DatabaseSchemaEditor):
    """Django's, without the `_like` twin of each text index: the databases collate in C, where one index does both."""

    def _create_like_index_sql(self, model: Any, field: Any) -> None:
        return None


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that enters a town for one transaction at a time."""

    SchemaEditorClass = SchemaEditor

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # The version of what the current town shows, once it was asked for (tenants.pulse).
        self.pulse: str | None = None
        self._is_bare = False
        super().__init__(*args, **kwargs)
        self.wall: str = self.settings_dict.get("WALL", TOWN_WALL)

    @property
    def role(self) -> str:
        """The role that the current schema asks for. Roles belong to the server: the database prefixes them."""
        if self.wall == OWNER_WALL:
            return f"{self.settings_dict['NAME']}__owner"
        # A window on shared tables has a role of its own in the public schema (tenants.windows).
        return f"{self.settings_dict['NAME']}__{getattr(self.tenant, 'role_name', self.schema_name)}"

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        """Say in which town the next transaction is; nothing is sent.

        Not django-tenants' own: that one also clears the content types of the process (see tenants.contenttypes).
        """
        self.tenant = tenant
        self.schema_name = tenant.schema_name
        self.include_public_schema = include_public
        self.set_settings_schema(tenant.schema_name)
        self.pulse = None
        self.search_path_set_schemas = None

    def _handle_search_path(self, cursor: Any = None) -> None:
        """Set role and search_path in one round trip, where they are not set yet.

        Outside a transaction the web's login stays bare: PostgreSQL then refuses every table but the pulse.
        """
        if self._setting_search_path or self.search_path_set_schemas or self._is_bare:
            return
        if self.wall == TOWN_WALL and not self.in_atomic_block:
            return
        schemas = self._get_cursor_search_paths()
        wanted = (self.role, ", ".join(quote_schema_name(schema) for schema in schemas))
        is_local = self.wall == TOWN_WALL
        self._setting_search_path = True
        own_cursor = self.connection.cursor() if cursor is None else None
        try:
            running = own_cursor or cursor
            running.execute(
                "SELECT set_config('role', %s, %s), set_config('search_path', %s, %s)",
                (wanted[0], is_local, wanted[1], is_local),
            )
            answered = running.fetchone()
        except (DatabaseError, psycopg.Error) as error:
            # An aborted transaction refuses this statement as it will refuse the next one, unless that is the
            # rollback. Any other error means that the next statement would run as somebody else.
            if not isinstance(error.__cause__ or error, psycopg.errors.InFailedSqlTransaction):
                raise
        else:
            if answered != wanted:
                raise WrongTownError(f"asked for {wanted}, the server answered {answered}")
            self.search_path_set_schemas = schemas
        finally:
            self._setting_search_path = False
            if own_cursor is not None:
                own_cursor.close()

    @contextmanager
    def bare(self) -> Iterator[None]:
        """Run a block as the login itself: only it may make roles."""
        self._is_bare = True
        try:
            if self.search_path_set_schemas:
                with self.cursor() as cursor:
                    cursor.execute("SET ROLE NONE")
            yield
        finally:
            self._is_bare = False
            self.search_path_set_schemas = None

    def commit(self) -> None:
        """Commit; the role and the search_path of the transaction are gone with it."""
        super().commit()
        self._forget_wall()

    def rollback(self) -> None:
        """Roll back; what was cached from the undone rows is forgotten with them."""
        super().rollback()
        self._forget_wall()
        self._forget_cached()

    def savepoint_rollback(self, sid: str) -> None:
        """Roll back to a savepoint; as for `rollback`."""
        super().savepoint_rollback(sid)
        self._forget_cached()

    def _forget_wall(self) -> None:
        if self.wall == TOWN_WALL:
            self.search_path_set_schemas = None

    def _forget_cached(self) -> None:
        from tenants import pulse

        pulse.forget(self.schema_name)

    def on_commit(self, func: Callable[[], Any], robust: bool = False) -> None:
        """Register work for after the commit; it runs in the same town, in a transaction of its own."""
        if self.wall == OWNER_WALL or not callable(func):
            return super().on_commit(func, robust)
        town = self.tenant

        @functools.wraps(func)
        def in_its_town() -> None:
            previous = self.tenant
            self.set_tenant(town)
            try:
                with transaction.atomic(using=self.alias):
                    func()
            finally:
                self.set_tenant(previous)

        return super().on_commit(in_its_town, robust)
