"""Whether what was numbered is whole, unchanged and in order: chains, columns, lines, files, papers."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from billing.documents.payload import hash_of
from billing.enums import DocumentKind, QuoteState
from billing.enums import Series as SeriesOf
from billing.filing import LONGEST_WITHOUT_PDF, with_seals
from billing.identifiers import document_number
from billing.models import DocumentFile, Invoice, InvoiceLine, Quote, QuoteAcceptance, Series


@dataclass(frozen=True)
class Broken:
    """A link of the chain that does not hold, and why, in French."""

    number: str
    why: str


def verify() -> Iterator[Broken]:
    """Walk every series, and tell each link, file or paper that does not hold, the first of a series first.

    Each series is read with its own end, in one statement: whoever issues meanwhile breaks nothing.
    """
    end = Series.objects.filter(seller=OuterRef("seller"), series=OuterRef("series"), year=OuterRef("year"))
    invoices = (
        Invoice.objects.annotate(end=Subquery(end.values("last_rank")), end_hash=Subquery(end.values("last_hash")))
        .select_related("source")
        .prefetch_related("lines__evidence")
        .order_by("seller_id", "series", "year", "rank")
        .iterator(chunk_size=500)
    )
    for _, links in groupby(invoices, key=lambda one: (one.seller_id, one.series, one.year)):
        yield from _broken(list(links))
    its_own = Invoice.objects.filter(seller=OuterRef("seller"), series=OuterRef("series"), year=OuterRef("year"))
    for gone in Series.objects.filter(last_rank__gt=0).exclude(series=SeriesOf.QUOTE).exclude(Exists(its_own)):
        yield Broken(f"{gone.series}-{gone.year}", "toutes les factures de cette série ont disparu")
    yield from _broken_quotes()


def _broken(links: list[Invoice]) -> Iterator[Broken]:
    previous, expected = "", 1
    files: dict[int, list[DocumentFile]] = {}
    for file in with_seals(DocumentFile.objects.filter(invoice__in=links)):
        files.setdefault(file.invoice_id, []).append(file)
    for link in links:
        if link.rank != expected:
            yield Broken(document_number(SeriesOf(link.series), link.year, expected), "ce numéro manque")
        if link.previous_hash != previous:
            yield Broken(link.number, "elle ne suit pas la précédente")
        if link.hash != hash_of(link.payload, link.previous_hash):
            yield Broken(link.number, "son contenu a changé")
        if not _says_the_same(link):
            yield Broken(link.number, "ses colonnes ne disent pas ce que dit son contenu")
        yield from _broken_files(link, files.get(link.pk, []))
        previous, expected = link.hash, link.rank + 1
    last = links[-1]
    if (last.end, last.end_hash) != (last.rank, last.hash):
        yield Broken(last.number, "la série ne finit pas là")


def _broken_files(link: Invoice, files: list[DocumentFile]) -> Iterator[Broken]:
    kinds = {file.kind for file in files}
    if DocumentKind.XML not in kinds:
        yield Broken(link.number, "son XML manque")
    if DocumentKind.PDF not in kinds and link.issued_at < timezone.now() - LONGEST_WITHOUT_PDF:
        yield Broken(link.number, "son PDF n’est toujours pas fait")
    for file in files:
        yield from _changed(link.number, file)


def _changed(number: str, file: DocumentFile) -> Iterator[Broken]:
    if file.found != file.sha256:
        yield Broken(number, f"son {DocumentKind(file.kind).name} a changé")


def _says_the_same(link: Invoice) -> bool:
    """Whether its columns and lines, which pages show, say what its payload does, which its hash covers."""
    said = link.payload
    totals = [Decimal(said["totals"][name]) for name in ("net", "vat", "payable")]
    return (
        link.number == said["number"] == document_number(SeriesOf(link.series), link.year, link.rank)
        and link.issued_on.isoformat() == said["issued_on"]
        and [link.net, link.vat, link.payable] == totals
        and (link.source.number if link.source else None) == said.get("credits", {}).get("number")
        and [_line(line) for line in link.lines.all()] == [_said(line) for line in said["lines"]]
    )


def _line(line: InvoiceLine) -> tuple[object, ...]:
    days = line.starts_on.isoformat(), line.ends_on.isoformat()
    counts = sorted(one.snapshot_id for one in line.evidence.all())
    return (line.kind, line.words, *days, line.count, line.unit, line.net, counts)


def _said(line: dict[str, object]) -> tuple[object, ...]:
    amounts = Decimal(str(line["unit"])), Decimal(str(line["net"]))
    return (line["kind"], line["words"], line["starts_on"], line["ends_on"], line["count"], *amounts, line["evidence"])


def _broken_quotes() -> Iterator[Broken]:
    """Quotes are numbered too, and not chained: nobody owes what they say."""
    pdf = DocumentFile.objects.filter(quote=OuterRef("pk"), kind=DocumentKind.PDF)
    sent = Quote.objects.exclude(state=QuoteState.PREPARED).annotate(has_pdf=Exists(pdf))
    for _, quotes in groupby(
        sent.defer("payload", "terms", "lines").order_by("seller_id", "year", "rank"),
        key=lambda one: (one.seller_id, one.year),
    ):
        for expected, quote in enumerate(quotes, start=1):
            if quote.rank != expected:
                yield Broken(document_number(SeriesOf.QUOTE, quote.year, expected), "un numéro manque avant le suivant")
                break
            if not quote.has_pdf:
                yield Broken(quote.number, "son PDF manque")
    for file in with_seals(DocumentFile.objects.exclude(quote=None)).select_related("quote").order_by("quote", "kind"):
        yield from _changed(str(file.quote), file)
    for paper in with_seals(QuoteAcceptance.objects.exclude(content=None)).select_related("quote").order_by("quote"):
        if paper.found != paper.sha256:
            yield Broken(str(paper.quote), "le papier de son acceptation a changé")
