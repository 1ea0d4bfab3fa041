"""The counts that the yearly run needs: made and shown to each town, thirty days before it is billed."""

import datetime
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Prefetch

from billing.count_states import count_at, state_of, with_states
from billing.counting import NotCountedError, approve, count_by_its_rule, day_of_count, is_too_early, show
from billing.enums import CountBasis, CountState
from billing.models import Contract, CountSnapshot
from billing.periods import Period
from billing.yearly import contracts_of, period_starting_in
from tenants.context import platform_context

WRITTEN = "Ce nombre est convenu par écrit : donnez-le à la main."


@dataclass(frozen=True)
class ToCount:
    """A contract, its period of a year, and the day at which its seniors are counted."""

    contract: Contract
    period: Period
    as_of: datetime.date

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody gives its numbers, which are agreed in writing."""
        return self.contract.count_basis == CountBasis.AGREED

    def may_be_made(self, today: datetime.date) -> bool:
        """Whether `count_and_show` may count it on a day."""
        return not self.is_by_hand and not is_too_early(self.contract, as_of=self.as_of, today=today)


@dataclass(frozen=True)
class Counted:
    """What became of it: a count that the town reads now, or why there is none."""

    contract: Contract
    snapshot: CountSnapshot | None
    why: str


def to_count(year: int) -> Iterator[ToCount]:
    """The contracts of a year that have no count of their own, by the name of who is billed. Five queries."""
    return (one for one, found in counts_of(year) if found is None)


def counts_of(year: int) -> Iterator[tuple[ToCount, CountSnapshot | None]]:
    """Every contract of a year with the count that stands for it, or none; in five queries."""
    contracts = contracts_of(year).select_related("buyer", "town")
    counts = Prefetch("counts", queryset=with_states(CountSnapshot.objects.all()))
    for contract in contracts.prefetch_related(counts):
        period = period_starting_in(contract, year)
        if period is None:
            continue
        as_of = day_of_count(contract, period)
        yield ToCount(contract, period, as_of), count_at(contract, as_of)


def approve_ready(year: int, *, now: datetime.datetime, by: str) -> int:
    """Approve what towns have had thirty days to read, and do not contest; how many. Out of a transaction."""
    with platform_context():
        found = [one for _, one in counts_of(year) if one is not None and state_of(one, now=now) == CountState.READY]
    count = 0
    for one in found:
        # Contested meanwhile, it waits for an answer.
        with suppress(NotCountedError), platform_context():
            approve(one, by=by, now=now)
            count += 1
    return count


def count_and_show(
    year: int, *, today: datetime.date, by: str, report: Callable[[Counted], None] = lambda done: None
) -> None:
    """Count and show what can be; `report` hears of each. Asked again, it does the rest. Out of a transaction."""
    with platform_context():
        waiting = list(to_count(year))
    for one in waiting:
        report(_count(one, today=today, by=by))


def _count(one: ToCount, *, today: datetime.date, by: str) -> Counted:
    contract = one.contract
    if one.is_by_hand:
        return Counted(contract, None, WRITTEN)
    try:
        with platform_context():
            snapshot = count_by_its_rule(contract, as_of=one.as_of, today=today, by=by)
            show(snapshot, by=by)
    except NotCountedError as refusal:
        return Counted(contract, None, str(refusal))
    except ValidationError as refusal:
        return Counted(contract, None, " ".join(refusal.messages))
    return Counted(contract, snapshot, "")
