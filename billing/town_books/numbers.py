"""The numbers of engagement that a town gives for its invoices, and when each is asked."""

import datetime
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import timezone

from billing import engagements
from billing.access import for_current_town
from billing.engagements import ASKED_BEFORE
from billing.enums import BuyerRequirement, TownActKind
from billing.identifiers import wants_engagement, wants_service
from billing.models import Contract, Invoice, TownAct
from billing.periods import Period
from billing.town_books.contract import Event, billed, coming_years, current
from billing.town_books.reading import NotHereError, NotPossibleError, who_acts
from billing.town_books.words import REQUIREMENTS
from core.french import day_words


@dataclass(frozen=True)
class PeriodAsked:
    """A period of the contract, the number that was given for it, and whether one is waited for."""

    period: Period
    words: str
    number: str
    is_asked: bool
    # From this day on a number is asked; none where the buyer wants none.
    asked_from: datetime.date | None
    invoice: tuple[int, str] | None

    @property
    def is_open(self) -> bool:
        """Whether a number may be given, or another."""
        return self.invoice is None


@dataclass(frozen=True)
class NumbersPage:
    """What the buyer's invoices must bear, and its numbers period by period."""

    requirement: str
    service_code: str
    lacks_service: bool
    periods: tuple[PeriodAsked, ...]
    given: tuple[Event, ...]

    @property
    def is_open(self) -> bool:
        """Whether some period may have a number given, or another."""
        return any(one.is_open for one in self.periods)


def numbers_page(today: datetime.date) -> NumbersPage | None:
    """The periods that a number may be given for; None where the town has no contract."""
    contract = _read(today)
    return _page(contract, today) if contract else None


def periods_to_number(today: datetime.date) -> tuple[PeriodAsked, ...]:
    """The periods whose number is waited for today."""
    return asked_among(numbers_page(today))


def asked_among(page: NumbersPage | None) -> tuple[PeriodAsked, ...]:
    """The same, of a page that is read already."""
    return tuple(one for one in page.periods if one.is_asked) if page else ()


def give_number(*, starts_on: datetime.date, number: str, by: str, today: datetime.date) -> bool:
    """Give the number of a period; the same one again changes nothing. Whether it was added.

    Raises NotHereError without a contract, NotPossibleError for a period that has its invoice, ValidationError, by
    field, for a number that is none or a day on which no period begins.
    """
    contract = _read(today)
    if contract is None:
        raise NotHereError("contract")
    known = {one.period.start: one for one in _page(contract, today).periods}
    asked = known.get(starts_on)
    if asked and asked.invoice:
        raise NotPossibleError(f"Cette période a sa facture, {asked.invoice[1]} : son numéro ne change plus.")
    if asked and asked.number and asked.number == number.strip():
        return False
    with for_current_town():
        engagements.tell(contract, year_starts_on=starts_on, number=number, by=who_acts(by))
    return True


def _read(today: datetime.date) -> Contract | None:
    """The current contract, with its numbers and its invoices. Five queries."""
    with for_current_town():
        acts = TownAct.objects.filter(kind=TownActKind.ENGAGEMENT).order_by("pk")
        contracts = Contract.objects.select_related("buyer").prefetch_related(
            "engagements", Prefetch("town_acts", queryset=acts), Prefetch("invoices", queryset=Invoice.objects.all())
        )
        found = list(contracts.order_by("begins_on", "pk"))
    return current(found, today) if found else None


def _page(contract: Contract, today: datetime.date) -> NumbersPage:
    buyer = contract.buyer
    wants = wants_engagement(buyer.requirement, service=buyer.service_code)
    return NumbersPage(
        requirement=REQUIREMENTS[BuyerRequirement(buyer.requirement)],
        service_code=buyer.service_code,
        lacks_service=wants_service(buyer.requirement) and not buyer.service_code,
        periods=tuple(_periods(contract, today, wants=wants)),
        given=tuple(_given(contract)),
    )


def _periods(contract: Contract, today: datetime.date, *, wants: bool) -> list[PeriodAsked]:
    already = billed(contract.invoices.all())
    found = []
    for year in coming_years(contract, today):
        number, invoice = _number(contract, year.start), already.get(year.start)
        # Of the calendar, the first period begins before its contract.
        from_day = max(year.start, contract.begins_on)
        asked_from = from_day - ASKED_BEFORE if wants else None
        found.append(
            PeriodAsked(
                period=year,
                words=Period(from_day, year.end).words,
                number=number,
                is_asked=asked_from is not None and today >= asked_from and not number and invoice is None,
                asked_from=asked_from,
                invoice=(invoice.pk, invoice.number) if invoice else None,
            )
        )
    return found


def _number(contract: Contract, starts_on: datetime.date) -> str:
    """The last one given: by the town, or typed by the operator's side."""
    told = [(one.done_at, one.words) for one in contract.town_acts.all() if one.year_starts_on == starts_on]
    told += [(one.given_at, one.number) for one in contract.engagements.all() if one.year_starts_on == starts_on]
    return max(told)[1] if told else ""


def _given(contract: Contract) -> list[Event]:
    """Every number that was ever given, the last first. What we kept of an act says nothing more than the act."""
    acts = {(one.year_starts_on, one.words) for one in contract.town_acts.all()}
    found = [(one.done_at, one.year_starts_on, one.words, one.done_by) for one in contract.town_acts.all()]
    found += [
        (one.given_at, one.year_starts_on, one.number, one.given_by)
        for one in contract.engagements.all()
        if (one.year_starts_on, one.number) not in acts
    ]
    return [
        Event(timezone.localdate(at), f"{number}, pour la période qui commence le {day_words(starts_on)}", by)
        for at, starts_on, number, by in sorted(found, reverse=True)
    ]
