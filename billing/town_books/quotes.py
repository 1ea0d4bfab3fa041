"""Quotes as the town reads them: what was offered, how it was accepted."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch

from billing.access import for_current_town
from billing.enums import AcceptanceProof, DocumentKind, QuoteState
from billing.models import DocumentFile, Quote, QuoteAcceptance
from billing.quoting import is_over
from billing.town_books.papers import FileShown, LineShown, StoredFile, TotalsShown, file_shown, stored, totals_of
from billing.town_books.reading import NotHereError
from core.french import day_words


@dataclass(frozen=True)
class QuoteRow:
    """A quote in the list."""

    pk: int
    number: str
    issued_on: datetime.date
    valid_until: datetime.date
    payable: Decimal
    state: str
    tone: str


@dataclass(frozen=True)
class QuotePage:
    """All that the page of a quote says."""

    row: QuoteRow
    buyer: str
    terms: tuple[str, ...]
    communes: tuple[tuple[str, int], ...]
    source: str
    is_example: bool
    lines: tuple[LineShown, ...]
    totals: TotalsShown
    steps: tuple[tuple[datetime.date, str], ...]
    accepted: str
    has_signed_file: bool
    files: tuple[FileShown, ...]

    @property
    def has_pdf(self) -> bool:
        """Whether its document is made: it is within a minute."""
        return any(one.kind == DocumentKind.PDF for one in self.files)


def quotes_of_town(today: datetime.date) -> tuple[QuoteRow, ...]:
    """Every quote that was sent to the town, the last first."""
    with for_current_town():
        found = list(Quote.objects.exclude(state=QuoteState.PREPARED).order_by("-issued_on", "-pk"))
    return tuple(_quote_row(one, today) for one in found)


def quote_page(pk: int, today: datetime.date) -> QuotePage:
    """A quote that was sent to the town. Raises NotHereError."""
    with for_current_town():
        files = DocumentFile.objects.defer("content").order_by("kind")
        papers = QuoteAcceptance.objects.defer("content")
        sent = Quote.objects.exclude(state=QuoteState.PREPARED).filter(pk=pk)
        quote = sent.prefetch_related(
            "steps", Prefetch("files", queryset=files), Prefetch("acceptance", queryset=papers)
        ).first()
    if quote is None:
        raise NotHereError(pk)
    said, terms = quote.payload, quote.terms
    acceptance = getattr(quote, "acceptance", None)
    return QuotePage(
        row=_quote_row(quote, today),
        buyer=said["buyer"]["name"],
        terms=tuple(terms.get("words", ())),
        communes=tuple((one["name"], one["count"]) for one in terms.get("communes", ())),
        source=terms.get("source", {}).get("words", ""),
        is_example=terms.get("source", {}).get("is_example", False),
        lines=tuple(_quoted_line(one) for one in quote.lines),
        totals=totals_of(said),
        steps=tuple((one.at, _step(one.state, one.words)) for one in quote.steps.all()),
        accepted=_accepted(acceptance) if acceptance else "",
        has_signed_file=bool(acceptance and acceptance.sha256),
        files=tuple(map(file_shown, quote.files.all())),
    )


def signed_quote(pk: int) -> StoredFile:
    """The paper that accepted a quote of the town's, as it came. Raises NotHereError where it was an order alone."""
    with for_current_town():
        papers = QuoteAcceptance.objects.filter(quote=pk, content__isnull=False)
        found = papers.values_list("quote__number", "content", "sha256").first()
    return stored(found and (f"{found[0]}-accepte", *found[1:]), DocumentKind.PDF)


def _quote_row(quote: Quote, today: datetime.date) -> QuoteRow:
    over = is_over(quote, today)
    tones = {QuoteState.ACCEPTED: "success", QuoteState.REFUSED: "neutral"}
    return QuoteRow(
        pk=quote.pk,
        number=quote.number,
        issued_on=quote.issued_on,
        valid_until=quote.valid_until,
        payable=Decimal(quote.payload["totals"]["payable"]),
        state="plus valable" if over else _answer(quote),
        tone="neutral" if over else tones.get(QuoteState(quote.state), "info"),
    )


def _answer(quote: Quote) -> str:
    return "à accepter" if quote.state == QuoteState.SENT else QuoteState(quote.state).label


def _quoted_line(line: dict[str, Any]) -> LineShown:
    return LineShown(line["words"], line["count"], Decimal(line["unit"]), Decimal(line["net"]))


def _step(state: str, words: str) -> str:
    said = f"Devis {QuoteState(state).label}"
    return f"{said} : {words}" if words else f"{said}."


def _accepted(paper: QuoteAcceptance) -> str:
    by = f"par {paper.name}, {paper.function}, le {day_words(paper.accepted_on)}"
    if paper.proof == AcceptanceProof.ORDER:
        return f"Accepté {by}, par le bon de commande {paper.order_number}."
    return f"Accepté {by}, par un devis signé."
