"""Quotes: prepared, sent under a number and frozen, then accepted on a paper, which signs the contract, or declined.

A quote is priced by the rules that invoices are, on a contract that is not signed yet: what is accepted is what is
invoiced.
"""

import datetime
import hashlib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from billing.contracts import NotAllowedError, Price, covered_once, sign, year_of
from billing.counting import Figures, count_as_agreed, day_of_count, figures_agreed, figures_of_census
from billing.documents.paper import paper_of
from billing.documents.payload import Payload, payload_of, totals_of
from billing.documents.sheet import TYPE_OF_QUOTE
from billing.drafting import written
from billing.engagements import give
from billing.enums import (
    ACCEPT,
    DECLINE,
    QUOTE_CHANGES,
    SEND,
    AcceptanceProof,
    Adjusting,
    CountBasis,
    CountedOn,
    DocumentKind,
    DraftKind,
    FloorScope,
    PriceBasis,
    QuoteChange,
    QuoteState,
    YearStart,
)
from billing.enums import Series as SeriesOf
from billing.filing import keep
from billing.identifiers import document_number
from billing.models import Buyer, Contract, Draft, PricePeriod, Quote, QuoteAcceptance, QuoteStep, Seller
from billing.money import euros
from billing.numbering import locked_series, next_rank
from billing.pricing import Rates, Stretch, Terms, due
from billing.reckoning import days_running
from core.french import day_words
from core.pdf_files import is_whole_pdf, looks_like_pdf
from core.text import tidy
from geography.models import Commune

VALID_DAYS = 90
MOST_BYTES = 10 * 1024 * 1024
MOST_MEGABYTES = 10
# What a quote keeps of its contract; the rest is known when it is signed.
AGREED = (
    "reference", "begins_on", "ends_on", "year_start", "count_basis", "age", "counted_on", "price_basis", "floor_scope",
    "prorates_floor", "adjusting", "least_adjustment",
)  # fmt: skip


@transaction.atomic
def prepare(
    contract: Contract,
    *,
    seller: Seller,
    price: Price,
    communes: Iterable[Commune],
    on: datetime.date,
    by: str,
    numbers: Mapping[str, int] | None = None,
    source: str = "",
    again: Quote | None = None,
) -> Quote:
    """Prepare, on a day, the quote of a contract that is not kept yet, or one `again`; its `signed_on` is not asked.

    One that waits already and offers the same is the one that is prepared: a form sent twice makes one quote. Seniors
    are those of the last census, or `numbers` by code of commune, from a paper that `source` names: what is not counted
    by the census is given so. Raises ValidationError, by field, for what the contract would refuse; NotCountedError for
    what no source tells; NotAllowedError to prepare again what was sent.
    """
    quote = _locked(again, QuoteState.PREPARED) if again else None
    covered = covered_once(communes)
    contract.full_clean(exclude=["signed_on"])
    # What has a price, and nothing of a contract yet.
    PricePeriod(unit=price.unit, floor=price.floor, starts_on=contract.begins_on).full_clean(exclude=["contract"])
    figures = _figures(contract, covered, numbers, source)
    offered = {"seller": seller, "buyer": contract.buyer, "town": contract.town}
    offered |= {"terms": _terms(contract, price, covered, figures)}
    quote = quote or _waiting(**offered) or Quote()
    for name, value in offered.items():
        setattr(quote, name, value)
    quote.prepared_by = by
    quote.lines = preview(quote, on=on)["lines"]
    quote.save()
    return quote


def preview(quote: Quote, *, on: datetime.date, valid_days: int = VALID_DAYS) -> Payload:
    """What a quote would say if it were sent on a day, without its number. Nothing is written."""
    return _payload(quote, number="", on=on, valid_until=on + datetime.timedelta(days=valid_days))


@transaction.atomic
def send(quote: Quote, *, on: datetime.date, by: str, valid_days: int = VALID_DAYS) -> Quote:
    """Give a quote its number and freeze what it says, dated of a day and valid for some more.

    Raises NotAllowedError where it was sent already, NotReadyError for a day before the last quote's, ValidationError
    for a validity of no day, RefusedError for a sign that no font of the house prints. Its PDF is kept with it.
    """
    if valid_days < 1:
        raise ValidationError({"valid_days": "Un devis est valable un jour au moins."})
    locked = _locked(quote, *SEND.sources)
    series = locked_series(locked.seller, SeriesOf.QUOTE, on)
    locked.year, locked.rank = on.year, next_rank(series)
    locked.number = document_number(SeriesOf.QUOTE, on.year, locked.rank)
    locked.issued_on, locked.valid_until = on, on + datetime.timedelta(days=valid_days)
    locked.payload = _payload(locked, number=locked.number, on=on, valid_until=locked.valid_until)
    locked.lines = locked.payload["lines"]
    # What cannot be printed is not sent.
    content = paper_of(locked.payload)
    series.last_rank, series.last_issued_on = locked.rank, on
    series.save(update_fields=["last_rank", "last_issued_on"])
    sent = _take(locked, SEND, by=by)
    keep(sent, DocumentKind.PDF, content)
    return sent


def accept_signed(
    quote: Quote,
    *,
    content: bytes,
    file_name: str,
    name: str,
    function: str,
    on: datetime.date,
    by: str,
    today: datetime.date,
) -> Contract:
    """Take a quote as accepted by its signed PDF, kept as it came: the contract is signed with it.

    `on` is the day of the signature. Raises ValidationError, by field, for a file that is no PDF or too heavy, a
    signatory who is not named, or a day to come; NotAllowedError where it is accepted already, or was not valid that
    day; and what billing.contracts.sign refuses. Nothing is written then.
    """
    _check_pdf(content)
    proof = QuoteAcceptance(proof=AcceptanceProof.SIGNED, name=tidy(name), function=tidy(function), accepted_on=on)
    return _accept(quote, _with_file(proof, content, file_name), by=by, today=today)


def accept_by_order(
    quote: Quote,
    *,
    order_number: str,
    name: str,
    function: str,
    on: datetime.date,
    by: str,
    today: datetime.date,
    content: bytes = b"",
    file_name: str = "",
) -> Contract:
    """Take a quote as accepted by a numbered order of its buyer's, with its PDF where there is one.

    The number is that of the first invoice too (BT-13). Raises as `accept_signed`.
    """
    proof = QuoteAcceptance(proof=AcceptanceProof.ORDER, name=tidy(name), function=tidy(function), accepted_on=on)
    proof.order_number = tidy(order_number)
    if not proof.order_number:
        raise ValidationError({"order_number": "Donnez le numéro du bon de commande."})
    if content:
        _check_pdf(content)
        _with_file(proof, content, file_name)
    return _accept(quote, proof, by=by, today=today)


@transaction.atomic
def decline(quote: Quote, *, words: str, by: str) -> Quote:
    """Note that a buyer declines, and why. Raises ValidationError for no words, NotAllowedError from another state."""
    if not tidy(words):
        raise ValidationError({"words": "Dites pourquoi."})
    return _take(_locked(quote, *DECLINE.sources), DECLINE, by=by, words=tidy(words))


def may_renew(quote: Quote, today: datetime.date) -> bool:
    """Whether another quote of the same terms may be prepared: once one is declined, or over."""
    return quote.state == QuoteState.REFUSED or is_over(quote, today)


@transaction.atomic
def renew(quote: Quote, *, by: str, today: datetime.date) -> Quote:
    """Prepare another quote of the same terms; one that waits already is answered.

    Raises NotAllowedError unless `may_renew`.
    """
    if not may_renew(quote, today):
        why = "son contrat est signé" if quote.state == QuoteState.ACCEPTED else "rien n’est à refaire"
        raise NotAllowedError(f"Ce devis est {QuoteState(quote.state).label} : {why}.")
    offered = {name: getattr(quote, name) for name in ("seller", "buyer", "town", "terms")}
    return _waiting(**offered) or Quote.objects.create(prepared_by=by, lines=quote.lines, **offered)


def is_over(quote: Quote, today: datetime.date) -> bool:
    """Whether a quote that was sent is not valid any more, and nobody answered."""
    return quote.state == QuoteState.SENT and quote.valid_until is not None and today > quote.valid_until


def possible_changes(quote: Quote) -> list[QuoteChange]:
    """What may be done with a quote as it stands. One that is over is still accepted, if it was signed in time."""
    return [change for change in QUOTE_CHANGES if quote.state in change.sources]


@transaction.atomic
def _accept(quote: Quote, proof: QuoteAcceptance, *, by: str, today: datetime.date) -> Contract:
    locked = _locked(quote, *ACCEPT.sources)
    _refuse_day(locked, proof.accepted_on, today)
    contract, said = _contract(locked), locked.terms
    contract.signed_on = proof.accepted_on
    counts = _counts(said)
    price = Price(**{name: Decimal(amount) for name, amount in said["price"].items()})
    sign(contract, price=price, communes=Commune.objects.filter(code__in=counts), by=by)
    proof.quote, proof.kept_by = locked, by
    proof.full_clean()
    proof.save()
    locked.contract = contract
    year = year_of(contract, contract.begins_on)
    if contract.count_basis == CountBasis.AGREED:
        paper = f"Devis {locked.number} accepté le {day_words(proof.accepted_on)}"
        count_as_agreed(contract, counts, as_of=day_of_count(contract, year), by=by, source=paper)
    if proof.order_number:
        give(contract, year_starts_on=year.start, number=proof.order_number, by=by)
    _take(locked, ACCEPT, by=by)
    return contract


def _locked(quote: Quote, *states: QuoteState) -> Quote:
    locked = Quote.objects.select_for_update().get(pk=quote.pk)
    if locked.state not in states:
        raise NotAllowedError(f"Ce devis est {QuoteState(locked.state).label} : cela n’est plus possible.")
    return locked


def _waiting(**offered: Any) -> Quote | None:
    """The quote in preparation that offers the same, locked."""
    # Whoever prepares the same at the same time waits.
    Buyer.objects.select_for_update(no_key=True).get(pk=offered["buyer"].pk)
    return Quote.objects.select_for_update().filter(state=QuoteState.PREPARED, **offered).first()


def _take(quote: Quote, change: QuoteChange, *, by: str, words: str = "") -> Quote:
    quote.state = change.target
    quote.save()
    QuoteStep.objects.create(quote=quote, state=change.target, words=words, by=by)
    return quote


def _refuse_day(quote: Quote, on: datetime.date, today: datetime.date) -> None:
    if on > today:
        raise ValidationError({"accepted_on": "Ce jour n’est pas encore venu."})
    if quote.issued_on is None or on < quote.issued_on:
        raise ValidationError({"accepted_on": "Ce devis n’était pas encore envoyé ce jour-là."})
    if quote.valid_until is None or on > quote.valid_until:
        until = day_words(quote.valid_until) if quote.valid_until else ""
        raise NotAllowedError(f"Ce devis n’était valable que jusqu’au {until} : faites-en un nouveau.")


def _check_pdf(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise ValidationError({"content": f"Ce fichier est trop lourd : {MOST_MEGABYTES}\u00a0Mo au plus."})
    if not looks_like_pdf(content):
        raise ValidationError({"content": "Choisissez un fichier PDF."})
    if not is_whole_pdf(content):
        raise ValidationError({"content": "Ce PDF est incomplet : envoyez-le de nouveau."})


def _with_file(proof: QuoteAcceptance, content: bytes, file_name: str) -> QuoteAcceptance:
    longest = QuoteAcceptance._meta.get_field("file_name").max_length
    # Without the folders that some browsers send; its end is what tells it from others.
    proof.file_name = tidy(file_name.replace("\\", "/").rpartition("/")[2])[-longest:] or "devis-signe.pdf"
    proof.content, proof.sha256 = content, hashlib.sha256(content).hexdigest()
    return proof


def _figures(contract: Contract, communes: list[Commune], numbers: Mapping[str, int] | None, source: str) -> Figures:
    if numbers is not None:
        return figures_agreed(communes, numbers, source=source)
    if contract.count_basis != CountBasis.CENSUS:
        raise ValidationError(
            {"numbers": "Donnez les seniors de chaque commune : ce contrat ne compte pas d’après l’INSEE."}
        )
    return figures_of_census(communes, age=contract.age)


def _terms(contract: Contract, price: Price, communes: list[Commune], figures: Figures) -> dict[str, Any]:
    names = {commune.code: commune.name for commune in communes}
    source = figures.source
    return {
        "contract": {name: _text(contract, name) for name in AGREED},
        "price": {"unit": str(price.unit), "floor": str(price.floor)},
        "communes": [
            {"code": code, "name": names[code], "read": str(figures.read[code]), "count": count}
            for code, count in figures.by_commune.items()
        ],
        "source": {
            "words": source.words,
            "vintage": source.vintage,
            "sha256": source.sha256,
            "is_example": source.is_example,
        },
        "words": _words(contract, price),
    }


def _words(contract: Contract, price: Price) -> list[str]:
    """The terms as people read them, a sentence each."""
    prorated = ", au prorata des jours" if contract.prorates_floor else ", en entier même pour une partie d’année"
    return [
        f"Prix : {price.words}, {PriceBasis(contract.price_basis).label}.",
        f"Sont comptés, à partir de {contract.age} ans : {CountBasis(contract.count_basis).label}, "
        f"{CountedOn(contract.counted_on).label}.",
        f"Le minimum annuel est dû par {FloorScope(contract.floor_scope).label}{prorated}.",
        f"Le contrat commence le {day_words(contract.begins_on)}"
        + (f" et se termine le {day_words(contract.ends_on)}" if contract.ends_on else "")
        + f" ; ses périodes commencent {YearStart(contract.year_start).label}.",
        f"Une différence de {euros(contract.least_adjustment)} au moins est facturée, ou rendue, "
        f"{Adjusting(contract.adjusting).label}.",
    ]


def _text(contract: Contract, name: str) -> str | None:
    field = Contract._meta.get_field(name)
    return None if field.value_from_object(contract) is None else field.value_to_string(contract)


def _contract(quote: Quote) -> Contract:
    """The contract that a quote offers, not kept."""
    said = quote.terms["contract"]
    agreed = {name: Contract._meta.get_field(name).to_python(said[name]) for name in AGREED}
    return Contract(town=quote.town, buyer=quote.buyer, **agreed)


def _counts(terms: Mapping[str, Any]) -> dict[str, int]:
    return {one["code"]: one["count"] for one in terms["communes"]}


def _payload(quote: Quote, *, number: str, on: datetime.date, valid_until: datetime.date) -> Payload:
    """As an invoice of the first year would say it, and what is a quote's own."""
    contract, said = _contract(quote), quote.terms
    year = year_of(contract, contract.begins_on)
    rates = Rates(**{name: Decimal(amount) for name, amount in said["price"].items()})
    terms = Terms(floor_scope=contract.floor_scope, prorates_floor=contract.prorates_floor)
    owed = due([Stretch(days_running(contract, year), rates, _counts(said))], year=year, terms=terms)
    regime = quote.seller.regime_on(on)
    draft = Draft(
        contract=contract,
        seller=quote.seller,
        kind=DraftKind.YEARLY,
        starts_on=year.start,
        ends_on=year.end,
        lines=written(contract, owed.lines, [], regime),
    )
    payload = payload_of(draft, number=number, on=on, regime=regime, engagement="", totals=totals_of(draft, regime))
    del payload["due_on"]
    return payload | {
        "type": TYPE_OF_QUOTE,
        "valid_until": valid_until.isoformat(),
        "terms": said,
        "is_example": said["source"]["is_example"],
    }
