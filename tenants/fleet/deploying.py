"""What a deploy does to the towns: templates first, so that no town is born old; then every town."""

from collections.abc import Callable

from tenants import dump, walls
from tenants.fleet.migrating import Outcome, migrate_schemas
from tenants.models import BlueprintBuild, Town
from tenants.templates import append_only_tables, store

Report = Callable[[str], None]


def migrate_fleet(report: Report = lambda line: None, *, workers: int = 2) -> Outcome:
    """Bring every template and town to the code's migrations. One town's failure stops no other: see the outcome."""
    with walls.provisioning():
        builds = {
            build.schema_name: build for build in BlueprintBuild.objects.only("slug", "schema_name", "fingerprint")
        }
        towns = list(Town.objects.with_schema().order_by("pk").values_list("schema_name", flat=True))
        templates = migrate_schemas(builds, workers=1, report=report)
        for schema, told in dump.definitions(*templates.migrated).items():
            store(builds[schema].slug, schema, builds[schema].fingerprint, told)
        outcome = migrate_schemas(towns, workers=workers, report=report)
        for schema in outcome.migrated:
            walls.close_append_only(schema, append_only_tables())
    outcome.failed |= templates.failed
    return outcome
