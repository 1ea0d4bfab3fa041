"""The bare login asks about one host; it lists neither towns nor domains."""

import pytest
from django.db import ProgrammingError, connection

from harness import databases
from tenants.registry import registry


def test_a_host_is_answered_in_one_statement_and_nothing_can_be_listed(own_database):
    registry.clear()
    town, version = registry.find(databases.FIRST_TOWN)
    assert (town.domain, town.name) == (databases.FIRST_TOWN, "Pont-Sainte-Maxence")
    assert registry.find(databases.FIRST_TOWN) == (town, version)
    assert version
    assert registry.find("ailleurs.localhost") == (None, "")

    for table in ("tenants_domain", "tenants_town"):
        with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM public.{table}")
