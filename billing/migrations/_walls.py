"""How a table of the books is walled, for migrations: the platform sees every row, a town's window its own.

No role is named: they belong to the server, and a copy of the database has its own. Migrations that landed read what is
here: change nothing of it, add beside.
"""

from django.db import migrations

_PLATFORM = "current_setting('role') = current_database() || '__public'"
# The town that looks (tenants.windows.ROW_TOWN).
MINE = "town_id = nullif(current_setting('palier.town', true), '')::bigint"


def wall(table: str, seen: str) -> migrations.RunSQL:
    """The platform sees every row; a window, those of which `seen` is true."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; "
        f"CREATE POLICY billing_wall ON {table} USING (({_PLATFORM}) OR ({seen}))",
        f"DROP POLICY billing_wall ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    )


def only_added(table: str) -> migrations.RunSQL:
    """No row of it is changed or removed, by its owner either (0002_walls makes the function)."""
    return migrations.RunSQL(
        f"CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION billing_refuse_change()",
        f"DROP TRIGGER only_added ON {table}",
    )
