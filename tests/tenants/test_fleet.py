"""Migrations over all towns: nothing to do costs nothing, one failure stops nobody."""

from collections.abc import Iterator

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext

from harness.catalog import catalog_of
from harness.databases import FIRST_TOWN, SECOND_TOWN
from tenants import walls
from tenants.context import town_context
from tenants.fleet.deploying import migrate_fleet
from tenants.fleet.migrating import migrate_schemas
from tenants.models import BlueprintBuild
from tenants.opening import Request, open_town
from tenants.registry import registry

pytestmark = pytest.mark.usefixtures("own_database")


class AddNote(migrations.Migration):
    """What a later version of the house might bring: a column, and an append-only table's sister."""

    dependencies = [("facts", "0002_pulse")]
    operations = [migrations.AddField("fact", "note", models.CharField(max_length=20, default=""))]


@pytest.fixture
def later_migration(monkeypatch) -> Iterator[tuple[str, str]]:
    """Make the loader find one more migration, as if the code had it."""
    build = MigrationLoader.load_disk

    def with_one_more(self: MigrationLoader) -> None:
        build(self)
        self.disk_migrations["facts", "0003_note"] = AddNote("0003_note", "facts")

    monkeypatch.setattr(MigrationLoader, "load_disk", with_one_more)
    yield "facts", "0003_note"
    # Undo it: other tests of the module share the database.
    with walls.provisioning():
        for schema in [*_schemas(), *BlueprintBuild.objects.values_list("schema_name", flat=True)]:
            with connection.cursor() as cursor:
                cursor.execute(f'ALTER TABLE "{schema}".facts_fact DROP COLUMN IF EXISTS note')
                cursor.execute(f"DELETE FROM \"{schema}\".django_migrations WHERE name = '0003_note'")


def _schemas() -> list[str]:
    return [registry.find(domain)[0].schema_name for domain in (FIRST_TOWN, SECOND_TOWN)]


def _has_note(schema: str) -> bool:
    with walls.provisioning(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM information_schema.columns WHERE table_schema = %s AND column_name = 'note' "
            "AND table_name = 'facts_fact'",
            [schema],
        )
        return cursor.fetchone()[0] == 1


def test_nothing_to_do_costs_the_same_few_queries_whatever_the_number_of_towns():
    with walls.provisioning():
        counts = []
        # The first call also says who the connection is.
        for schemas in (_schemas(), _schemas()[:1], _schemas() * 20):
            with CaptureQueriesContext(connection) as queries:
                outcome = migrate_schemas(schemas)
            assert not outcome.migrated
            assert not outcome.failed
            counts.append(len(queries))
    assert counts[1] == counts[2]


def test_a_new_column_reaches_templates_and_towns_and_new_towns_are_born_with_it(later_migration):
    reported = []
    outcome = migrate_fleet(reported.append)
    assert sorted(outcome.migrated) == sorted(_schemas())
    assert outcome.failed == {}
    assert all(_has_note(schema) for schema in _schemas())
    newborn = open_town(Request(blueprint="bip-pop", name="Née après", communes=["35238"])).town
    assert _has_note(newborn.schema_name)
    with walls.provisioning():
        template = BlueprintBuild.objects.get(slug="bip-pop")
        assert catalog_of(template.schema_name) == catalog_of(newborn.schema_name) == catalog_of(_schemas()[0])
    again = migrate_fleet()
    assert again.migrated == []
    assert len(again.unchanged) == 3


@pytest.mark.long
def test_one_town_that_fails_is_told_and_the_others_are_done(later_migration):
    first, second = _schemas()
    with walls.provisioning(), connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{first}".facts_fact ADD COLUMN note integer')
    outcome = migrate_fleet()
    assert list(outcome.failed) == [first]
    assert "already exists" in outcome.failed[first]
    assert second in outcome.migrated
    # Nothing half done: the failed town is repaired, and the next call finishes it.
    with walls.provisioning(), connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{first}".facts_fact DROP COLUMN note')
    assert first in migrate_fleet().migrated


def test_what_a_migration_makes_is_used_at_once_and_append_only_stays_so(later_migration):
    from aid.facts.models import Fact

    migrate_fleet()
    town, _ = registry.find(FIRST_TOWN)
    with town_context(town), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO facts_fact (kind, happened_on, commune_code, minutes, note) "
            "VALUES ('service_done', '2026-11-21', '', 10, 'oui')"
        )
        assert Fact.objects.count() == 1
    with pytest.raises(ProgrammingError, match="permission denied"), town_context(town), connection.cursor() as cursor:
        cursor.execute("UPDATE facts_fact SET note = ''")
