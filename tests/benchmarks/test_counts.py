"""What the figures of `make bench` rest on and that no machine changes: counts of statements, tables, indexes."""

from collections.abc import Callable

import pytest
from benchmarks.queries import statements_of_a_visit
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from harness import databases
from tenants import walls
from tenants.fleet.deploying import migrate_fleet
from tenants.fleet.migrating import Outcome, migrate_schemas
from tenants.models import BlueprintBuild, Town
from tenants.registry import registry

MOST_TABLES, MOST_INDEXES = 150, 600


@pytest.fixture
def cold(own_database: str) -> None:
    """A process that remembers nothing, over a database where visits open transactions of their own."""
    for cache in caches.all(initialized_only=True):
        cache.clear()
    registry.clear()
    ContentType.objects.clear_cache()


def asked(deploy: Callable[[], Outcome]) -> int:
    """How many statements a deploy takes, from the public schema; it must find nothing to do."""
    connection.set_schema_to_public()
    with CaptureQueriesContext(connection) as log:
        outcome = deploy()
    assert (outcome.migrated, outcome.failed) == ([], {})
    return len(log.captured_queries)


def test_the_home_page_of_a_new_process_asks_little_and_the_next_one_a_single_question(cold):
    first = statements_of_a_visit(databases.FIRST_TOWN)
    again = statements_of_a_visit(databases.FIRST_TOWN)

    # 1 finds the town, 3 open and close its transaction; Wagtail asks 3; private pages, identity, kinds of help, facts
    # 1 each, and whom visitors find 1, with the rules.
    assert len(first) == 12, first
    assert len(again) == 1, again
    assert "tenants_pulse" in again[0]


def test_a_page_out_of_memory_still_asks_only_for_what_changes(cold):
    statements_of_a_visit(databases.FIRST_TOWN)
    rendered = statements_of_a_visit(databases.FIRST_TOWN, "/?rendered=anew")
    # Neither the town, content types, private pages, identity nor menu: pulse, transaction, site, page, facts.
    assert len(rendered) == 7, rendered


def test_a_town_stays_within_its_budget_of_tables_and_indexes(own_database):
    with walls.provisioning(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT town.schema_name, count(*) FILTER (WHERE relkind = 'r'), count(*) FILTER (WHERE relkind = 'i'), "
            "array_agg(relname::text) FILTER (WHERE relkind = 'i' AND relname LIKE '%%\\_like') "
            "FROM tenants_town town JOIN pg_class ON relnamespace = town.schema_name::regnamespace GROUP BY 1"
        )
        towns = cursor.fetchall()
    assert len(towns) == 2
    for schema, tables, indexes, twins in towns:
        assert 0 < tables <= MOST_TABLES, schema
        assert 0 < indexes <= MOST_INDEXES, schema
        assert twins is None, "the databases collate in C, where the index itself serves LIKE"


def test_a_deploy_with_nothing_to_do_asks_as_much_for_one_town_as_for_many(own_database):
    with walls.provisioning():
        towns = list(Town.objects.values_list("schema_name", flat=True))
        towns += BlueprintBuild.objects.values_list("schema_name", flat=True)
        one = asked(lambda: migrate_schemas(towns[:1]))
        many = asked(lambda: migrate_schemas(towns))
        whole = asked(migrate_fleet)

    assert len(towns) == 8  # two towns, six templates
    assert one == many
    # Templates, then towns; and the two lists of them.
    assert whole <= 2 * one + 2
