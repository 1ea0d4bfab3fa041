"""Issuing: a number without a hole, a payload that never changes, a link of a chain. One transaction, or nothing.

A sequence of PostgreSQL loses a number at each rollback, `max() + 1` gives one twice: the row of the series is locked
until the commit (measured in the design, billing.md 4.5).
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.db import transaction

from billing.adjusting import lines_of_adjustment
from billing.documents.payload import credit_totals, hash_of, payload_of, series_of, totals_of
from billing.drafting import NotReadyError, engagement_of, lines_of_year
from billing.enums import DraftKind
from billing.enums import Series as SeriesOf
from billing.identifiers import check_requirement, document_number
from billing.models import Contract, Draft, Invoice, InvoiceLine, LineEvidence, Series
from billing.numbering import locked_series
from billing.periods import Period


@dataclass(frozen=True)
class Broken:
    """A link of the chain that does not hold, and why, in French."""

    number: str
    why: str


@transaction.atomic
def issue(draft: Draft, *, on: datetime.date, by: str) -> Invoice:
    """Issue a draft, dated of a day; the same draft again answers the invoice that exists.

    Raises NotReadyError for a draft that is stale or a day before the last one issued, ValidationError for what the
    buyer asks for and is not given, ValueError for a credit of more than is left, or past the 99,999th of a year.
    """
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    Contract.objects.select_for_update().get(pk=locked.contract_id)
    existing = Invoice.objects.filter(draft=locked).first()
    if existing is not None:
        return existing
    buyer = locked.contract.buyer
    engagement = engagement_of(locked.contract, locked.starts_on)
    check_requirement(buyer.requirement, service=buyer.service_code, engagement=engagement)
    _refuse_stale(locked, on)
    regime = locked.seller.regime_on(locked.source.issued_on if locked.source else on)
    totals = totals_of(locked, regime)
    if locked.source is not None:
        totals = credit_totals(locked, locked.source, list(locked.source.credit_notes.all()))
    series = locked_series(locked.seller, series_of(locked), on)
    rank = series.last_rank + 1
    number = document_number(series_of(locked), on.year, rank)
    payload = payload_of(locked, number=number, on=on, regime=regime, engagement=engagement, totals=totals)
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
        net=totals.taxed.net,
        vat=totals.taxed.vat,
        payable=totals.payable,
        payload=payload,
        previous_hash=series.last_hash,
        hash=hash_of(payload, series.last_hash),
        issued_by=by,
    )
    _write_lines(made)
    series.last_rank, series.last_hash, series.last_issued_on = rank, made.hash, on
    series.save(update_fields=["last_rank", "last_hash", "last_issued_on"])
    return made


def verify() -> Iterator[Broken]:
    """Walk every series, and tell each link that does not hold, the first of a series first."""
    invoices = Invoice.objects.order_by("seller_id", "series", "year", "rank").iterator(chunk_size=500)
    # Quotes are numbered too, and not chained: nobody owes what they say.
    chained = Series.objects.exclude(series=SeriesOf.QUOTE)
    ends = {(one.seller_id, one.series, one.year): one for one in chained}
    for key, links in groupby(invoices, key=lambda one: (one.seller_id, one.series, one.year)):
        yield from _broken(list(links), ends.pop(key, None))
    for missing in ends.values():
        if missing.last_rank:
            yield Broken(f"{missing.series}-{missing.year}", "toutes les factures de cette série ont disparu")


def _broken(links: list[Invoice], end: Series | None) -> Iterator[Broken]:
    previous, expected = "", 1
    for link in links:
        if link.rank != expected:
            yield Broken(document_number(SeriesOf(link.series), link.year, expected), "ce numéro manque")
        if link.previous_hash != previous:
            yield Broken(link.number, "elle ne suit pas la précédente")
        if link.hash != hash_of(link.payload, link.previous_hash):
            yield Broken(link.number, "son contenu a changé")
        if not _says_the_same(link):
            yield Broken(link.number, "ses colonnes ne disent pas ce que dit son contenu")
        previous, expected = link.hash, link.rank + 1
    if end is None or (end.last_rank, end.last_hash) != (links[-1].rank, links[-1].hash):
        yield Broken(links[-1].number, "la série ne finit pas là")


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
