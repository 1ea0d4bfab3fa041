"""Migrations of every town: planned once, applied where they are missing, in parallel, each failure reported.

Django's own command loads the graph and renders every model for each schema it visits, which is what makes a deploy
over hundreds of towns last an hour. Here the applied migrations of all schemas are compared in one query; schemas that
stand at the same point share one plan, whose states are rendered once.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import AlterModelOptions, CreateModel, DeleteModel, RenameModel
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from django_tenants.postgresql_backend.base import FakeTenant
from psycopg import sql

from tenants.context import facing
from tenants.walls import provisioning

Report = Callable[[str], None]

# What changes the list of content types and permissions, which Django writes after migrations.
CHANGES_PERMISSIONS = (CreateModel, DeleteModel, RenameModel, AlterModelOptions)


@dataclass
class Step:
    """One migration of a plan, with the state before and after each of its operations."""

    migration: Migration
    operations: list[tuple[Any, ProjectState, ProjectState]]


@dataclass
class Plan:
    """What a group of schemas lacks."""

    steps: list[Step]

    @property
    def changes_permissions(self) -> bool:
        """Whether content types and permissions must be written again."""
        return any(
            isinstance(operation, CHANGES_PERMISSIONS) for step in self.steps for operation, _, _ in step.operations
        )


@dataclass
class Outcome:
    """What became of a fleet: schemas that were changed, that needed nothing, and that failed with their reason."""

    migrated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def targets(executor: MigrationExecutor, installed: Iterable[str]) -> list[tuple[str, str]]:
    """The last migrations of the applications that a schema holds.

    Those of the others would make nothing there: only their models would be rendered, again and again, which is most of
    the time that migrating takes.
    """
    labels = {AppConfig.create(entry).label for entry in installed}
    return [node for node in executor.loader.graph.leaf_nodes() if node[0] in labels]


def migrate_public() -> None:
    """Migrate the public schema, over the current connection (the owner's)."""
    connection.set_schema_to_public()
    _migrate_from_nothing(settings.SHARED_APPS)


def migrate_schema(schema: str) -> None:
    """Migrate one town's schema from nothing, over the current connection (the owner's)."""
    with facing(FakeTenant(schema_name=schema)):
        # Seen through the public schema, the table of migrations would be the public one.
        connection.set_tenant(connection.tenant, include_public=False)
        MigrationRecorder(connection).ensure_schema()
        connection.set_tenant(connection.tenant)
        _migrate_from_nothing(settings.TENANT_APPS)


def _migrate_from_nothing(installed: Iterable[str]) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(targets(executor, installed))
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)


def migrate_schemas(schemas: Iterable[str], *, workers: int = 2, report: Report = lambda line: None) -> Outcome:
    """Migrate many schemas. Each is a transaction a migration: what stops half-way goes on at the next call."""
    outcome = Outcome()
    with provisioning():
        groups = _by_applied_migrations(list(schemas))
        plans = {}
        for digest, members in groups.items():
            with facing(FakeTenant(schema_name=members[0])):
                plans[digest] = _plan()
    work = [(schema, plans[digest]) for digest, members in groups.items() for schema in members]
    outcome.unchanged = [schema for schema, plan in work if not plan.steps]
    lacking = [(schema, plan) for schema, plan in work if plan.steps]
    with ThreadPoolExecutor(max_workers=workers) as pool:
        # One batch a worker, since a connection costs more than a small migration.
        batches = [lacking[start::workers] for start in range(workers)]
        futures = [pool.submit(_migrate_batch, batch, outcome, report) for batch in batches if batch]
        for future in as_completed(futures):
            future.result()
    return outcome


def _migrate_batch(batch: list[tuple[str, Plan]], outcome: Outcome, report: Report) -> None:
    with provisioning():
        for schema, plan in batch:
            try:
                with facing(FakeTenant(schema_name=schema)):
                    _apply(plan)
                    if plan.changes_permissions:
                        emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
            except Exception as error:  # noqa: BLE001 (whatever a migration raises must not stop the other towns)
                outcome.failed[schema] = f"{type(error).__name__}: {error}".splitlines()[0]
                report(f"{schema} : échec, {outcome.failed[schema]}")
            else:
                outcome.migrated.append(schema)
                report(f"{schema} : à jour")


def _by_applied_migrations(schemas: list[str]) -> dict[str, list[str]]:
    """Group schemas by a digest of their applied migrations, in one query."""
    if not schemas:
        return {}
    one = sql.SQL("SELECT {name}, md5(string_agg(app || '.' || name, ',' ORDER BY app, name)) FROM {schema}.{table}")
    query = sql.SQL(" UNION ALL ").join(
        one.format(name=schema, schema=sql.Identifier(schema), table=sql.Identifier("django_migrations"))
        for schema in schemas
    )
    groups = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(query.as_string(cursor.connection))
        for schema, digest in cursor.fetchall():
            groups[digest or ""].append(schema)
    return groups


def _plan() -> Plan:
    """What the current schema lacks, with every state rendered, so that threads only read them."""
    executor = MigrationExecutor(connection)
    lacking = [migration for migration, _ in executor.migration_plan(targets(executor, settings.TENANT_APPS))]
    if not lacking:
        return Plan(steps=[])
    state = executor._create_project_state(with_applied_migrations=True)  # noqa: SLF001 (no public door to it)
    # Rendered here: what follows renders again what each operation touches and no more, and threads only read.
    state.apps.check_models_ready()
    steps = []
    for migration in lacking:
        operations = []
        for operation in migration.operations:
            before, state = state, state.clone()
            operation.state_forwards(migration.app_label, state)
            operations.append((operation, before, state))
        steps.append(Step(migration, operations))
    return Plan(steps)


def _apply(plan: Plan) -> None:
    """Apply a plan to the current schema: a migration and its record are one transaction."""
    recorder = MigrationRecorder(connection)
    for step in plan.steps:
        with connection.schema_editor(atomic=step.migration.atomic) as editor:
            for operation, before, after in step.operations:
                with ExitStack() as stack:
                    if not editor.atomic_migration and (operation.atomic or step.migration.atomic):
                        stack.enter_context(transaction.atomic())
                    operation.database_forwards(step.migration.app_label, editor, before, after)
            if editor.atomic_migration:
                _record(recorder, step.migration)
        if not step.migration.atomic:
            _record(recorder, step.migration)


def _record(recorder: MigrationRecorder, migration: Migration) -> None:
    """As Django's: a squashed migration counts as applied when each of those it replaces is.

    Not through `record_applied`, which first looks for its table in the catalog of every town.
    """
    for app_label, name in [*migration.replaces, (migration.app_label, migration.name)]:
        recorder.migration_qs.create(app=app_label, name=name)
