"""« Votre contrat »: what was agreed and what became of it, its periods in euros, what is late."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from django.db.models import Exists, OuterRef, Prefetch
from django.utils import timezone

from billing.access import for_current_town
from billing.contracts import Price, is_over, years_from
from billing.enums import ContractState, LineKind, PriceBasis, ReviewStep, Series, TownActKind
from billing.models import Buyer, Contract, CountReview, CountSnapshot, Invoice
from billing.money import euros
from billing.periods import Period
from billing.pricing import Due
from billing.reckoning import NotReckonedError, days_running, reckon_loaded, with_reckoning_data
from billing.town_books.reading import NotHereError, is_in, names_of, places, seniors
from billing.town_books.words import REQUIREMENTS, STATES, Fact, agreed, who_pays
from core.company_numbers import format_siret
from core.french import day_words

_EVE = datetime.timedelta(days=1)


@dataclass(frozen=True)
class BuyerShown:
    """Who pays, as its invoices name it; what they must bear; who is written to."""

    name: str
    how: str
    siret: str
    address: tuple[str, ...]
    requirement: str
    service_code: str
    contacts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Span:
    """Something that holds from a day to the last one; a day is not told where it is the contract's own."""

    words: str
    first_day: datetime.date | None
    last_day: datetime.date | None


@dataclass(frozen=True)
class Event:
    """Something that happened, in words."""

    on: datetime.date
    words: str
    by: str


@dataclass(frozen=True)
class Forecast:
    """What a period owes as the books stand, in the prices of the contract; or why nobody knows yet."""

    title: str
    days: str
    lines: tuple[tuple[str, Decimal], ...] = ()
    total: Decimal | None = None
    shares: tuple[tuple[str, Decimal], ...] = ()
    counted: str = ""
    is_example: bool = False
    why_not: str = ""
    # Once it is billed: the invoice, by its row and its number.
    invoice: tuple[int, str] | None = None


@dataclass(frozen=True)
class ContractPage:
    """All that the page of a contract says."""

    number: int
    state: str
    state_words: str
    is_over: bool
    buyer: BuyerShown
    facts: tuple[Fact, ...]
    basis: str
    prices: tuple[Span, ...]
    communes: tuple[Span, ...]
    forecasts: tuple[Forecast, ...]
    history: tuple[Event, ...]
    # The other contracts of the town, by their rows.
    others: tuple[tuple[int, str], ...]


def contract_page(today: datetime.date, number: int | None = None) -> ContractPage | None:
    """A contract of the town, the current one unless told; None where it never had any.

    Raises NotHereError for one that is not the town's.
    """
    contracts = _read()
    if number is None and not contracts:
        return None
    contract = current(contracts, today) if number is None else _by_number(contracts, number)
    names = names_of(_codes(contract))
    return ContractPage(
        number=contract.pk,
        state=(ContractState.ENDED if is_over(contract, today) else ContractState(contract.state)).label,
        state_words=_state_words(contract, today),
        is_over=is_over(contract, today),
        buyer=_buyer(contract.buyer),
        facts=agreed(contract),
        basis=PriceBasis(contract.price_basis).label,
        prices=tuple(_prices(contract)),
        communes=tuple(_communes(contract, names)),
        forecasts=tuple(_forecasts(contract, names, today)),
        history=tuple(_history(contract)),
        others=tuple((one.pk, _title(one)) for one in contracts if one.pk != contract.pk),
    )


def current(contracts: Sequence[Contract], today: datetime.date) -> Contract:
    """The one that runs; else the next one, else the last."""
    running = [one for one in contracts if is_in(today, one.begins_on, one.ends_on)]
    coming = [one for one in contracts if one.begins_on > today]
    return next(iter(running or coming), contracts[-1])


def coming_years(contract: Contract, today: datetime.date) -> list[Period]:
    """The year that runs, or the first one, and the next: those that the contract reaches."""
    return list(islice(years_from(contract, today), 2))


def billed(invoices: Iterable[Invoice]) -> dict[datetime.date, Invoice]:
    """The yearly invoice of each period, by its first day: the first of its invoices."""
    found: dict[datetime.date, Invoice] = {}
    for one in sorted(invoices, key=lambda invoice: invoice.pk):
        if one.series == Series.INVOICE:
            found.setdefault(datetime.date.fromisoformat(one.payload["period"]["starts_on"]), one)
    return found


def _read() -> list[Contract]:
    """The contracts of the town with all that their page says: the first one first."""
    with for_current_town():
        # What was not shown yet is still the operator's work.
        shown = CountReview.objects.filter(snapshot=OuterRef("pk"), step=ReviewStep.SHOWN)
        contracts = with_reckoning_data(
            Contract.objects.select_related("buyer"), counts=CountSnapshot.objects.filter(Exists(shown))
        )
        invoices = Prefetch("invoices", queryset=Invoice.objects.order_by("pk"))
        others = contracts.prefetch_related("buyer__contacts", "steps", "town_acts", invoices)
        return list(others.order_by("begins_on", "pk"))


def _by_number(contracts: Sequence[Contract], number: int) -> Contract:
    for one in contracts:
        if one.pk == number:
            return one
    raise NotHereError(number)


def _codes(contract: Contract) -> set[str]:
    return {code for count in contract.counts.all() for code in count.codes} | set(filter(None, contract.covered))


def _title(contract: Contract) -> str:
    if contract.ends_on is None:
        return f"Contrat qui commence le {day_words(contract.begins_on)}"
    return f"Contrat {Period(contract.begins_on, contract.ends_on).words}"


def _state_words(contract: Contract, today: datetime.date) -> str:
    if contract.state == ContractState.SIGNED and today < contract.begins_on:
        return f"Il est signé, et commence le {day_words(contract.begins_on)}."
    if is_over(contract, today):
        return STATES[ContractState.ENDED]
    if contract.state != ContractState.ENDING:
        return STATES[ContractState(contract.state)]
    announced = [one for one in contract.steps.all() if one.state == ContractState.ENDING][-1]
    return (
        f"Sa fin est annoncée pour le {day_words(announced.effective_on)}. {announced.referent} la suit chez vous. "
        "D’ici là, rien ne change."
    )


def _buyer(buyer: Buyer) -> BuyerShown:
    return BuyerShown(
        name=buyer.name,
        how=who_pays(buyer),
        siret=format_siret(buyer.siret),
        address=(buyer.street, f"{buyer.postal_code} {buyer.city}"),
        requirement=REQUIREMENTS[buyer.requirement],
        service_code=buyer.service_code,
        contacts=tuple((one.name, one.email) for one in buyer.contacts.all()),
    )


def _prices(contract: Contract) -> Iterable[Span]:
    for one in contract.prices.all():
        yield Span(Price(one.unit, one.floor).words, one.starts_on, one.ends_on and one.ends_on - _EVE)


def _communes(contract: Contract, names: dict[str, str]) -> Iterable[Span]:
    members = zip(contract.covered, contract.joined, contract.left, strict=True)
    spans: dict[str, list[Span]] = {}
    for code, joined, left in members:
        span = Span(names.get(code, ""), joined if joined > contract.begins_on else None, left and left - _EVE)
        spans.setdefault(code, []).append(span)
    return [span for code in names for span in spans.get(code, ())]


def _forecasts(contract: Contract, names: dict[str, str], today: datetime.date) -> Iterable[Forecast]:
    already = billed(contract.invoices.all())
    for year in coming_years(contract, today):
        title, days = _named(contract, year, today)
        if year.start in already:
            invoice = already[year.start]
            yield Forecast(title, days, total=invoice.payable, invoice=(invoice.pk, invoice.number))
            continue
        try:
            reckoning = reckon_loaded(contract, year)
        except NotReckonedError as refusal:
            yield Forecast(title, days, why_not=str(refusal))
            continue
        used = set().union(*reckoning.evidence)
        counts = [one for one in contract.counts.all() if one.pk in used]
        yield Forecast(
            title,
            days,
            lines=tuple(_lines(reckoning.due)),
            total=reckoning.due.total,
            shares=tuple(_shares(reckoning.due, names)),
            counted=" ; ".join(_counted(one, names) for one in counts),
            is_example=any(one.is_example for one in counts),
        )


def _named(contract: Contract, year: Period, today: datetime.date) -> tuple[str, str]:
    """« Période en cours », and its days: of the first one of a calendar, those of the contract alone."""
    days = days_running(contract, year)
    return "Période en cours" if today in days else "Période à venir", days.words


def _lines(due: Due) -> Iterable[tuple[str, Decimal]]:
    for line in due.lines:
        if line.kind == LineKind.FLOOR:
            yield "Complément au minimum annuel", line.amount
        else:
            yield f"{seniors(line.count)} à {euros(line.unit)}, {line.period.words}", line.amount


def _shares(due: Due, names: dict[str, str]) -> Iterable[tuple[str, Decimal]]:
    """Of several communes only."""
    if len(due.shares) > 1:
        yield from ((name, due.shares[code]) for code, name in names.items() if code in due.shares)


def _counted(count: CountSnapshot, names: dict[str, str]) -> str:
    codes = set(count.codes)
    where = places([name for code, name in names.items() if code in codes])
    return f"{seniors(count.total)} comptés {where}, au {day_words(count.as_of)}"


def _history(contract: Contract) -> Iterable[Event]:
    """The last first."""
    found = [(one.at, one.words, one.by) for one in contract.steps.all()]
    for act in contract.town_acts.all():
        if act.kind == TownActKind.CONTEST:
            words = "Vous contestez un comptage."
        else:
            words = f"Vous donnez le numéro d’engagement {act.words}, période du {day_words(act.year_starts_on)}."
        found.append((act.done_at, words, act.done_by))
    for at, words, by in sorted(found, key=lambda event: event[0], reverse=True):
        yield Event(timezone.localdate(at), words, by)
