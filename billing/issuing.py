"""Issuing: a number without a hole, a payload that never changes, a link of a chain. One transaction, or nothing.

`dry_run` comes first, outside any lock: it asks public rules too, which take too long for who waits for a number.

A sequence of PostgreSQL loses a number at each rollback, `max() + 1` gives one twice: the row of the series is locked
until the commit (measured in the design, billing.md 4.5).
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import groupby

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from billing.adjusting import lines_of_adjustment
from billing.documents.checks import checked_xml, findings_of
from billing.documents.findings import Finding
from billing.documents.payload import Payload, credit_totals, hash_of, payload_of, series_of, totals_of
from billing.drafting import NotReadyError, engagement_of, lines_of_year
from billing.enums import DocumentKind, DraftKind
from billing.enums import Series as SeriesOf
from billing.filing import keep, with_seals
from billing.identifiers import HIGHEST_RANK, check_requirement, document_number
from billing.jobs import make_invoice_pdf
from billing.models import Contract, DocumentFile, Draft, Invoice, InvoiceLine, LineEvidence, Series
from billing.numbering import locked_series
from billing.periods import Period

# After its number: a worker was away for that long, or its job failed.
LONGEST_WITHOUT_PDF = datetime.timedelta(hours=1)


@dataclass(frozen=True)
class Broken:
    """A link of the chain that does not hold, and why, in French."""

    number: str
    why: str


def dry_run(drafts: Iterable[Draft], *, on: datetime.date) -> list[list[Finding]]:
    """Try drafts as they would be issued on a day: what is wrong with each, in order; nothing for one that may be.

    Each is tried whole, PDF and public rules included. Nothing is locked nor kept, and no number is taken.
    """
    composed = [_attempt(draft, on) for draft in drafts]
    found = iter(findings_of([one for one in composed if isinstance(one, dict)]))
    return [next(found) if isinstance(one, dict) else one for one in composed]


def preview(draft: Draft, *, on: datetime.date) -> Payload:
    """What a draft would say, issued on a day, under a number that is nobody's. Raises as `issue`."""
    return _composer(draft, on)(number=document_number(series_of(draft), on.year, HIGHEST_RANK))


@transaction.atomic
def issue(draft: Draft, *, on: datetime.date, by: str) -> Invoice:
    """Issue a draft, dated of a day; the same draft again answers the invoice that exists. Its PDF is a job's.

    Raises NotReadyError for a draft that is stale or a day before the last one issued, ValidationError for what the
    buyer asks for and is not given, RefusedError for what its XSD or our rules refuse, ValueError for a credit of more
    than is left, or past the 99,999th of a year.
    """
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    Contract.objects.select_for_update().get(pk=locked.contract_id)
    existing = Invoice.objects.filter(draft=locked).first()
    if existing is not None:
        return existing
    payload_under = _composer(locked, on)
    series = locked_series(locked.seller, series_of(locked), on)
    rank = series.last_rank + 1
    number = document_number(series_of(locked), on.year, rank)
    payload = payload_under(number=number)
    xml = checked_xml(payload)
    totals = {name: Decimal(amount) for name, amount in payload["totals"].items()}
    made = Invoice.objects.create(
        draft=locked,
        contract=locked.contract,
        seller=locked.seller,
        series=series.series,
        year=on.year,
        rank=rank,
        number=number,
        source=locked.source,
        issued_on=on,
        net=totals["net"],
        vat=totals["vat"],
        payable=totals["payable"],
        payload=payload,
        previous_hash=series.last_hash,
        hash=hash_of(payload, series.last_hash),
        issued_by=by,
    )
    _write_lines(made)
    keep(made, DocumentKind.XML, xml)
    make_invoice_pdf.defer(invoice=made.pk)
    series.last_rank, series.last_hash, series.last_issued_on = rank, made.hash, on
    series.save(update_fields=["last_rank", "last_hash", "last_issued_on"])
    return made


def verify() -> Iterator[Broken]:
    """Walk every series, and tell each link or file that does not hold, the first of a series first."""
    invoices = Invoice.objects.order_by("seller_id", "series", "year", "rank").iterator(chunk_size=500)
    # Quotes are numbered too, and not chained: nobody owes what they say.
    chained = Series.objects.exclude(series=SeriesOf.QUOTE)
    ends = {(one.seller_id, one.series, one.year): one for one in chained}
    for key, links in groupby(invoices, key=lambda one: (one.seller_id, one.series, one.year)):
        yield from _broken(list(links), ends.pop(key, None))
    for missing in ends.values():
        if missing.last_rank:
            yield Broken(f"{missing.series}-{missing.year}", "toutes les factures de cette série ont disparu")
    for file in with_seals(DocumentFile.objects.exclude(quote=None)).select_related("quote").order_by("quote", "kind"):
        yield from _changed(str(file.quote), file)


def _composer(draft: Draft, on: datetime.date) -> Callable[..., Payload]:
    """What makes the payload of a draft once its number is known; all that may be refused is refused before.

    Raises as `issue`.
    """
    buyer = draft.contract.buyer
    engagement = engagement_of(draft.contract, draft.starts_on)
    check_requirement(buyer.requirement, service=buyer.service_code, engagement=engagement)
    _refuse_stale(draft, on)
    regime = draft.seller.regime_on(draft.source.issued_on if draft.source else on)
    totals = totals_of(draft, regime)
    if draft.source is not None:
        totals = credit_totals(draft, draft.source, list(draft.source.credit_notes.all()))
    return partial(payload_of, draft, on=on, regime=regime, engagement=engagement, totals=totals)


def _attempt(draft: Draft, on: datetime.date) -> Payload | list[Finding]:
    """The payload of a draft under the last number of a year, as long as any; or why there is none."""
    try:
        return preview(draft, on=on)
    except ValidationError as refusal:
        return [Finding("PALIER-ACHETEUR", words) for words in refusal.messages]
    except ValueError as refusal:
        return [Finding("PALIER-BROUILLON", str(refusal))]


def _broken(links: list[Invoice], end: Series | None) -> Iterator[Broken]:
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
    if end is None or (end.last_rank, end.last_hash) != (links[-1].rank, links[-1].hash):
        yield Broken(links[-1].number, "la série ne finit pas là")


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
    said = link.payload
    return (said["number"], said["issued_on"]) == (link.number, link.issued_on.isoformat()) and [
        Decimal(said["totals"][name]) for name in ("net", "vat", "payable")
    ] == [link.net, link.vat, link.payable]


def _refuse_stale(draft: Draft, on: datetime.date) -> None:
    """A count corrected, a price or a VAT regime changed since it was prepared: what it says is not owed any more."""
    if draft.kind == DraftKind.CREDIT:
        return
    year = Period(draft.starts_on, draft.ends_on)
    if draft.kind == DraftKind.ADJUSTMENT:
        lines = lines_of_adjustment(draft, on=on)
    else:
        lines = lines_of_year(draft.contract, draft.seller, year, on=on)
    if lines != draft.lines:
        raise NotReadyError("Ce brouillon n’est plus à jour : préparez-le de nouveau.")


def _write_lines(invoice: Invoice) -> None:
    for position, line in enumerate(invoice.payload["lines"], start=1):
        kept = InvoiceLine.objects.create(
            invoice=invoice,
            position=position,
            kind=line["kind"],
            words=line["words"],
            starts_on=line["starts_on"],
            ends_on=line["ends_on"],
            count=line["count"],
            unit=Decimal(line["unit"]),
            net=Decimal(line["net"]),
        )
        LineEvidence.objects.bulk_create(LineEvidence(line=kept, snapshot_id=number) for number in line["evidence"])
