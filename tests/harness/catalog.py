"""What a schema holds, in a form that two of them can be compared."""

from typing import Any

from django.db import connection

QUERIES = {
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
               a.attstorage, a.attcollation, pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = %(schema)s::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
          AND c.relkind IN ('r', 'v')
        ORDER BY 1, 2""",
    "relations": """
        SELECT relname, relkind, relpersistence, split_part(pg_get_userbyid(relowner), '__', 2),
               obj_description(oid, 'pg_class')
        FROM pg_class WHERE relnamespace = %(schema)s::regnamespace ORDER BY 1""",
    "constraints": """
        SELECT c.relname, n.conname, n.contype, n.convalidated, n.condeferrable, n.condeferred,
               pg_get_constraintdef(n.oid)
        FROM pg_constraint n JOIN pg_class c ON c.oid = n.conrelid
        WHERE n.connamespace = %(schema)s::regnamespace ORDER BY 1, 2""",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = %(schema)s ORDER BY 1, 2",
    "sequences": """
        SELECT s.sequencename, s.data_type::text, s.start_value, s.increment_by, s.max_value, s.cache_size,
               d.refobjsubid, t.relname
        FROM pg_sequences s JOIN pg_class c ON c.relname = s.sequencename AND c.relnamespace = %(schema)s::regnamespace
        LEFT JOIN pg_depend d ON d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.classid = 'pg_class'::regclass
        LEFT JOIN pg_class t ON t.oid = d.refobjid
        WHERE s.schemaname = %(schema)s ORDER BY 1""",
    "triggers": """
        SELECT c.relname, t.tgname, t.tgenabled, t.tgdeferrable, pg_get_triggerdef(t.oid)
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = %(schema)s::regnamespace AND NOT t.tgisinternal ORDER BY 1, 2""",
    "functions": """
        SELECT proname, pg_get_functiondef(oid) FROM pg_proc
        WHERE pronamespace = %(schema)s::regnamespace ORDER BY 1""",
    "types": """
        SELECT typname, typtype FROM pg_type
        WHERE typnamespace = %(schema)s::regnamespace AND typtype IN ('e', 'd') ORDER BY 1""",
}


def catalog_of(schema: str) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that makes a schema what it is, but its name, its grants and its rows."""
    told = {}
    with connection.cursor() as cursor:
        for what, query in QUERIES.items():
            cursor.execute(query, {"schema": schema})
            told[what] = [tuple(_nameless(value, schema) for value in row) for row in cursor.fetchall()]
    return told


def _nameless(value: Any, schema: str) -> Any:
    return value.replace(schema, "SCHEMA") if isinstance(value, str) else value


def rows_of(schema: str) -> dict[str, str]:
    """A digest of the rows of each table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
        tables = [name for (name,) in cursor.fetchall()]
        digests = {}
        for table in tables:
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM \"{schema}\".\"{table}\" t"
            )
            digests[table] = cursor.fetchone()[0]
    return digests
