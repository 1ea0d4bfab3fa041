"""What `make bench` measures of the loop, on the tests' server: counts, since times are a bench's."""

import pytest
from benchmarks import loop

from harness import databases

QUERIES, DESK_QUERIES = 5, 12


@pytest.mark.long
def test_answering_and_the_desk_ask_little_whatever_the_volunteers(own_database):
    told = []
    figures = loop.measure(host=databases.FIRST_TOWN, runs=2, report=told.append)
    assert figures["answer_queries"] <= QUERIES, figures
    assert figures["desk_queries"] <= DESK_QUERIES, figures
    assert len(told) == 1
