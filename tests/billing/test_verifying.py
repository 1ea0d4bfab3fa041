"""What was touched after it had its number is named, and why: by who owns the tables, and disabled triggers first."""

from contextlib import contextmanager

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from billing import quoting
from billing.models import Series
from billing.verifying import verify
from harness.billing import OPERATOR, PDF, TODAY, an_invoice, quoted
from tenants import walls
from tenants.context import PLATFORM, facing, platform_context

PONT = "60509"
FIRST, SECOND, THIRD = (f"FA-2026-0000{rank}" for rank in (1, 2, 3))
CONTENT, COLUMNS = "son contenu a changé", "ses colonnes ne disent pas ce que dit son contenu"
AFTER = "elle ne suit pas la précédente"
ITS = f"(SELECT id FROM billing_invoice WHERE number = '{SECOND}')"
ITS_LINES = f"(SELECT id FROM billing_invoiceline WHERE invoice_id = {ITS})"
INVOICE, LINE, EVIDENCE = "billing_invoice", "billing_invoiceline", "billing_lineevidence"
FILE, QUOTE, PAPER = "billing_documentfile", "billing_quote", "billing_quoteacceptance"
# What is done, to which table; and what is said of it, in order.
TOUCHED = {
    "the amount that it says": (
        INVOICE,
        f"UPDATE {INVOICE} SET payload = jsonb_set(payload, '{{totals,net}}', '\"1.00\"') WHERE id = {ITS}",
        [(SECOND, CONTENT), (SECOND, COLUMNS)],
    ),
    "a word that it says": (
        INVOICE,
        f"UPDATE {INVOICE} SET payload = jsonb_set(payload, '{{buyer,name}}', '\"Un autre\"') WHERE id = {ITS}",
        [(SECOND, CONTENT)],
    ),
    "its column": (INVOICE, f"UPDATE {INVOICE} SET net = 1 WHERE id = {ITS}", [(SECOND, COLUMNS)]),
    "its link": (
        INVOICE,
        f"UPDATE {INVOICE} SET previous_hash = repeat('a', 64) WHERE id = {ITS}",
        [(SECOND, AFTER), (SECOND, CONTENT)],
    ),
    "a line": (LINE, f"UPDATE {LINE} SET count = count + 1 WHERE id IN {ITS_LINES}", [(SECOND, COLUMNS)]),
    "a line that is gone": (LINE, f"DELETE FROM {LINE} WHERE id = (SELECT max(id) FROM {LINE})", [(THIRD, COLUMNS)]),
    "where a line comes from": (EVIDENCE, f"DELETE FROM {EVIDENCE} WHERE line_id IN {ITS_LINES}", [(SECOND, COLUMNS)]),
    "its XML that is gone": (
        FILE,
        f"DELETE FROM {FILE} WHERE kind = 'xml' AND invoice_id = {ITS}",
        [(SECOND, "son XML manque")],
    ),
    "its PDF": (
        FILE,
        f"UPDATE {FILE} SET content = content || '\\x0a', size = size + 1 WHERE kind = 'pdf' AND invoice_id = {ITS}",
        [(SECOND, "son PDF a changé")],
    ),
    "one that is gone": (
        INVOICE,
        f"DELETE FROM {INVOICE} WHERE id = {ITS}",
        [(SECOND, "ce numéro manque"), (THIRD, AFTER)],
    ),
    "the last that is gone": (
        INVOICE,
        f"DELETE FROM {INVOICE} WHERE number = '{THIRD}'",
        [(SECOND, "la série ne finit pas là")],
    ),
    "all that are gone": (
        INVOICE,
        f"DELETE FROM {INVOICE}",
        [("FA-2026", "toutes les factures de cette série ont disparu")],
    ),
    "a quote that is gone": (
        QUOTE,
        f"DELETE FROM {QUOTE} WHERE rank = 1",
        [("DE-2026-00001", "un numéro manque avant le suivant")],
    ),
    "the PDF of a quote": (
        FILE,
        f"UPDATE {FILE} SET content = content || '\\x0a', size = size + 1 "
        f"WHERE quote_id = (SELECT id FROM {QUOTE} WHERE rank = 1)",
        [("DE-2026-00001", "son PDF a changé")],
    ),
    "the paper that accepts it": (
        PAPER,
        f"UPDATE {PAPER} SET content = content || '\\x0a'",
        [("DE-2026-00002", "le papier de son acceptation a changé")],
    ),
}


@pytest.fixture(scope="module", autouse=True)
def _kept(own_database):
    """Three invoices; two quotes, the second accepted by a signed paper."""
    with platform_context():
        for _ in range(3):
            an_invoice(None, {PONT: 640})
        quotes = [quoting.send(quoted(None, {PONT: 640}), on=TODAY, by=OPERATOR) for _ in range(2)]
        quoting.accept_signed(
            quotes[1], content=PDF, file_name="devis.pdf", name="Mme Roy", function="Directrice", on=TODAY, by=OPERATOR,
            today=TODAY,
        )  # fmt: skip
    yield
    connection.close()


@contextmanager
def touched(table, statement):
    """A statement, taken back at the end."""
    with walls.provisioning(), facing(PLATFORM), transaction.atomic():
        with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert isinstance(refusal.value.__cause__, psycopg.errors.RestrictViolation)
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(statement)
            assert cursor.rowcount
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", TOUCHED)
def test_what_was_touched_is_named_and_why(name):
    table, statement, told = TOUCHED[name]
    with touched(table, statement):
        assert [(one.number, one.why) for one in verify()] == told


def test_a_series_that_ends_elsewhere_is_named_and_the_command_fails(capsys):
    call_command("verify_invoices")
    assert "rien à signaler" in capsys.readouterr().out
    with platform_context():
        Series.objects.filter(series="FA").update(last_hash="b" * 64)
        with pytest.raises(CommandError, match=f"{THIRD}.*la série ne finit pas là"):
            call_command("verify_invoices")
        transaction.set_rollback(True)
