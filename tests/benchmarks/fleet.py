"""Deploys over all the towns: with nothing to do, and with one column to add."""

import statistics
import time
from typing import Any

from benchmarks import place
from django.test import override_settings

from tenants.fleet.deploying import migrate_fleet
from tenants.models import BlueprintBuild, Town
from tenants.walls import provisioning, run


class DeployError(RuntimeError):
    """A town failed to migrate: the time of it means nothing."""


def deploy() -> tuple[float, int]:
    """Migrate the fleet; give the seconds and how many towns were changed."""
    started = time.perf_counter()
    outcome = migrate_fleet()
    seconds = time.perf_counter() - started
    if outcome.failed:
        raise DeployError(str(outcome.failed))
    return seconds, len(outcome.migrated)


def take_the_column_back() -> None:
    """Undo the migration in every town and template, for the next run; not timed."""
    with provisioning():
        schemas = [*Town.objects.with_schema().values_list("schema_name", flat=True)]
        schemas += BlueprintBuild.objects.values_list("schema_name", flat=True)
        for schema in schemas:
            run("ALTER TABLE {schema}.facts_fact DROP COLUMN measured", schema=schema)
            run("DELETE FROM {schema}.django_migrations WHERE name = 'column_of_the_measures'", schema=schema)


def measure(*, runs: int, towns: int, report: Any) -> dict[str, Any]:
    """All figures about deploys."""
    report("Un déploiement sans rien à migrer…")
    nothing = [deploy() for _ in range(runs)]
    command = []
    for _ in range(3):
        started = time.perf_counter()
        place.run("manage.py", "migrate_towns", "--json")
        command.append(time.perf_counter() - started)
    report(f"Une colonne dans {towns} villes…")
    column = []
    with override_settings(MIGRATION_MODULES={"facts": "benchmarks.column"}):
        for _ in range(runs):
            column.append(deploy())
            take_the_column_back()
    if any(count != towns for _, count in column) or any(count for _, count in nothing):
        raise DeployError(f"towns changed by the column: {column}; where nothing was to be done: {nothing}")
    return {
        "noop_migrate_s": statistics.median(seconds for seconds, _ in nothing),
        "noop_migrate_command_s": statistics.median(command),
        "column_migrate_s": statistics.median(seconds for seconds, _ in column),
        "column_migrate_runs": runs,
    }
