"""What happened to a town, as the platform's own tables tell it: the newest first, and no schema is visited."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from billing.models import Allocation, ContractStep, CountReview, CountSnapshot, Invoice, TownAct
from billing.money import euros
from console.enums import ActKind
from console.models import ConsoleAct
from core.french import day_words, grouped
from tenants.models import Town

MOST = 60


@dataclass(frozen=True)
class Moment:
    """One thing that happened: when, what, in which words, by whom."""

    at: datetime
    title: str
    words: str = ""
    by: str = ""


def moments(town: Town) -> list[Moment]:
    """The last things that happened to a town: acts of the console, contract, counts, invoices. Eight queries."""
    acts = list(ConsoleAct.objects.filter(town=town).order_by("-pk")[:MOST])
    found = [*_opened(town, acts), *_acts(acts), *_contracts(town), *_counts(town), *_invoices(town)]
    return sorted(found, key=lambda moment: moment.at, reverse=True)[:MOST]


def _opened(town: Town, acts: Sequence[ConsoleAct]) -> Iterator[Moment]:
    """Of a town opened by a command: one that the console opened has an act that says so."""
    if town.opened_at and not any(act.kind == ActKind.OPENED for act in acts):
        yield Moment(town.opened_at, "Ouverture du site", f"Avec le modèle {town.blueprint}.")


def _acts(acts: Sequence[ConsoleAct]) -> Iterator[Moment]:
    for act in acts:
        yield Moment(act.at, act.get_kind_display().capitalize(), act.words, act.by)


def _contracts(town: Town) -> Iterator[Moment]:
    for step in ContractStep.objects.filter(contract__town=town).order_by("-pk")[:MOST]:
        title = f"Contrat : {step.get_state_display() or step.get_kind_display()}"
        yield Moment(step.at, title, step.words, step.by)
    for act in TownAct.objects.filter(contract__town=town).order_by("-pk")[:MOST]:
        yield Moment(act.done_at, f"La ville {act.get_kind_display()}", act.words, act.done_by)


def _counts(town: Town) -> Iterator[Moment]:
    for count in CountSnapshot.objects.filter(contract__town=town).order_by("-pk")[:MOST]:
        words = f"{grouped(count.total)} seniors au {day_words(count.as_of)}. Source : {count.source}."
        yield Moment(count.counted_at, "Comptage", words, count.counted_by)
    for review in CountReview.objects.filter(snapshot__contract__town=town).order_by("-pk")[:MOST]:
        yield Moment(review.at, f"Comptage {review.get_step_display()}", review.words, review.by)


def _invoices(town: Town) -> Iterator[Moment]:
    for invoice in Invoice.objects.filter(contract__town=town).order_by("-pk")[:MOST].defer("payload"):
        title = f"{'Avoir' if invoice.is_credit_note else 'Facture'} {invoice.number}"
        yield Moment(invoice.issued_at, title, f"{euros(invoice.payable)}.", invoice.issued_by)
    paid = Allocation.objects.filter(invoice__contract__town=town).select_related("invoice").order_by("-pk")
    for part in paid[:MOST]:
        words = f"{euros(part.amount)} pour {part.invoice.number}, reçus le {day_words(part.paid_on)}."
        yield Moment(part.at, "Paiement", words, part.by)
