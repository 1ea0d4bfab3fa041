"""What will be issued: reckoned from the contract, checked for what its buyer asks, prepared as often as needed."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet

from billing.contracts import year_of
from billing.count_states import count_at
from billing.counting import day_of_count
from billing.documents.payload import rate_of
from billing.engagements import engagement_of, follow_locked
from billing.enums import (
    DECIDED_CREDITS,
    FOLLOWING_CREDITS,
    CreditReason,
    DraftKind,
    LineKind,
    PriceBasis,
    ReviewStep,
)
from billing.errors import BooksError
from billing.identifiers import check_requirement
from billing.models import Contract, CountReview, Draft, Invoice, Seller, SellerRegime
from billing.money import ZERO, euros, in_cents, shares
from billing.periods import Period
from billing.pricing import Line
from billing.reckoning import loaded_to_reckon, reckon_loaded
from billing.taxes import from_gross
from core.french import day_words
from core.written import Question, one_of


class NotReadyError(BooksError):
    """Something is missing before a document may be prepared or issued; the message says what, in French."""


@transaction.atomic
def prepare_yearly(
    contract: Contract, seller: Seller, *, on: datetime.date, by: str, issued_on: datetime.date | None = None
) -> Draft:
    """Prepare the invoice of the year that holds a day, or prepare it again; its VAT is that of the day of issuing.

    Raises NotReadyError where it was issued, or a count is not approved; NotReckonedError, ValueError, and
    ValidationError, by field, for what its buyer asks for and is not given.
    """
    locked = Contract.objects.select_for_update().get(pk=contract.pk)
    year = year_of(locked, on)
    _refuse_issued(Draft.objects.filter(contract=locked, starts_on=year.start, kind=DraftKind.YEARLY))
    follow_locked(locked)
    check_requirement(
        locked.buyer.requirement, service=locked.buyer.service_code, engagement=engagement_of(locked, year.start)
    )
    lines = lines_of_year(locked, year, seller.regime_on(issued_on or on))
    draft, _ = Draft.objects.update_or_create(
        contract=locked,
        starts_on=year.start,
        kind=DraftKind.YEARLY,
        rank=1,
        defaults={"seller": seller, "ends_on": year.end, "lines": lines, "prepared_by": by},
    )
    return draft


def lines_of_year(contract: Contract, year: Period, regime: SellerRegime) -> list[dict[str, Any]]:
    """The lines of a year's invoice as the rows stand, under a regime of VAT. Raises as `prepare_yearly`."""
    loaded = loaded_to_reckon(contract)
    reckoning = reckon_loaded(loaded, year)
    lacking = lacking_count(loaded, year)
    if lacking:
        raise NotReadyError(lacking)
    refuse_unapproved({number for numbers in reckoning.evidence for number in numbers})
    return written(contract, reckoning.due.lines, reckoning.evidence, regime)


@transaction.atomic
def prepare_credit(
    invoice: Invoice, *, reason: CreditReason, by: str, net: Decimal | None = None, agreed: Decimal | None = None
) -> Draft:
    """Prepare a credit of an invoice: of a sum before tax, in whole cents, or of all that is left.

    `agreed`: the same in the prices of a contract that are agreed with their tax, which is what is given back then.
    It replaces the one that waits, of those decided or of those that follow from what is owed: what somebody decided is
    never lost to a recount. Raises ValidationError, by field, for more than is left, or nothing.
    """
    Contract.objects.select_for_update().get(pk=invoice.contract_id)
    period = Period(invoice.draft.starts_on, invoice.draft.ends_on)
    # Of all invoices of these days: a rank is theirs together.
    drafts = Draft.objects.filter(contract=invoice.contract_id, starts_on=period.start, kind=DraftKind.CREDIT)
    alike = DECIDED_CREDITS if reason in DECIDED_CREDITS else FOLLOWING_CREDITS
    waiting = drafts.filter(source=invoice, invoice=None, reason__in=alike).first()
    left = left_to_credit(invoice)
    amount = left if net is None else in_cents(net)
    if not ZERO < amount <= left:
        raise ValidationError({"net": f"Il reste {euros(left)} hors taxes à créditer."})
    words = f"Avoir sur la facture {invoice.number} du {day_words(invoice.issued_on)} : {CreditReason(reason).label}"
    line = {"kind": LineKind.CREDIT, "words": words, "count": 1, "unit": str(amount), "evidence": []}
    line |= {"net": str(amount), "agreed": str(amount if agreed is None else agreed)} | days_of(period)
    said = {"seller": invoice.seller, "ends_on": period.end, "lines": [line], "prepared_by": by, "reason": reason}
    rank = waiting.rank if waiting else next_rank(drafts)
    draft, _ = Draft.objects.update_or_create(
        contract_id=invoice.contract_id,
        starts_on=period.start,
        kind=DraftKind.CREDIT,
        rank=rank,
        defaults=said | {"source": invoice},
    )
    return draft


@transaction.atomic
def discard(draft: Draft) -> Draft:
    """Throw away a draft, which may be prepared again; twice is once. Raises NotReadyError for one that was issued."""
    locked = Draft.objects.select_for_update().filter(pk=draft.pk).first()
    if locked is None:
        return draft
    issued = Invoice.objects.filter(draft=locked).first()
    if issued is not None:
        raise NotReadyError(f"Ce brouillon est émis : c’est {issued.number}.")
    locked.delete()
    return locked


def refuse_unapproved(snapshots: set[int]) -> None:
    """Raise NotReadyError where one of these counts is not approved."""
    if {number for (number,) in _approved().all(list(snapshots))} < snapshots:
        raise NotReadyError("Un comptage n’est pas approuvé : la collectivité a trente jours pour le lire.")


# Asked under the lock of who issues, as billing.documents.evidence asks: it is written once.
@cache
def _approved() -> Question:
    """Those of some counts that are approved."""
    approved = CountReview.objects.filter(one_of("snapshot"), step=ReviewStep.APPROVED)
    return Question.of(approved.order_by().values_list("snapshot"))


def lacking_count(contract: Contract, year: Period) -> str:
    """What is said of a period that has no count (billing.count_states.count_at); empty where it has one."""
    day = day_of_count(contract, year)
    if count_at(contract, day) is not None:
        return ""
    return f"Les seniors de cette période ne sont pas comptés : comptez-les au {day_words(day)}."


def left_to_credit(invoice: Invoice) -> Decimal:
    """What of an invoice is not given back yet, before tax."""
    return invoice.net - sum((one.net for one in invoice.credit_notes.all()), ZERO)


def next_rank(drafts: QuerySet[Draft]) -> int:
    """The rank of one more of the same kind and period: past the last, since those that wait may be thrown away."""
    return (drafts.aggregate(last=Max("rank"))["last"] or 0) + 1


def days_of(period: Period) -> dict[str, str]:
    """The days of a line, as its draft keeps them."""
    return {"starts_on": period.start.isoformat(), "ends_on": period.end.isoformat()}


def _refuse_issued(drafts: QuerySet[Draft]) -> None:
    issued = Invoice.objects.filter(draft__in=drafts).first()
    if issued is not None:
        raise NotReadyError(f"Cette période a sa facture, {issued.number} : une erreur se corrige par un avoir.")


def written(
    contract: Contract, due: Sequence[Line], evidence: Sequence[frozenset[int]], regime: SellerRegime
) -> list[dict[str, Any]]:
    """What each line says and keeps; of prices agreed with their tax, the net is shared so that lines add up."""
    agreed = [line.amount for line in due]
    nets = list(agreed)
    if contract.price_basis == PriceBasis.GROSS:
        whole = from_gross(sum(agreed, ZERO), Decimal(rate_of(regime))).taxed.net
        nets = list(shares(whole, dict(enumerate(agreed))).values())
    everything = sorted(set().union(*evidence))
    return [
        {
            "kind": line.kind,
            "words": _words(contract, line),
            "count": line.count,
            "unit": str(line.unit),
            "net": str(net),
            "agreed": str(line.amount),
            "evidence": sorted(evidence[rank]) if rank < len(evidence) else everything,
        }
        | days_of(line.period)
        for rank, (line, net) in enumerate(zip(due, nets, strict=True))
    ]


def _words(contract: Contract, line: Line) -> str:
    if line.kind == LineKind.FLOOR:
        return f"Complément au minimum annuel, {line.period.words}"
    return f"Palier, {line.period.words}, par senior de {contract.age} ans et plus et par an"
