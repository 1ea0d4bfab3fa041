"""A schema out of a backup: definitions, rows, counters and files, then proof that they are what was saved."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django_tenants.postgresql_backend.base import FakeTenant

from tenants import dump, files, walls
from tenants.backups.errors import BackupError
from tenants.backups.members import Label, MemberReader
from tenants.backups.rows import Counter, counters_of, fix_form, tables_of, tally_of, write_counters, write_rows
from tenants.backups.sealing import DAMAGED
from tenants.backups.taking import PLACES
from tenants.context import facing
from tenants.fleet.migrating import migrate_schema, targets
from tenants.templates import append_only_tables

DIFFERENT = "Ce qui a été restauré diffère de ce qui avait été sauvegardé ({what}) : rien n’est gardé."


def check_migrations(section: Label) -> None:
    """Raise BackupError for a backup that a more recent code made: nothing here knows how to go back."""
    loader = MigrationLoader(None)
    known = set(loader.disk_migrations)
    for migration in loader.disk_migrations.values():
        known.update(migration.replaces)
    unknown = [f"{app}.{name}" for app, name in section["migrations"] if (app, name) not in known]
    if unknown:
        raise BackupError(
            f"Cette sauvegarde vient d’une version plus récente de Palier ({unknown[-1]}) : mettez Palier à jour."
        )


def rebuild(reader: MemberReader, section: Label, schema: str) -> dict[str, Any]:
    """Make the schema of a town whose role is there, in the caller's transaction; answer what it holds.

    Raises BackupError where it differs from what was saved. Then it is brought to the code's migrations.
    """
    walls.run("CREATE SCHEMA {schema}", schema=schema)
    fix_form()
    with connection.cursor() as cursor:
        cursor.execute(section["before"].replace(dump.PLACEHOLDER, schema))
    manifest = _take_members(reader, schema)
    write_counters(schema, [Counter(**one) for one in manifest["counters"]])
    with connection.cursor() as cursor:
        cursor.execute(section["after"].replace(dump.PLACEHOLDER, schema))
    _compare(schema, manifest)
    migrated = _migrate(schema)
    _grant(schema)
    return {
        "tables": len(manifest["tables"]),
        "rows": sum(one["rows"] for one in manifest["tables"].values()),
        "files": len(manifest["files"]),
        "migrated": migrated,
    }


def _take_members(reader: MemberReader, schema: str) -> Label:
    """Write rows and files as they come; answer the manifest, which is last."""
    while (label := reader.next_label()) is not None:
        if label["kind"] == "manifest":
            return label
        if label["kind"] == "table":
            write_rows(schema, label["name"], label["columns"], reader.content())
        elif label["kind"] == "file":
            _write_file(_path_of(schema, label), reader.content())
    raise BackupError(DAMAGED)


def _path_of(schema: str, label: Label) -> Path:
    """Where a file goes: inside its town's folder, whatever its name says."""
    if label["place"] not in PLACES:
        raise BackupError(DAMAGED)
    folder = files.folder_of(schema, label["place"]).resolve()
    path = (folder / label["path"]).resolve()
    if not path.is_relative_to(folder):
        raise BackupError(DAMAGED)
    return path


def _write_file(path: Path, pieces: Iterator[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for piece in pieces:
            file.write(piece)


def _compare(schema: str, manifest: Label) -> None:
    """Read everything again and raise BackupError at the first difference."""
    tables = tables_of(schema)
    if {table.name for table in tables} != set(manifest["tables"]):
        raise BackupError(DIFFERENT.format(what="les tables"))
    for table in tables:
        if tally_of(schema, table) != manifest["tables"][table.name]:
            raise BackupError(DIFFERENT.format(what=f"la table {table.name}"))
    if counters_of(schema) != manifest["counters"]:
        raise BackupError(DIFFERENT.format(what="les compteurs"))
    for label in manifest["files"]:
        path = _path_of(schema, label)
        if not path.is_file() or _digest(path) != label["sha256"]:
            raise BackupError(DIFFERENT.format(what="un fichier"))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _migrate(schema: str) -> bool:
    """Bring the schema to the code's migrations; say whether it lacked one."""
    with facing(FakeTenant(schema_name=schema)):
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(targets(executor, settings.TENANT_APPS)):
            return False
        with connection.cursor() as cursor:
            # A table whose deferred checks are still to come cannot be altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    migrate_schema(schema)
    return True


def _grant(schema: str) -> None:
    """What an opening grants: the role, its tables, nothing to change in journals."""
    held = dump.inventory(schema)
    walls.grant_town_tables(
        schema,
        tables=held.tables,
        append_only=append_only_tables().intersection(held.tables),
        sequences=held.sequences,
    )
