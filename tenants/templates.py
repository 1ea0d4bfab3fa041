"""Template schemas: one a blueprint, migrated and filled, from which its towns are made."""

import hashlib
import secrets
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django_tenants.postgresql_backend.base import FakeTenant

from tenants import blueprints, dump, files, walls
from tenants.blueprints import Blueprint
from tenants.fleet.migrating import migrate_schema
from tenants.folding import fold
from tenants.models import BlueprintBuild

# Letters and digits of an opaque name: no vowel, so that no word ever appears; 14 of them, never used twice.
ALPHABET = "bcdfghjklmnpqrstvwxz0123456789"
STARTER_FOLDERS = ("cms/starter", "tenants/blueprints")

Report = Callable[[str], None]


def opaque_name(prefix: str) -> str:
    """A new schema name that says nothing of the town: `prefix`, then 14 random characters."""
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(14))


@cache
def append_only_tables() -> frozenset[str]:
    """The tables that a town may add to and never change: journals, facts."""
    return walls.append_only_tables(settings.TENANT_APPS)


def fingerprint(blueprint: Blueprint) -> str:
    """A hash of what fills a template: the blueprint, the starter content and each room's `blueprint.py`."""
    digest = hashlib.sha256(blueprint.slug.encode())
    sources = [path for folder in STARTER_FOLDERS for path in sorted((settings.ROOT / folder).rglob("*"))]
    sources += sorted(
        Path(app.path) / "blueprint.py" for app in apps.get_app_configs() if app.name in settings.TENANT_APPS
    )
    for path in sources:
        if path.is_file() and path.suffix != ".pyc" and (path.suffix != ".toml" or path.stem == blueprint.slug):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def build_blueprints(report: Report = lambda line: None, *, force: bool = False) -> list[str]:
    """Build the templates whose blueprint changed, or all of them; give the names of those built.

    Each is built beside and takes the place of the old one in one transaction: a crash leaves the old one.
    """
    with walls.provisioning():
        kept = {build.slug: build for build in BlueprintBuild.objects.defer("ddl_before_data", "ddl_after_data")}
        wanted = [blueprints.load(slug) for slug in blueprints.slugs()]
        stale = [
            one for one in wanted if force or one.slug not in kept or kept[one.slug].fingerprint != fingerprint(one)
        ]
        _drop_strays(kept)
        if not stale:
            return []
        report("Préparation du modèle commun…")
        base = _build_base()
        try:
            for blueprint in stale:
                report(f"Modèle « {blueprint.title} »…")
                _build(blueprint, base)
        finally:
            walls.drop_town(base)
        return [blueprint.slug for blueprint in stale]


def _drop_strays(kept: dict[str, BlueprintBuild]) -> None:
    """Drop the templates that a killed build left behind."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'tpl\\_%%' AND NOT nspname = ANY(%s)",
            [[build.schema_name for build in kept.values()]],
        )
        strays = [name for (name,) in cursor.fetchall()]
    for stray in strays:
        walls.drop_town(stray)
        files.erase(stray)


def _build_base() -> str:
    """A schema migrated from nothing: the one time that all migrations run."""
    schema = opaque_name("tpl_")
    walls.run("CREATE SCHEMA {schema}", schema=schema)
    migrate_schema(schema)
    return schema


def _build(blueprint: Blueprint, base: str) -> None:
    """Replay the base and fill it. PostgreSQL rewrites some expressions when they are told once: so do we."""
    schema = opaque_name("tpl_")
    before, after = dump.definitions(base)[base]
    previous = BlueprintBuild.objects.filter(slug=blueprint.slug).values_list("schema_name", flat=True).first()
    with transaction.atomic():
        walls.run("CREATE SCHEMA {schema}", schema=schema)
        dump.replay(source=base, target=schema, before=before, after=after, held=dump.inventory(base))
        connection.set_tenant(FakeTenant(schema_name=schema))
        for installer in blueprints.installers():
            if installer.fill:
                installer.fill(blueprint)
        connection.set_schema_to_public()
    store(blueprint.slug, schema, fingerprint(blueprint), dump.definitions(schema)[schema])
    if previous:
        walls.drop_town(previous)
        files.erase(previous)


def store(slug: str, schema: str, mark: str, told: tuple[str, str]) -> None:
    """Keep what is needed to open towns from a template schema, whose definitions were `told` (tenants.dump)."""
    held = dump.inventory(schema)
    before, after = fold(*told, filled={one.table for one in held.filled})
    BlueprintBuild.objects.update_or_create(
        slug=slug,
        defaults={
            "schema_name": schema,
            "fingerprint": mark,
            "ddl_before_data": before,
            "ddl_after_data": after,
            "inventory": held.as_json(),
        },
    )
