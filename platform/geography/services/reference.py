"""Loading the official geography that ships with the product."""

import csv
import hashlib
import json
import lzma
from collections.abc import Callable
from pathlib import Path

from django.db import connection, transaction
from psycopg import sql
from psycopg.types.json import Jsonb

from geography.enums import IntercommunalityKind
from geography.models import Commune, FormerCommune, Intercommunality, ReferenceEdition
from geography.services.search import name_key

DATA = Path(__file__).resolve().parent.parent / "data"
REFERENCE = DATA / "france-2026.json.xz"
COORDINATES = DATA / "coordinates-demo.csv"


def load_reference(report: Callable[[str], object]) -> None:
    """Bring the reference tables to the edition that ships, in one transaction; `report` gets French lines.

    Costs one query when that edition is already there. Rows are added or updated by code, never removed: what
    the edition no longer knows is marked so, because towns and invoices may point to it. Coordinates that an
    operator imported are kept.
    """
    packed, coordinates = REFERENCE.read_bytes(), COORDINATES.read_bytes()
    fingerprint = hashlib.sha256(packed + coordinates).hexdigest()
    if ReferenceEdition.objects.filter(sha256=fingerprint).exists():
        return
    reference = json.loads(lzma.decompress(packed))
    with transaction.atomic():
        _load_areas(reference)
        _load_communes(reference)
        _fill_coordinates(coordinates.decode())
        ReferenceEdition.objects.update_or_create(
            id=1, defaults={"edition": reference["edition"], "sha256": fingerprint}
        )
        _refresh_statistics()
    report(
        f"Géographie {reference['edition']} : {len(reference['communes'])} communes,"
        f" {len(reference['intercommunalities'])} intercommunalités."
    )


def _load_areas(reference: dict) -> None:
    _upsert("geography_region", {"code": "text", "name": "text"}, reference["regions"])
    _upsert(
        "geography_department",
        {"code": "text", "name": "text", "region_id": "text", "time_zone": "text"},
        reference["departments"],
    )
    Intercommunality.objects.update(is_current=False)
    _upsert(
        "geography_intercommunality",
        {
            "siren": "text",
            "name": "text",
            "kind": "text",
            "population": "integer",
            "search_name": "text",
            "is_current": "boolean",
        },
        [
            [siren, name, kind, population, name_key(f"{name} {IntercommunalityKind(kind).label}"), True]
            for siren, name, kind, population in reference["intercommunalities"]
        ],
    )


def _load_communes(reference: dict) -> None:
    Commune.objects.update(is_current=False)
    _upsert(
        "geography_commune",
        {
            "code": "text",
            "name": "text",
            "department_id": "text",
            "siren": "text",
            "population": "integer",
            "postal_codes": "text[]",
            "intercommunality_id": "text",
            "search_name": "text",
            "is_current": "boolean",
        },
        [[*row, name_key(row[1]), True] for row in reference["communes"]],
    )
    FormerCommune.objects.all().delete()
    _upsert(
        "geography_formercommune",
        {"code": "text", "name": "text", "kind": "text", "commune_id": "text"},
        reference["former_communes"],
    )


def _upsert(table: str, columns: dict[str, str], rows: list[list]) -> None:
    """Insert `rows`, or update those whose key, the first of `columns` (names and types), is there.

    One statement: for all communes the ORM takes four times as long.
    """
    key, *others = columns
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    typed = (sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in columns.items())
    updates = (sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in others)
    statement = sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_to_recordset(%s) AS given ({typed})"
        " ON CONFLICT ({key}) DO UPDATE SET {updates}"
    ).format(
        table=sql.Identifier(table),
        names=names,
        typed=sql.SQL(", ").join(typed),
        key=sql.Identifier(key),
        updates=sql.SQL(", ").join(updates),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [Jsonb([dict(zip(columns, row, strict=True)) for row in rows])])


def _fill_coordinates(text: str) -> None:
    known = {row["code"]: row for row in csv.DictReader(text.splitlines())}
    communes = list(Commune.objects.filter(code__in=known, latitude=None))
    for commune in communes:
        commune.latitude, commune.longitude = (
            known[commune.code]["latitude"],
            known[commune.code]["longitude"],
        )
    Commune.objects.bulk_update(communes, ["latitude", "longitude"])


def _refresh_statistics() -> None:
    """Let the planner know at once, since the words of names have statistics of their own."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE geography_department, geography_intercommunality, geography_commune")
