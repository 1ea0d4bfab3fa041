"""Issuing: a number without a hole, a payload that never changes, a link of a chain. One transaction, or nothing.

`dry_run` comes first, outside any lock: it asks public rules too, which take too long for who waits for a number.

A sequence of PostgreSQL loses a number at each rollback, `max() + 1` gives one twice: the row of the series is locked
until the commit (measured in the design, billing.md 4.5).
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import prefetch_related_objects

from billing.adjusting import is_still_owed, lines_of_adjustment
from billing.documents.checks import checked_xml, findings_of
from billing.documents.findings import Finding
from billing.documents.payload import Payload, credit_totals, hash_of, net_of, payload_of, series_of, totals_of
from billing.drafting import NotReadyError, left_to_credit, lines_of_year
from billing.engagements import engagement_of, follow_locked
from billing.enums import DECIDED_CREDITS, DocumentKind, DraftKind
from billing.filing import keep
from billing.identifiers import HIGHEST_RANK, check_requirement, document_number
from billing.jobs import make_invoice_pdf
from billing.models import Contract, Draft, Invoice, InvoiceLine, LineEvidence, SellerRegime
from billing.money import euros
from billing.numbering import locked_series, next_rank
from billing.periods import Period
from tenants.jobs import defer_with_rows


def dry_run(drafts: Iterable[Draft], *, on: datetime.date) -> list[list[Finding]]:
    """Try drafts as they would be issued on a day: what is wrong with each, in order; nothing for one that may be.

    Each is tried whole, PDF and public rules included. Nothing is locked nor kept, and no number is taken.
    """
    every = list(drafts)
    prefetch_related_objects(every, "contract__buyer", "seller", "source")
    refused: dict[int, list[Finding]] = {}
    found = iter(findings_of(_composed(every, on, refused)))
    return [refused[rank] if rank in refused else next(found) for rank in range(len(every))]


def preview(draft: Draft, *, on: datetime.date) -> Payload:
    """What a draft would say, issued on a day, under a number that is nobody's. Raises as `issue`."""
    return _composer(draft, on)(number=document_number(series_of(draft), on.year, HIGHEST_RANK))


@transaction.atomic
def issue(draft: Draft, *, on: datetime.date, by: str) -> Invoice:
    """Issue a draft, dated of a day; the same draft again answers the invoice that exists. Its PDF is a job's.

    Raises NotReadyError for a draft that is stale or a day before the last one issued, ValidationError for what the
    buyer asks for and is not given, RefusedError for what its XSD or our rules refuse. NotReadyError too for a credit
    of more than is left, or past the 99,999th of a year.
    """
    # The contract first, as whoever prepares does: the other way round, two would wait for each other.
    contract = Contract.objects.select_related("buyer").select_for_update(of=["self"]).get(pk=draft.contract_id)
    drafts = Draft.objects.select_related("seller", "invoice").select_for_update(of=["self"])
    try:
        locked = drafts.get(pk=draft.pk)
    except Draft.DoesNotExist as error:
        raise NotReadyError("Ce brouillon a été jeté, ou préparé de nouveau.") from error
    locked.contract = contract
    if hasattr(locked, "invoice"):
        return locked.invoice
    # What the town gave since it was prepared is on its invoice.
    follow_locked(contract)
    payload_under = _composer(locked, on)
    series = locked_series(locked.seller, series_of(locked), on)
    rank = next_rank(series)
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
    defer_with_rows(make_invoice_pdf.configure(), invoice=made.pk)
    series.last_rank, series.last_hash, series.last_issued_on = rank, made.hash, on
    series.save(update_fields=["last_rank", "last_hash", "last_issued_on"])
    return made


def _composer(draft: Draft, on: datetime.date) -> Callable[..., Payload]:
    """What makes the payload of a draft once its number is known; all that may be refused is refused before.

    Raises as `issue`.
    """
    buyer = draft.contract.buyer
    engagement = engagement_of(draft.contract, draft.starts_on)
    check_requirement(buyer.requirement, service=buyer.service_code, engagement=engagement)
    regime = draft.seller.regime_on(draft.source.issued_on if draft.source else on)
    _refuse_stale(draft, on, regime)
    totals = totals_of(draft, regime)
    if draft.source is not None:
        left = left_to_credit(draft.source)
        if net_of(draft) > left:
            raise NotReadyError(f"Il ne reste que {euros(left)} hors taxes à créditer : préparez-le de nouveau.")
        totals = credit_totals(draft, draft.source, list(draft.source.credit_notes.all()))
    return partial(payload_of, draft, on=on, regime=regime, engagement=engagement, totals=totals)


def _composed(drafts: Iterable[Draft], on: datetime.date, refused: dict[int, list[Finding]]) -> Iterator[Payload]:
    """The payload of each draft, one after the other, under the last number of a year, as long as any.

    Why there is none of some is added to `refused`, by their ranks.
    """
    for rank, draft in enumerate(drafts):
        try:
            yield preview(draft, on=on)
        except ValidationError as refusal:
            refused[rank] = [Finding("PALIER-ACHETEUR", words) for words in refusal.messages]
        except ValueError as refusal:
            refused[rank] = [Finding("PALIER-BROUILLON", str(refusal))]


def _refuse_stale(draft: Draft, on: datetime.date, regime: SellerRegime) -> None:
    """A count corrected, a price or a VAT regime changed since it was prepared: what it says is not owed any more."""
    year = Period(draft.starts_on, draft.ends_on)
    match draft.kind:
        case DraftKind.CREDIT:
            holds = draft.reason in DECIDED_CREDITS or is_still_owed(draft)
        case DraftKind.ADJUSTMENT:
            holds = lines_of_adjustment(draft, on=on) == draft.lines
        case _:
            holds = lines_of_year(draft.contract, year, regime) == draft.lines
    if not holds:
        raise NotReadyError("Ce brouillon n’est plus à jour : préparez-le de nouveau.")


def _write_lines(invoice: Invoice) -> None:
    said = invoice.payload["lines"]
    lines = InvoiceLine.objects.bulk_create(
        InvoiceLine(
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
        for position, line in enumerate(said, start=1)
    )
    LineEvidence.objects.bulk_create(
        LineEvidence(line=kept, snapshot_id=number)
        for kept, line in zip(lines, said, strict=True)
        for number in line["evidence"]
    )
