"""Invoices and credit notes as the town reads them: explained from its counts, followed until they are paid."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch

from billing.access import for_current_town
from billing.documents.payload import period_of
from billing.enums import BalanceState, Channel, DocumentKind, LineKind, Standing
from billing.models import DocumentFile, Invoice, InvoiceLine, LineEvidence
from billing.paying import Balance, balance_of, with_balances
from billing.statuses import words_of
from billing.town_books.papers import Explained, FileShown, LineShown, TotalsShown, file_shown, totals_of
from billing.town_books.reading import NotHereError, names_of, places, seniors
from core.french import day_words

FLOOR = "Ce qui manque pour atteindre le minimum de votre contrat."
# Colours of what is over, or asks something of the town.
TONES = {BalanceState.LATE: "warning", BalanceState.PAID: "success", BalanceState.CREDITED: "neutral"}


@dataclass(frozen=True)
class InvoiceRow:
    """An invoice or a credit note in the list."""

    pk: int
    number: str
    is_credit_note: bool
    issued_on: datetime.date
    period: str
    payable: Decimal
    left: Decimal
    due_on: datetime.date | None
    days_late: int
    state: str
    tone: str


@dataclass(frozen=True)
class Sending:
    """How a document went, and what was said of it since, in French."""

    words: str
    statuses: tuple[tuple[datetime.date, str], ...]


@dataclass(frozen=True)
class InvoicePage:
    """All that the page of an invoice, or of a credit note, says."""

    row: InvoiceRow
    buyer: str
    references: tuple[tuple[str, str], ...]
    lines: tuple[LineShown, ...]
    totals: TotalsShown
    mentions: tuple[str, ...]
    is_example: bool
    # Of a credit note, its invoice and why; of an invoice, its credit notes.
    source: tuple[int, str] | None
    reason: str
    credit_notes: tuple[InvoiceRow, ...]
    standing: str
    sendings: tuple[Sending, ...]
    payments: tuple[tuple[datetime.date, Decimal], ...]
    files: tuple[FileShown, ...]

    @property
    def has_pdf(self) -> bool:
        """Whether its document is made: it is within a minute."""
        return any(one.kind == DocumentKind.PDF for one in self.files)


def invoices_of_town(today: datetime.date) -> tuple[InvoiceRow, ...]:
    """Every invoice and credit note of the town, the last first. Three queries."""
    with for_current_town():
        found = list(with_balances(Invoice.objects.all()).order_by("-issued_on", "-pk"))
    return tuple(_row(one, today) for one in found)


def late_invoices(today: datetime.date) -> tuple[InvoiceRow, ...]:
    """Those that are to be paid, and late: for the people who may do something about it, and nobody else."""
    return late_among(invoices_of_town(today))


def late_among(found: Iterable[InvoiceRow]) -> tuple[InvoiceRow, ...]:
    """The same, of rows that are read already."""
    return tuple(one for one in found if one.days_late)


def invoice_page(pk: int, today: datetime.date) -> InvoicePage:
    """An invoice or a credit note of the town's. Raises NotHereError."""
    with for_current_town():
        evidence = LineEvidence.objects.select_related("snapshot").prefetch_related("snapshot__lines").order_by("pk")
        lines = InvoiceLine.objects.prefetch_related(Prefetch("evidence", queryset=evidence)).order_by("position")
        files = DocumentFile.objects.defer("content").order_by("kind")
        found = with_balances(Invoice.objects.filter(pk=pk)).select_related("source")
        invoice = found.prefetch_related(
            Prefetch("lines", queryset=lines), Prefetch("files", queryset=files), "allocations"
        ).first()
        if invoice is None:
            raise NotHereError(pk)
        notes = list(with_balances(Invoice.objects.filter(source=invoice)).order_by("pk"))
    said = invoice.payload
    names = names_of(_codes(invoice))
    shown = tuple(_line(one, names) for one in invoice.lines.all())
    return InvoicePage(
        row=_row(invoice, today),
        buyer=said["buyer"]["name"],
        references=tuple(_references(said)),
        lines=shown,
        totals=totals_of(said),
        mentions=tuple(one["words"] for one in said["mentions"]),
        is_example=any(one.is_example for line in shown for one in line.counts),
        source=(invoice.source.pk, invoice.source.number) if invoice.source else None,
        reason=said["credits"]["reason"] if invoice.source else "",
        credit_notes=tuple(_row(one, today) for one in notes),
        standing=balance_of(invoice, today=today).progress.standing.label,
        sendings=tuple(_sendings(invoice)),
        payments=tuple((one.paid_on, one.amount) for one in invoice.allocations.all()),
        files=tuple(map(file_shown, invoice.files.all())),
    )


def _row(invoice: Invoice, today: datetime.date) -> InvoiceRow:
    balance = balance_of(invoice, today=today)
    return InvoiceRow(
        pk=invoice.pk,
        number=invoice.number,
        is_credit_note=invoice.is_credit_note,
        issued_on=invoice.issued_on,
        period=period_of(invoice.payload["period"]).words,
        payable=-invoice.payable if invoice.is_credit_note else invoice.payable,
        left=max(balance.left, Decimal(0)),
        due_on=None if balance.left <= 0 else balance.due_on,
        days_late=balance.days_late,
        state="avoir" if invoice.is_credit_note else _state(balance),
        tone="neutral" if invoice.is_credit_note else TONES.get(balance.state, "info"),
    )


def _state(balance: Balance) -> str:
    """In a word or two; what stops an invoice comes before what is left of it."""
    if balance.left > 0 and balance.progress.is_stopped:
        return balance.progress.standing.label
    if balance.left > 0 and balance.progress.standing == Standing.NOT_SENT:
        return "en route vers vous"
    return balance.state.label


def _codes(invoice: Invoice) -> set[str]:
    every = (one for line in invoice.lines.all() for one in line.evidence.all())
    return {counted.commune_id for one in every for counted in one.snapshot.lines.all()}


def _line(line: InvoiceLine, names: dict[str, str]) -> LineShown:
    if line.kind == LineKind.FLOOR:
        return LineShown(line.words, line.count, line.unit, line.net, why=FLOOR)
    counts = tuple(_explained(one, names) for one in line.evidence.all())
    return LineShown(line.words, line.count, line.unit, line.net, counts)


def _explained(evidence: LineEvidence, names: dict[str, str]) -> Explained:
    """« 640 seniors comptés à Pont-Sainte-Maxence, au 1er octobre 2026, d’après le fichier exemple-insee.csv »."""
    count = evidence.snapshot
    counted = {one.commune_id for one in count.lines.all()}
    where = places([name for code, name in names.items() if code in counted])
    words = f"{seniors(count.total)} comptés {where}, au {day_words(count.as_of)}, d’après {count.source}"
    return Explained(count.pk, f"{words} (recensement {count.vintage})" if count.vintage else words, count.is_example)


def _references(said: dict[str, Any]) -> Iterable[tuple[str, str]]:
    labels = {"market": "Marché ou convention", "engagement": "Numéro d’engagement", "service": "Code service"}
    for name, label in labels.items():
        if said["references"].get(name):
            yield label, said["references"][name]


def _sendings(invoice: Invoice) -> Iterable[Sending]:
    """The last first."""
    for one in reversed(invoice.transmissions.all()):
        words = f"{_opening(Channel(one.channel).label)} le {day_words(one.sent_on)}"
        if one.flow_number:
            words += f", numéro de flux {one.flow_number}"
        said = ((status.said_on, _status(status.code, status.words)) for status in one.statuses.all())
        yield Sending(words, tuple(said))


def _opening(words: str) -> str:
    """Words as they begin a sentence; its names keep their capitals."""
    return words[:1].upper() + words[1:]


def _status(code: str, words: str) -> str:
    told = _opening(words_of(code))
    return f"{told} ({words})" if words else told
