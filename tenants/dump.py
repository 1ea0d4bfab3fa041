"""A schema, told as the statements that make another one equal to it.

`pg_dump` tells the definitions, once, when a template is built; opening a town replays them and never calls it. Not
django-tenants' `clone_schema`, which is slower and not an equal copy (docs/benchmarks.md).
"""

import os
import re
import subprocess
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection
from psycopg import sql

from config.embedded_home import programs
from tenants.walls import role

# The comment that pg_dump writes above each object: what splits the text into statements.
ENTRY = re.compile(r"^-- Name: .*; Type: (?P<type>[A-Z ]+); Schema: (?P<schema>.*); Owner: .*$", re.MULTILINE)
AFTER_DATA = frozenset({"CONSTRAINT", "FK CONSTRAINT", "INDEX", "TRIGGER", "RULE", "CHECK CONSTRAINT"})
PLACEHOLDER = "{{schema}}"


class DumpError(RuntimeError):
    """pg_dump refused, or said something that is not understood."""


@dataclass(frozen=True)
class Filled:
    """A table that has rows, and the columns that can be written."""

    table: str
    columns: list[str]


@dataclass(frozen=True)
class Sequence:
    """A sequence that was used, and where it stands."""

    name: str
    last_value: int


@dataclass(frozen=True)
class Inventory:
    """What a schema holds, by name: listed once, since asking the catalog of two hundred towns is slow."""

    tables: list[str]
    sequences: list[str]
    filled: list[Filled]
    used: list[Sequence]

    def as_json(self) -> dict[str, Any]:
        """To be kept in a JSONField."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Inventory":
        """The reverse of `as_json`."""
        return cls(
            tables=kept["tables"],
            sequences=kept["sequences"],
            filled=[Filled(**one) for one in kept["filled"]],
            used=[Sequence(**one) for one in kept["used"]],
        )


def definitions(*schemas: str, snapshot: str = "") -> dict[str, tuple[str, str]]:
    """The statements that make each schema's objects, before and after its rows, with PLACEHOLDER for its name.

    They are those of a snapshot that another transaction exported, where one is named. Several are told at once:
    pg_dump reads the catalog of all the towns first, which takes most of its time.
    """
    if not schemas:
        return {}
    told: dict[str, tuple[list[str], list[str]]] = {schema: ([], []) for schema in schemas}
    text = _pg_dump(schemas, snapshot)
    entries = list(ENTRY.finditer(text))
    for entry, following in zip(entries, [*entries[1:], None], strict=True):
        if entry["type"] == "SCHEMA":
            continue
        body = text[entry.end() : following.start() if following else len(text)]
        statement = "\n".join(line for line in body.splitlines() if _is_statement(line))
        before, after = told[entry["schema"]]
        (after if entry["type"] in AFTER_DATA else before).append(statement)
    return {
        schema: tuple("\n".join(part).replace(f"{schema}.", f"{PLACEHOLDER}.") for part in parts)
        for schema, parts in told.items()
    }


def _is_statement(line: str) -> bool:
    return bool(line.strip()) and not line.startswith(("--", "\\restrict", "\\unrestrict"))


def _pg_dump(schemas: Iterable[str], snapshot: str) -> str:
    settings = connection.settings_dict
    environment = os.environ | {
        "PGHOST": settings["HOST"],
        "PGPORT": str(settings["PORT"] or ""),
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings.get("PASSWORD") or "",
        "PGDATABASE": settings["NAME"],
        "LC_ALL": "C",
    }
    done = subprocess.run(
        [
            str(programs() / "pg_dump"),
            "--schema-only",
            "--no-owner",
            "--no-privileges",
            *(f"--schema={schema}" for schema in schemas),
            f"--role={role('owner')}",
            *([f"--snapshot={snapshot}"] if snapshot else []),
        ],
        env={name: value for name, value in environment.items() if value},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DumpError(done.stderr.strip())
    return done.stdout


def inventory(schema: str) -> Inventory:
    """List a schema's tables and views, sequences, rows and counters."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relkind FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind IN "
            "('r', 'v', 'm', 'p', 'S') ORDER BY relname",
            [schema],
        )
        relations = cursor.fetchall()
        tables = [name for name, kind in relations if kind != "S"]
        sequences = [name for name, kind in relations if kind == "S"]
        filled = [Filled(name, _columns(cursor, schema, name)) for name in _with_rows(cursor, schema, tables)]
        # Not the view pg_sequences, which looks at those of every town.
        cursor.execute(
            "SELECT name, pg_sequence_last_value(format('%%I.%%I', %s::text, name)::regclass) "
            "FROM unnest(%s::text[]) AS name",
            [schema, sequences],
        )
        used = [Sequence(name, value) for name, value in cursor.fetchall() if value is not None]
    return Inventory(tables=tables, sequences=sequences, filled=filled, used=used)


def _with_rows(cursor: Any, schema: str, tables: list[str]) -> list[str]:
    """Those of the tables that have rows, in their order."""
    if not tables:
        return []
    one = sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
    each = [one.format(name, sql.Identifier(schema, name)) for name in tables]
    cursor.execute(sql.SQL(" UNION ALL ").join(each).as_string(cursor.connection))
    found = {name for (name,) in cursor.fetchall()}
    return [name for name in tables if name in found]


def _columns(cursor: Any, schema: str, table: str) -> list[str]:
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = format('%%I.%%I', %s::text, %s::text)::regclass "
        "AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        [schema, table],
    )
    return [name for (name,) in cursor.fetchall()]


def replay(*, source: str, target: str, before: str, after: str, held: Inventory) -> None:
    """Make in `target`, an empty schema, what `source` held when it was told. Runs in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(before.replace(PLACEHOLDER, target))
        copies = [
            sql.SQL("INSERT INTO {}.{} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {}.{}").format(
                sql.Identifier(target),
                sql.Identifier(one.table),
                columns := sql.SQL(", ").join(map(sql.Identifier, one.columns)),
                columns,
                sql.Identifier(source),
                sql.Identifier(one.table),
            )
            for one in held.filled
        ]
        counters = [
            sql.SQL("SELECT setval({}, {})").format(f'"{target}"."{one.name}"', one.last_value) for one in held.used
        ]
        cursor.execute(sql.SQL("; ").join(copies + counters).as_string(cursor.connection))
        cursor.execute(after.replace(PLACEHOLDER, target))
