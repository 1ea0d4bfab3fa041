"""Numbers of the buyer's commitments of spending: given by a town through its window, or typed by the operator.

A town changes no row of the books (billing.access): it adds an act, which the operator's side follows.
"""

import datetime
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch, Q

from billing.contracts import year_of, years_from
from billing.enums import ASKS_FOR_ENGAGEMENT, BuyerRequirement, ContractState, DraftKind, TownActKind
from billing.identifiers import engagement_number
from billing.models import Contract, Draft, Engagement, TownAct
from billing.periods import Period
from core.written import Asked, Question
from tenants.context import platform_context

# Before the period: a commitment of spending takes weeks in a town (billing.md, 4.7).
ASKED_BEFORE = datetime.timedelta(days=60)
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Lacking:
    """A year of a contract whose invoice its buyer would reject: it wants a number, and gave none."""

    contract: Contract
    year: Period


def tell(contract: Contract, *, year_starts_on: datetime.date, number: str, by: str) -> TownAct:
    """Have a town give its number for a year, through its own window (billing.access). Raises ValidationError."""
    said = _checked(contract, year_starts_on, number)
    act = TownAct(
        contract_id=contract.pk, kind=TownActKind.ENGAGEMENT, year_starts_on=year_starts_on, words=said, done_by=by
    )
    act.full_clean(exclude=["contract"])
    act.save()
    return act


@transaction.atomic
def give(contract: Contract, *, year_starts_on: datetime.date, number: str, by: str) -> Engagement:
    """Keep a number that the operator's side types; the last one given counts. Raises ValidationError, by field."""
    given = Engagement(
        contract=contract, year_starts_on=year_starts_on, number=_checked(contract, year_starts_on, number), given_by=by
    )
    given.full_clean()
    given.save()
    return given


@transaction.atomic
def follow_acts(contract: Contract) -> list[Engagement]:
    """Keep the numbers that a town gave since the last one kept for the same year; again, it does nothing.

    An act that no screen of ours would have let through is left aside, and the log names its row.
    """
    return follow_locked(Contract.objects.select_for_update().get(pk=contract.pk))


def follow_locked(contract: Contract) -> list[Engagement]:
    """The same, of a contract that whoever calls has locked."""
    followed: list[Engagement] = []
    acts = list(contract.town_acts.filter(kind=TownActKind.ENGAGEMENT))
    last = {one.year_starts_on: one.given_at for one in contract.engagements.all()} if acts else {}
    for act in acts:
        if act.year_starts_on in last and act.done_at <= last[act.year_starts_on]:
            continue
        try:
            followed.append(give(contract, year_starts_on=act.year_starts_on, number=act.words, by=act.done_by))
        except ValidationError:
            logger.warning("act %s of a town is no engagement", act.pk)
    return followed


def follow_every_act() -> int:
    """The same for every contract; how many numbers were kept. Out of a transaction: each contract is one."""
    with platform_context():
        told = TownAct.objects.filter(kind=TownActKind.ENGAGEMENT).order_by().values("contract").distinct()
        contracts = list(Contract.objects.filter(pk__in=told).order_by("pk"))
    kept = 0
    for contract in contracts:
        with platform_context():
            kept += len(follow_acts(contract))
    return kept


def engagement_of(contract: Contract, year_starts_on: datetime.date) -> str:
    """The buyer's number of commitment for a year of the contract, or nothing: the last one given."""
    given = [number for starts_on, number in _given().all(contract.pk) if starts_on == year_starts_on]
    return given[-1] if given else ""


# Asked under the lock of who issues: it is written once.
@cache
def _given() -> Question:
    """The numbers given for a contract, each with the first day of its year, in the order they were given."""
    return Question.of(Engagement.objects.filter(contract=Asked()).values_list("year_starts_on", "number"))


def lacking(on: datetime.date) -> list[Lacking]:
    """The years to ask a number for: running without their invoice, or to begin within 60 days; in three queries."""
    yearly = Draft.objects.filter(kind=DraftKind.YEARLY, invoice__isnull=False).only("contract_id", "starts_on")
    needy = Contract.objects.filter(
        Q(buyer__requirement__in=ASKS_FOR_ENGAGEMENT)
        | Q(buyer__requirement=BuyerRequirement.SERVICE_OR_ENGAGEMENT, buyer__service_code="")
    )
    contracts = (
        needy.exclude(state=ContractState.ENDED)
        .select_related("buyer", "town")
        .prefetch_related("engagements", Prefetch("drafts", queryset=yearly, to_attr="billed"))
        .order_by("buyer__name", "pk")
    )
    return [
        Lacking(contract, year)
        for contract in contracts
        for year in _coming(contract, on)
        if year.start not in _settled(contract)
    ]


def _settled(contract: Contract) -> set[datetime.date]:
    """Starts of the years that have their number, or are billed."""
    return {one.year_starts_on for one in contract.engagements.all()} | {one.starts_on for one in contract.billed}


def _coming(contract: Contract, on: datetime.date) -> Iterator[Period]:
    """The year that runs, and the next one when it is near."""
    soon = on + ASKED_BEFORE
    return takewhile(lambda year: max(year.start, contract.begins_on) <= soon, years_from(contract, on))


def _checked(contract: Contract, year_starts_on: datetime.date, number: str) -> str:
    wrong = {}
    said = ""
    try:
        said = engagement_number(number)
    except ValidationError as error:
        wrong["number"] = error.messages
    if not said and not wrong:
        wrong["number"] = ["Donnez le numéro d’engagement."]
    # The first year of a calendar began before its contract.
    inside = max(year_starts_on, contract.begins_on)
    is_over = contract.ends_on is not None and inside >= contract.ends_on
    if is_over or year_of(contract, inside).start != year_starts_on:
        wrong["year_starts_on"] = ["Aucune période de ce contrat ne commence ce jour-là."]
    if wrong:
        raise ValidationError(wrong)
    return said
