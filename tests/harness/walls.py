"""What PostgreSQL itself says of the roles: asked directly, refused by name."""

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

RIGHTS_IN_SCHEMA = """
SELECT relname, privilege FROM pg_class CROSS JOIN unnest(%(table_rights)s::text[]) privilege
WHERE relnamespace = %(schema)s::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
AND (has_table_privilege(%(role)s, pg_class.oid, privilege)
     OR privilege IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
        AND has_any_column_privilege(%(role)s, pg_class.oid, privilege))
UNION ALL
SELECT relname, privilege FROM pg_class CROSS JOIN unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) privilege
WHERE relnamespace = %(schema)s::regnamespace AND relkind = 'S'
AND has_sequence_privilege(%(role)s, pg_class.oid, privilege)
UNION ALL
SELECT proname, 'EXECUTE' FROM pg_proc
WHERE pronamespace = %(schema)s::regnamespace AND has_function_privilege(%(role)s, oid, 'EXECUTE')
"""
TABLE_RIGHTS = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]


def assert_refused(statement: str) -> None:
    """PostgreSQL must say « insufficient privilege », not merely fail."""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert isinstance(refusal.value.__cause__, psycopg.errors.InsufficientPrivilege), refusal.value


def ask(statement: str, parameters: object = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def rights(role: str, schema: str) -> set[tuple[str, str]]:
    """What a role may do in a schema by any way: its own grants, its groups', everybody's, or on one column."""
    return set(ask(RIGHTS_IN_SCHEMA, {"table_rights": TABLE_RIGHTS, "role": role, "schema": schema}))
