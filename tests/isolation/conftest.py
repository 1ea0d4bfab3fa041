"""What the tests of the walls share: two open towns in a database where transactions really end."""

from collections.abc import Iterator

import pytest
from django.db import connection

from harness import databases
from tenants.registry import TownEntry, registry


@pytest.fixture
def towns(own_database: str) -> Iterator[tuple[TownEntry, TownEntry]]:
    """Pont-Sainte-Maxence and Lormes, neither entered; the connection must come back to neither."""
    both = []
    for domain in (databases.FIRST_TOWN, databases.SECOND_TOWN):
        entry, _ = registry.find(domain)
        assert entry is not None
        both.append(entry)
    yield both[0], both[1]
    try:
        assert (connection.schema_name, connection.in_atomic_block) == ("public", False)
    finally:
        connection.close()
