"""The pulse of a town: one version that PostgreSQL itself changes when what the town shows has changed.

A process may keep in memory whatever it computed under a version. Tables that visitors see carry a deferred trigger
(`watch`), which writes a new version at the commit of whoever changed them: the next request of every process reads
it, in one query that the bare login may do, and finds its old entries under another key.
"""

import threading
from collections import Counter

from django.db import connection
from django.db.migrations.operations import RunSQL

PUBLIC = "public"
_undone: Counter[str] = Counter()
_undone_lock = threading.Lock()


def read(*schemas: str) -> dict[str, str]:
    """The versions of these schemas, in one query. A schema that is gone is not in the answer."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schema_name, version::text FROM public.tenants_pulse WHERE schema_name = ANY(%s)",
            [list(schemas)],
        )
        return dict(cursor.fetchall())


def current() -> str:
    """The version of the schema that the connection is in, read once for each time it is entered."""
    if connection.pulse is None:
        connection.pulse = read(connection.schema_name).get(connection.schema_name, "")
    return f"{connection.pulse}.{_undone[connection.schema_name]}"


def forget(schema: str) -> None:
    """Let this process's entries for a schema die: they may hold what a transaction wrote and then undid."""
    with _undone_lock:
        _undone[schema] += 1


class Watch(RunSQL):
    """A migration operation: changes to these tables of the schema beat its pulse.

    The function belongs to the public schema and runs as its owner, so that a town can beat its own pulse only. The
    trigger is deferred to the commit, where the row of the pulse is locked for an instant and nothing is asked for
    after it; once in a transaction is enough, which `xmin` tells.
    """

    def __init__(self, *tables: str) -> None:
        self.tables = tables
        super().__init__(
            sql=[
                f'CREATE CONSTRAINT TRIGGER beat_pulse AFTER INSERT OR UPDATE OR DELETE ON "{table}" '
                "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tenants_beat_pulse()"
                for table in tables
            ],
            reverse_sql=[f'DROP TRIGGER beat_pulse ON "{table}"' for table in tables],
        )

    def deconstruct(self) -> tuple[str, list[str], dict[str, str]]:
        """As Django asks of an operation."""
        return (self.__class__.__name__, list(self.tables), {})

    def describe(self) -> str:
        """Say it in a line of `migrate`."""
        return f"Beat the pulse when {', '.join(self.tables)} change"


BEAT_PULSE = """
CREATE FUNCTION public.tenants_beat_pulse() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.tenants_pulse SET version = gen_random_uuid()
  WHERE schema_name = TG_TABLE_SCHEMA AND xmin <> pg_current_xact_id()::xid;
  RETURN NULL;
END $$
"""
