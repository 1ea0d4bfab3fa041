"""Numbers under writers at once, some of which give up; and a chain that names what was touched."""

import datetime
import random
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from billing.drafting import prepare_yearly
from billing.issuing import issue
from billing.models import Draft, Invoice, Series
from billing.verifying import verify
from harness.billing import OPERATOR, a_seller, ready
from harness.databases import FIRST_TOWN
from harness.towns import entry_of
from tenants import walls
from tenants.context import PLATFORM, facing, platform_context

PONT = "60509"
TODAY = datetime.date(2026, 11, 27)
WRITERS, EACH, GIVE_UP = 8, 12, 0.3


class GivenUpError(Exception):
    """Whoever issued changed their mind before the commit."""


def drafts(how_many):
    with platform_context():
        seller = a_seller()
        entry = entry_of(FIRST_TOWN)
        return [
            prepare_yearly(
                ready(entry, {PONT: 640}, town_id=None), seller, on=datetime.date(2026, 10, 1), by=OPERATOR
            ).pk
            for _ in range(how_many)
        ]


def issue_all(mine, seed):
    """Issue drafts one after the other, giving up before the commit for some; answer how many were kept."""
    luck, kept = random.Random(seed), 0
    try:
        for number in mine:
            try:
                with platform_context():
                    issue(Draft.objects.get(pk=number), on=TODAY, by=OPERATOR)
                    if luck.random() < GIVE_UP:
                        raise GivenUpError
                kept += 1
            except GivenUpError:
                pass
        return kept
    finally:
        connection.close()


@pytest.fixture(scope="module")
def issued(own_database):
    """Eight writers over one series, a third of whose transactions are undone."""
    numbers = drafts(WRITERS * EACH)
    with ThreadPoolExecutor(WRITERS) as pool:
        kept = sum(pool.map(issue_all, (numbers[start::WRITERS] for start in range(WRITERS)), range(WRITERS)))
    return kept


def test_no_number_is_missing_nor_given_twice(issued):
    with platform_context():
        ranks = list(Invoice.objects.order_by("rank").values_list("rank", flat=True))
        assert ranks == list(range(1, len(ranks) + 1))
        # One more where the test below ran first.
        assert len(ranks) in {issued, issued + 1}
        assert WRITERS * EACH * 0.5 < issued < WRITERS * EACH
        assert Series.objects.get(series="FA").last_rank == len(ranks)
        assert list(verify()) == []


def test_two_who_issue_the_same_draft_get_the_same_invoice(issued):
    with platform_context():
        before = Invoice.objects.count()
        draft = Draft.objects.filter(invoice=None).first()

    def once(_):
        try:
            with platform_context():
                return issue(draft, on=TODAY, by=OPERATOR).number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(once, range(4)))) == 1
    with platform_context():
        assert Invoice.objects.count() == before + 1


CHANGES = {
    "the amount that it says": "UPDATE billing_invoice SET payload = jsonb_set(payload, '{totals,net}', '\"1.00\"') "
    "WHERE rank = 3",
    "its column": "UPDATE billing_invoice SET net = 1 WHERE rank = 3",
    "its link": "UPDATE billing_invoice SET previous_hash = repeat('a', 64) WHERE rank = 3",
}


@pytest.mark.parametrize("statement", CHANGES.values(), ids=CHANGES)
def test_what_was_touched_is_named(issued, statement):
    """By who owns the tables, and took the triggers away first."""
    with walls.provisioning(), facing(PLATFORM), transaction.atomic():
        with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert isinstance(refusal.value.__cause__, psycopg.errors.RestrictViolation)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE billing_invoice DISABLE TRIGGER only_added")
            cursor.execute(statement)
        assert next(verify()).number == "FA-2026-00003"
        transaction.set_rollback(True)


def test_an_invoice_that_is_gone_is_named_and_the_command_fails(issued, capsys):
    call_command("verify_invoices")
    assert "rien à signaler" in capsys.readouterr().out
    with walls.provisioning(), facing(PLATFORM), transaction.atomic():
        with connection.cursor() as cursor:
            for table in ("billing_lineevidence", "billing_invoiceline", "billing_invoice"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER only_added")
            cursor.execute(
                "DELETE FROM billing_lineevidence WHERE line_id IN (SELECT l.id FROM billing_invoiceline l "
                "JOIN billing_invoice i ON i.id = l.invoice_id WHERE i.rank = 2)"
            )
            cursor.execute(
                "DELETE FROM billing_invoiceline WHERE invoice_id = (SELECT id FROM billing_invoice WHERE rank = 2)"
            )
            cursor.execute("DELETE FROM billing_invoice WHERE rank = 2")
        assert [one.number for one in verify()] == ["FA-2026-00002", "FA-2026-00003"]
        transaction.set_rollback(True)


def test_the_command_fails_on_a_broken_link(issued):
    with platform_context():
        Series.objects.filter(series="FA").update(last_hash="b" * 64)
        with pytest.raises(CommandError, match="la série ne finit pas là"):
            call_command("verify_invoices")
        transaction.set_rollback(True)
