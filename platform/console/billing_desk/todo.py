"""What there is to do, read from the books: each part in a fixed number of queries, however many contracts."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from billing.contracts import year_of, years_from
from billing.count_states import count_at, state_of, with_states
from billing.counting import day_of_count
from billing.engagements import ASKED_BEFORE, lacking
from billing.enums import ContractState, CountState, DraftKind, QuoteState, Series, Standing
from billing.models import Contract, CountSnapshot, Draft, Invoice, Payment, Quote
from billing.money import euros
from billing.paying import Balance, balance_of, with_balances, with_left
from billing.periods import Period
from billing.quoting import is_over
from billing.reminding import is_held_up
from billing.yearly_counts import ToCount
from console.billing_desk.common import address
from console.models import EndProposal
from core.french import day_words, grouped

# Counts are made, shown for thirty days, approved: before the period begins.
COUNTED_BEFORE = datetime.timedelta(days=90)
RUNNING = (ContractState.SIGNED, ContractState.ACTIVE, ContractState.LATE, ContractState.REVIEW, ContractState.ENDING)


class Moment:
    """When the books are read; what several parts read of them is read once."""

    def __init__(self, now: datetime.datetime) -> None:
        self.now, self.today = now, timezone.localdate(now)

    @cached_property
    def owing(self) -> list[tuple[Invoice, Balance]]:
        """Invoices of which something is left, the oldest first."""
        rows = Invoice.objects.filter(series=Series.INVOICE).select_related("contract__buyer").defer("payload")
        owing = with_balances(rows).filter(left__gt=0).order_by("issued_on", "pk")
        return [(one, balance_of(one, today=self.today)) for one in owing]


@dataclass(frozen=True)
class Line:
    """Something to do: about whom, what, and where."""

    title: str
    words: str
    url: str


@dataclass(frozen=True)
class Part:
    """A kind of things to do. `find` answers the rows; `line` shows one."""

    slug: str
    title: str
    none: str
    find: Callable[[Moment], Sequence[Any]]
    line: Callable[[Any], Line]
    is_urgent: bool = False


def _period_words(period: Period) -> str:
    return f"période {period.words}"


def _running(today: datetime.date) -> QuerySet[Contract]:
    """Contracts that have begun and are not over."""
    begun = Contract.objects.filter(begins_on__lte=today, state__in=RUNNING).filter(
        Q(ends_on=None) | Q(ends_on__gt=today)
    )
    return begun.select_related("buyer").order_by("buyer__name", "pk")


def _to_prepare(at: Moment) -> Sequence[tuple[Contract, Period]]:
    """The periods that run without an invoice, nor a draft of one."""
    yearly = Draft.objects.filter(kind=DraftKind.YEARLY).only("contract_id", "starts_on")
    found = []
    for contract in _running(at.today).prefetch_related(Prefetch("drafts", queryset=yearly, to_attr="yearly")):
        period = year_of(contract, at.today)
        if period.start not in {one.starts_on for one in contract.yearly}:
            found.append((contract, period))
    return found


def _line_to_prepare(found: tuple[Contract, Period]) -> Line:
    contract, period = found
    return Line(contract.buyer.name, _period_words(period), address("prepare", contract.pk))


def _to_issue(at: Moment) -> Sequence[Draft]:
    return Draft.objects.filter(invoice=None).select_related("contract__buyer").order_by("prepared_at", "pk")


def _line_to_issue(draft: Draft) -> Line:
    words = f"{draft.get_kind_display()}, {_period_words(Period(draft.starts_on, draft.ends_on))}"
    return Line(draft.contract.buyer.name, words, address("draft", draft.pk))


def _to_send(at: Moment) -> Sequence[tuple[Invoice, Balance]]:
    """What was never sent, and what came back rejected. A credit note that was never sent is so too."""
    notes = Invoice.objects.filter(series=Series.CREDIT_NOTE, transmissions=None).select_related("contract__buyer")
    unsent = [(one, balance_of(one, today=at.today)) for one in with_balances(notes.defer("payload"))]
    wanted = (Standing.NOT_SENT, Standing.REJECTED)
    return [*((one, told) for one, told in at.owing if told.progress.standing in wanted), *unsent]


def _held_up(at: Moment) -> Sequence[tuple[Invoice, Balance]]:
    return [(one, left) for one, left in at.owing if is_held_up(left)]


def _waiting(at: Moment) -> Sequence[tuple[Invoice, Balance]]:
    told = (Standing.NOT_SENT, Standing.REJECTED)
    return [(one, left) for one, left in at.owing if left.progress.standing not in told and not left.days_late]


def _late(at: Moment) -> Sequence[tuple[Invoice, Balance]]:
    return [(one, left) for one, left in at.owing if left.days_late]


def _line_of_invoice(found: tuple[Invoice, Balance]) -> Line:
    invoice, left = found
    words = f"{invoice.number}, {left.progress.standing.label}"
    if not invoice.is_credit_note:
        words = f"{words}, reste {euros(left.left)}"
    if left.days_late and left.due_on:
        words = f"{words}, à payer au {day_words(left.due_on)}"
    return Line(invoice.contract.buyer.name, words, address("invoice", invoice.pk))


def _counts(at: Moment) -> Sequence[tuple[CountSnapshot, CountState]]:
    """Counts that wait for us: to show, contested, or read for long enough."""
    rows = CountSnapshot.objects.exclude(reviews__step="approved").filter(replaced_by=None)
    found = with_states(rows.select_related("contract__buyer")).order_by("as_of", "pk")
    told = [(one, state_of(one, now=at.now)) for one in found]
    urgent = (CountState.CONTESTED, CountState.READY, CountState.PROPOSED)
    return sorted((one for one in told if one[1] in urgent), key=lambda one: urgent.index(one[1]))


def _line_of_count(found: tuple[CountSnapshot, CountState]) -> Line:
    count, state = found
    words = f"{grouped(count.total)} seniors au {day_words(count.as_of)}, {state.label}"
    return Line(count.contract.buyer.name, words, address("count", count.pk))


def _uncounted(at: Moment) -> Sequence[ToCount]:
    """The counts whose day is near or past, of periods that are not over nor billed yet; in three queries."""
    soon = at.today + COUNTED_BEFORE
    yearly = Draft.objects.filter(kind=DraftKind.YEARLY, invoice__isnull=False)
    billed = set(yearly.values_list("contract", "starts_on"))
    contracts = Contract.objects.filter(state__in=RUNNING).select_related("buyer").order_by("buyer__name", "pk")
    counts = CountSnapshot.objects.only("contract", "as_of", "replaces")
    return [
        one
        for contract in contracts.prefetch_related(Prefetch("counts", queryset=counts))
        for one in _coming(contract, at.today, soon)
        if count_at(contract, one.as_of) is None and (contract.pk, one.period.start) not in billed
    ]


def _coming(contract: Contract, today: datetime.date, soon: datetime.date) -> Iterator[ToCount]:
    """The period that runs, or is the first, and those after it whose day of count is near."""
    every = (ToCount(contract, year, day_of_count(contract, year)) for year in years_from(contract, today))
    return takewhile(lambda one: one.as_of <= soon, every)


def _line_uncounted(found: ToCount) -> Line:
    words = f"au {day_words(found.as_of)}, pour la {_period_words(found.period)}"
    return Line(found.contract.buyer.name, words, address("new_count", found.contract.pk))


def _engagements(at: Moment) -> Sequence[Any]:
    return lacking(at.today)


def _line_of_engagement(found: Any) -> Line:
    url = f"{address('engagement', found.contract.pk)}?periode={found.year.start.isoformat()}"
    return Line(found.contract.buyer.name, _period_words(found.year), url)


def _contacts(at: Moment) -> Sequence[Contract]:
    rows = Contract.objects.exclude(state=ContractState.ENDED).filter(buyer__contacts=None)
    return rows.select_related("buyer").order_by("buyer__name", "pk")


def _line_of_contact(contract: Contract) -> Line:
    return Line(contract.buyer.name, "aucun contact des finances", address("buyer", contract.buyer_id))


def _ends(at: Moment) -> Sequence[EndProposal]:
    rows = EndProposal.objects.filter(closed_at=None)
    return rows.select_related("contract__buyer", "proposed_by").order_by("pk")


def _line_of_end(proposal: EndProposal) -> Line:
    words = f"fin proposée par {proposal.proposed_by.email}, pour la veille du {day_words(proposal.effective_on)}"
    return Line(proposal.contract.buyer.name, words, address("end_contract", proposal.contract_id))


def _payments(at: Moment) -> Sequence[Payment]:
    rows = with_left(Payment.objects.select_related("buyer")).filter(left__gt=0)
    return rows.order_by("received_on", "pk")


def _line_of_payment(payment: Payment) -> Line:
    words = f"{euros(payment.left)} reçus le {day_words(payment.received_on)}"
    return Line(payment.buyer.name, words, address("payment", payment.pk))


def _quotes(at: Moment) -> Sequence[Quote]:
    """Quotes to send, and those that wait for an answer."""
    rows = Quote.objects.filter(state__in=(QuoteState.PREPARED, QuoteState.SENT)).select_related("buyer")
    return [one for one in rows.defer("payload", "terms", "lines").order_by("pk") if not is_over(one, at.today)]


def _line_of_quote(quote: Quote) -> Line:
    words = f"{quote.number}, valable jusqu’au {day_words(quote.valid_until)}" if quote.valid_until else "à envoyer"
    return Line(quote.buyer.name, words, address("quote", quote.pk))


_DAYS = ASKED_BEFORE.days
PARTS = (
    Part("en-retard", "En retard", "Aucune facture n’est en retard.", _late, _line_of_invoice, is_urgent=True),
    Part("a-preparer", "À préparer", "Chaque période en cours a sa facture.", _to_prepare, _line_to_prepare),
    Part("a-emettre", "À émettre", "Aucun brouillon n’attend.", _to_issue, _line_to_issue),
    Part("a-envoyer", "À envoyer", "Tout ce qui est émis est envoyé.", _to_send, _line_of_invoice),
    Part("bloquees", "Pas arrivées chez l’acheteur", "Tout est arrivé.", _held_up, _line_of_invoice),
    Part("en-attente", "En attente de paiement", "Rien n’est attendu.", _waiting, _line_of_invoice),
    Part("a-affecter", "Paiements à affecter", "Chaque paiement paie quelque chose.", _payments, _line_of_payment),
    Part("comptages", "Comptages à suivre", "Aucun comptage n’attend.", _counts, _line_of_count),
    Part("a-compter", "Seniors à compter", "Les périodes proches sont comptées.", _uncounted, _line_uncounted),
    Part(
        "engagements", f"Engagements à demander, {_DAYS}\u00a0jours avant", "Aucun numéro ne manque.", _engagements,
        _line_of_engagement,
    ),
    Part("contacts", "Sans contact des finances", "Chaque acheteur a un contact.", _contacts, _line_of_contact),
    Part("devis", "Devis en cours", "Aucun devis n’attend.", _quotes, _line_of_quote),
    Part("fins", "Fins à confirmer", "Aucune fin n’attend.", _ends, _line_of_end, is_urgent=True),
)  # fmt: skip
BY_SLUG = {part.slug: part for part in PARTS}
