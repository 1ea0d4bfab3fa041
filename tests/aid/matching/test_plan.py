"""How PostgreSQL ranks a whole town: by one statement, that reads narrow lists once and looks nobody up."""

import re

import pytest
from benchmarks import matching
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aid.onboarding.models import Volunteer
from aid.proposals import picking
from harness import databases
from harness.towns import entry_of
from tenants.context import town_context

VOLUNTEERS = 2_000


@pytest.fixture
def request_of_a_busy_town(own_database):
    """Two thousand volunteers, their steps, likes and two months of proposals, as autovacuum leaves them."""
    town = entry_of(databases.FIRST_TOWN)
    with town_context(town):
        request = matching.populate(VOLUNTEERS)
    matching.analyse(town.schema_name)
    with town_context(town):
        yield request


def test_two_thousand_are_ranked_by_one_statement_that_looks_nobody_up(request_of_a_busy_town):
    need = picking.need_for(request_of_a_busy_town)
    found = picking.ranked(request_of_a_busy_town, need, among=Volunteer.objects.all())
    with CaptureQueriesContext(connection) as asked:
        assert len(found[:20]) == 20
    (statement,) = (query["sql"] for query in asked.captured_queries)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {statement}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Only Scan using person_by_commune on people_person" in plan, plan
    assert "Index Only Scan using record_by_volunteer_step on onboarding_steprecord" in plan, plan
    scans = re.findall(r"Scan (?:using|on) .* loops=(\d+)\)", plan)
    assert len(scans) >= 10, plan
    assert set(scans) == {"1"}, plan
