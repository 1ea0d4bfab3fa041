"""kill -9 between a number and its commit, and between a page and its commit; and files that somebody touched."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from billing.drafting import prepare_yearly
from billing.enums import DocumentKind
from billing.filing import DamagedError, make_pdf, stored
from billing.issuing import issue
from billing.jobs import make_invoice_pdf
from billing.models import DocumentFile, Invoice, Series
from billing.verifying import verify
from harness.billing import OPERATOR, TODAY, a_seller, ready
from harness.databases import FIRST_TOWN
from harness.dying import kill_it
from harness.jobs import empty_queue, run_worker, states
from harness.towns import entry_of
from tenants import walls
from tenants.context import PLATFORM, facing, platform_context

TASK = "billing.make_invoice_pdf"
# What a page of the console, and the worker, do; killed when all is written and nothing is committed.
DYING = """
import datetime
from billing import filing, issuing
from billing.models import Draft, Invoice
from tenants.context import platform_context

with platform_context():
    match sys.argv[2]:
        case "number": issuing.issue(Draft.objects.get(), on=datetime.date(2026, 11, 27), by="x")
        case "page": filing.make_pdf(Invoice.objects.get())
    die()
"""


@pytest.fixture(scope="module")
def draft(own_database):
    """One that is really there, and an empty queue."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
        empty_queue()
        with platform_context():
            contract = ready(entry_of(FIRST_TOWN), {"60509": 640}, town_id=None)
            made = prepare_yearly(contract, a_seller(), on=contract.begins_on, by=OPERATOR)
        yield made
        connection.close()


@pytest.fixture(scope="module")
def survived(own_database, draft):
    """An invoice whose number, then page, were made by who died; then made again."""
    told = {}
    kill_it(DYING, own_database, "number")
    with platform_context():
        told["rows"] = [one.objects.count() for one in (Invoice, DocumentFile)]
        told["ranks"] = Series.objects.filter(last_rank__gt=0).count()
        told["queued"] = sum(states(TASK).values())
        invoice = issue(draft, on=TODAY, by=OPERATOR)
    told["waiting"] = dict(states(TASK))
    kill_it(DYING, own_database, "page")
    with platform_context():
        told["pages"] = invoice.files.filter(kind=DocumentKind.PDF).count()
    run_worker()
    told["done"] = dict(states(TASK))
    return invoice, told


def test_killed_between_the_number_and_the_commit_there_is_no_hole(survived):
    invoice, told = survived
    assert (told["rows"], told["ranks"], told["queued"]) == ([0, 0], 0, 0)
    assert (invoice.number, told["waiting"]) == ("FA-2026-00001", {"todo": 1})


def test_killed_before_the_page_is_committed_the_next_worker_makes_it(survived):
    invoice, told = survived
    assert told["pages"] == 0
    assert told["done"] == {"succeeded": 1}
    with platform_context():
        first = stored(invoice, DocumentKind.PDF)
    # A job may run again after it was done.
    make_invoice_pdf(invoice=invoice.pk)
    with platform_context():
        assert stored(invoice, DocumentKind.PDF) == first
        assert DocumentFile.objects.count() == 2
        assert list(verify()) == []


def test_what_changed_in_a_file_is_named(survived):
    """By who owns the tables, and took the triggers away first."""
    invoice, _ = survived
    with walls.provisioning(), facing(PLATFORM), transaction.atomic():
        make_pdf(invoice)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE billing_documentfile DISABLE TRIGGER only_added")
            cursor.execute("UPDATE billing_documentfile SET content = content || '\\x0a', size = size + 1")
        assert sorted(one.why for one in verify()) == ["son PDF a changé", "son XML a changé"]
        with pytest.raises(DamagedError, match="FA-2026-00001"):
            stored(invoice, DocumentKind.PDF)
        with pytest.raises(CommandError, match="son PDF a changé"):
            call_command("verify_invoices")
        transaction.set_rollback(True)
