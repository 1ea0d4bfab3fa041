"""Bytes made once, sealed, served as they are stored (requirement 14); whatever fails on the way leaves no half."""

import datetime
import hashlib
import io

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from pypdf import PdfReader

from billing import filing, jobs, quoting
from billing.documents.findings import RefusedError
from billing.drafting import prepare_yearly
from billing.enums import DocumentKind
from billing.filing import NotMadeYetError, make_pdf, stored
from billing.issuing import dry_run, issue
from billing.models import DocumentFile, Draft, Invoice, Series
from billing.verifying import verify
from core.models import AppendOnlyError
from harness.billing import OPERATOR, TODAY, a_seller, quoted, ready
from harness.jobs import states

PONT = "60509"


def a_draft(entry, **changes):
    contract = ready(entry, {PONT: 640}, town_id=None, **changes)
    return prepare_yearly(contract, a_seller(), on=contract.begins_on, by=OPERATOR)


@pytest.fixture
def invoice(books):
    return issue(a_draft(books), on=TODAY, by=OPERATOR)


def test_bytes_are_stored_once_with_their_seal(invoice):
    xml = stored(invoice, DocumentKind.XML)
    with pytest.raises(NotMadeYetError, match="FA-2026-00001 n’est pas encore prêt"):
        stored(invoice, DocumentKind.PDF)
    make_pdf(invoice)
    kept = DocumentFile.objects.get(invoice=invoice, kind=DocumentKind.PDF)
    content = stored(invoice, DocumentKind.PDF)
    assert (kept.sha256, kept.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert xml.startswith(b"<?xml")
    with pytest.raises(AppendOnlyError):
        kept.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        filing.keep(invoice, DocumentKind.PDF, b"%PDF-")


def test_a_second_time_finds_the_file_and_makes_nothing(invoice, monkeypatch):
    make_pdf(invoice)
    first = stored(invoice, DocumentKind.PDF)
    monkeypatch.setattr(filing, "checked_pdf", lambda *_: pytest.fail("it is laid out again"))
    make_pdf(invoice)
    assert stored(invoice, DocumentKind.PDF) == first


def test_it_is_made_by_two_statements(invoice, django_assert_num_queries):
    with django_assert_num_queries(2):
        make_pdf(invoice)


def test_of_two_workers_at_once_the_first_one_is_right(invoice, monkeypatch):
    """The other stored its file while this one was laid out."""
    laid_out = filing.checked_pdf

    def meanwhile(payload, xml):
        filing.keep(invoice, DocumentKind.PDF, b"%PDF-the first one")
        return laid_out(payload, xml)

    monkeypatch.setattr(filing, "checked_pdf", meanwhile)
    make_pdf(invoice)
    assert stored(invoice, DocumentKind.PDF) == b"%PDF-the first one"


def test_a_page_that_cannot_be_made_is_tried_again(invoice, monkeypatch):
    monkeypatch.setattr(filing, "checked_pdf", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        make_pdf(invoice)
    assert list(DocumentFile.objects.values_list("kind", flat=True)) == ["xml"]
    monkeypatch.undo()
    make_pdf(invoice)
    assert list(verify()) == []


def test_a_full_disk_while_issuing_takes_no_number(books, monkeypatch):
    draft = a_draft(books)

    def full(*_args, **_kwargs):
        raise OperationalError("could not extend file: No space left on device")

    monkeypatch.setattr("billing.issuing.keep", full)
    with pytest.raises(OperationalError), transaction.atomic():
        issue(draft, on=TODAY, by=OPERATOR)
    monkeypatch.undo()
    assert not Invoice.objects.exists()
    assert not Series.objects.filter(last_rank__gt=0).exists()
    assert issue(draft, on=TODAY, by=OPERATOR).number == "FA-2026-00001"


def test_what_our_rules_refuse_takes_no_number(books):
    draft = a_draft(books)
    draft.seller.street = "r" * 200
    draft.seller.city = "v\x07" * 10
    draft.seller.save()
    [found] = dry_run([draft], on=TODAY)
    assert {one.rule for one in found} == {"PALIER-XML", "PALIER-SIGNE"}
    with pytest.raises(RefusedError), transaction.atomic():
        issue(Draft.objects.get(pk=draft.pk), on=TODAY, by=OPERATOR)
    assert not Series.objects.filter(last_rank__gt=0).exists()


def test_a_dry_run_keeps_nothing_and_tells_what_is_missing(books):
    first, second, third = a_draft(books), a_draft(books), a_draft(books)
    second.contract.buyer.requirement = "service"
    second.contract.buyer.save()
    third.lines = []
    found = dry_run([first, second, third], on=TODAY)
    assert [[one.rule for one in of_one] for of_one in found] == [[], ["PALIER-ACHETEUR"], ["PALIER-BROUILLON"]]
    assert "code service" in found[1][0].words
    for kept in (Invoice, DocumentFile, Series):
        assert not kept.objects.exists()
    assert dry_run([], on=TODAY) == []


def test_a_dry_run_reads_parties_once_and_each_draft_in_as_few_statements(books, django_assert_num_queries):
    drafts = [a_draft(books).pk for _ in range(3)]
    for count, statements in ((1, 11), (3, 25)):
        with django_assert_num_queries(statements):
            assert dry_run(Draft.objects.filter(pk__in=drafts[:count]), on=TODAY) == [[]] * count


def asked_for():
    """How many jobs, for the pages of invoices."""
    return states("billing.make_invoice_pdf").total()


def test_pages_that_are_missing_for_long_are_named_and_asked_for_again(invoice, monkeypatch):
    monkeypatch.setattr(jobs.connections, "close_all", lambda: None)
    jobs.make_missing_pdfs(timestamp=0)
    assert (list(verify()), asked_for()) == ([], 1), "once, when it was numbered"
    monkeypatch.setattr(timezone, "now", lambda: invoice.issued_at + datetime.timedelta(hours=2))
    assert [(one.number, one.why) for one in verify()] == [("FA-2026-00001", "son PDF n’est toujours pas fait")]
    jobs.make_missing_pdfs(timestamp=0)
    assert asked_for() == 2


def test_a_quote_is_stored_as_an_invoice_is(books):
    quote = quoting.send(quoted(books, {PONT: 640}), on=TODAY, by=OPERATOR)
    first = stored(quote, DocumentKind.PDF)
    assert list(verify()) == []
    said = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(first)).pages).split())
    for words in ("Devis", "DE-2026-00001", "Bon pour accord", "Ce qui est proposé", "640 personnes de 60 ans et plus"):
        assert words in said
