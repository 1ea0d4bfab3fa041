"""Keys of every cache: the database, the town, and the version of what it shows."""

from django.db import connection

from tenants import pulse


def make_key(key: str, key_prefix: str, version: int) -> str:
    """A key that no other town finds, nor the same town after a change of what it shows (KEY_FUNCTION)."""
    database = connection.settings_dict["NAME"]
    return f"{database}:{connection.schema_name}:{pulse.current()}:{key_prefix}:{version}:{key}"
