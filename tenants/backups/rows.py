"""The rows of a schema as text, in an order and a form that do not depend on the server: so two hashes compare."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from tenants.backups.errors import BackupError

# Rows by their key: a text key in the order of bytes, whatever the collation of the database.
TABLES = """
SELECT c.relname,
  (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''),
  coalesce(
    (SELECT string_agg(
       format('%%I', a.attname) || CASE WHEN a.attcollation <> 0 THEN ' COLLATE pg_catalog."C"' ELSE '' END, ', '
       ORDER BY key.place)
     FROM pg_index i
     CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS key (attnum, place)
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = key.attnum
     WHERE i.indrelid = c.oid AND i.indisprimary),
    'held::text COLLATE pg_catalog."C"')
FROM pg_class c
WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r'
ORDER BY c.relname
"""
# What changes how a value is written.
FORM = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, DMY",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
}


@dataclass(frozen=True)
class Table:
    """A table, the columns that can be written, and the SQL that puts its rows in order."""

    name: str
    columns: list[str]
    order: str


@dataclass(frozen=True)
class Counter:
    """A sequence, and where it stands; `is_called` says whether that value was given already."""

    name: str
    last_value: int
    is_called: bool


class Tally:
    """Counts and hashes rows as they pass."""

    def __init__(self) -> None:
        self.rows = 0
        self._digest = hashlib.sha256()

    def through(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Give the pieces on. A row of PostgreSQL's text format is one line: it escapes the others."""
        for piece in pieces:
            self.rows += piece.count(b"\n")
            self._digest.update(piece)
            yield piece

    @property
    def outcome(self) -> dict[str, Any]:
        """As the manifest keeps it."""
        return {"rows": self.rows, "sha256": self._digest.hexdigest()}


def tables_of(schema: str) -> list[Table]:
    """The tables of a schema, by name."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES, [schema])
        return [Table(*row) for row in cursor.fetchall()]


def counters_of(schema: str) -> list[dict[str, Any]]:
    """The sequences of a schema, as JSON. They are outside transactions: ahead of the rows of a snapshot, or with
    them, never behind."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'S' ORDER BY 1", [schema]
        )
        names = [name for (name,) in cursor.fetchall()]
        if not names:
            return []
        one = sql.SQL("SELECT {}, last_value, is_called FROM {}.{}")
        query = sql.SQL(" UNION ALL ").join(
            one.format(name, sql.Identifier(schema), sql.Identifier(name)) for name in names
        )
        cursor.execute(query.as_string(cursor.connection))
        return [asdict(Counter(*row)) for row in cursor.fetchall()]


def read_rows(schema: str, table: Table) -> Iterator[bytes]:
    """The rows of a table in PostgreSQL's text format, generated columns left out."""
    query = sql.SQL("COPY (SELECT {} FROM {}.{} AS held ORDER BY {}) TO STDOUT").format(
        sql.SQL(", ").join(map(sql.Identifier, table.columns)),
        sql.Identifier(schema),
        sql.Identifier(table.name),
        sql.SQL(table.order),
    )
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for piece in copy:
            yield bytes(piece)


def write_rows(schema: str, table: str, columns: list[str], pieces: Iterator[bytes]) -> None:
    """Put rows back in an empty table."""
    query = sql.SQL("COPY {}.{} ({}) FROM STDIN").format(
        sql.Identifier(schema), sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for piece in pieces:
            copy.write(piece)


def write_counters(schema: str, counters: list[Counter]) -> None:
    """Put sequences back where they stood."""
    with connection.cursor() as cursor:
        for one in counters:
            cursor.execute(
                "SELECT setval(format('%%I.%%I', %s::text, %s::text)::regclass, %s, %s)",
                [schema, one.name, one.last_value, one.is_called],
            )


def tally_of(schema: str, table: Table) -> dict[str, Any]:
    """Count and hash the rows that a table holds now."""
    tally = Tally()
    for _ in tally.through(read_rows(schema, table)):
        pass
    return tally.outcome


def fix_form() -> None:
    """Have values written alike, for the rest of the transaction."""
    with connection.cursor() as cursor:
        for name, value in FORM.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


@contextmanager
def snapshot_of(schema: str) -> Iterator[tuple[str, list[Table]]]:
    """One instant of a schema, for the whole block: the snapshot's name, which pg_dump can share, and the tables.

    Writers go on. A migration waits, since each table is locked against it; one that had begun is refused by
    BackupError.
    """
    tables = tables_of(schema)
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        # The very first statement, or PostgreSQL refuses it; the lock comes before the first row is seen.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        if tables:
            names = sql.SQL(", ").join(sql.SQL("{}.{}").format(*map(sql.Identifier, (schema, t.name))) for t in tables)
            cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(names).as_string(cursor.connection))
        fix_form()
        cursor.execute("SELECT pg_export_snapshot()")
        (name,) = cursor.fetchone()
        if tables_of(schema) != tables:
            raise BackupError("Une migration est en cours : relancez la sauvegarde quand elle est finie.")
        yield name, tables
