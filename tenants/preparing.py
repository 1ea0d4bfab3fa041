"""Getting a database ready, from an empty one to one where towns can be opened. Idempotent."""

from collections.abc import Callable

from geography.services import load_reference
from tenants import walls
from tenants.fleet.deploying import migrate_fleet
from tenants.fleet.migrating import migrate_public
from tenants.templates import build_blueprints

Report = Callable[[str], None]


def prepare(report: Report = lambda line: None) -> None:
    """Make roles, shared tables, the reference of communes, the templates; migrate the towns that lack something."""
    with walls.provisioning():
        walls.prepare_database()
        report("Tables communes…")
        migrate_shared()
        load_reference(report)
        migrate_fleet(report)
        build_blueprints(report)


def migrate_shared() -> None:
    """Migrate the public schema, over the current connection (the owner's), and grant what it shares."""
    migrate_public()
    walls.grant_shared_tables()
