"""Searching a name reads the index of name keys, however few cards were merged or are of somebody who died."""

import pytest
from benchmarks.people import populate
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aid.people.services import search_people


@pytest.mark.django_db
def test_a_name_is_found_by_its_keys_whole_or_by_ear(town):
    populate(5_000)
    with CaptureQueriesContext(connection) as asked:
        search_people("Jeanne Martin")
    statements = [query["sql"] for query in asked.captured_queries]
    assert len(statements) == 2, "whole words, then by ear"
    for statement in statements:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {statement}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "Bitmap Index Scan on person_by_name_key" in plan, plan
