"""A run that dies: the next one goes on, no town is billed twice, no number is missing."""

import pytest
from django.db import connection, connections

from billing.models import Contract, Invoice, Run, Seller
from billing.verifying import verify
from billing.yearly import run
from harness.billing import OPERATOR, TODAY, a_seller, ready
from harness.databases import FIRST_TOWN
from harness.dying import kill_it
from harness.towns import entry_of
from tenants.context import platform_context

pytestmark = pytest.mark.long
PONT = "60509"
TOWNS = 4

# What `manage.py bill` does, killed by itself at one line of the second contract.
DYING_RUN = """
import datetime
from django.core.management import call_command
from billing import issuing, yearly

def second_time(do):
    calls = []
    def called(*args, **kwargs):
        calls.append(1)
        return die() if len(calls) == 2 else do(*args, **kwargs)
    return called

match sys.argv[2]:
    case "numbered": issuing._write_lines = second_time(issuing._write_lines)
    case "written": yearly.RunItem.save = second_time(yearly.RunItem.save)
call_command("bill", year=2026, on=datetime.date(2026, 11, 27))
"""


@pytest.fixture(scope="module")
def contracts(own_database):
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
        with platform_context():
            a_seller()
        yield own_database
        connection.close()


@pytest.mark.parametrize("at", ["numbered", "written"])
def test_whoever_is_billed_is_billed_once(contracts, at):
    with platform_context():
        before = Invoice.objects.count()
        entry = entry_of(FIRST_TOWN)
        made = [ready(entry, {PONT: 640}, town_id=None).pk for _ in range(TOWNS)]
    kill_it(DYING_RUN, contracts, at)
    with platform_context():
        assert Invoice.objects.count() == before + 1
        under_way = Run.objects.get(ended_at=None)
        seller = Seller.objects.get()
        assert list(verify()) == []
    assert run(2026, seller, on=TODAY, by=OPERATOR) == under_way
    with platform_context():
        assert sorted(Invoice.objects.order_by("pk").values_list("contract", flat=True)[before:]) == made
        assert Contract.objects.filter(pk__in=made, run_items__run=under_way).count() == TOWNS
        assert list(verify()) == []
