"""The towns as the console lists them: in a fixed number of queries, and no schema is visited."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from billing.enums import ContractState
from billing.models import Contract
from billing.money import ZERO
from billing.paying import owed_by_town
from billing.town_books.contract import current
from console.enums import Health
from console.models import Suspension, TownFigures
from console.models.figures import OLD_AFTER
from core.text import fold
from tenants.addresses import url_at
from tenants.enums import TownState
from tenants.models import Domain, Town

TO_WATCH = "a-surveiller"


@dataclass(frozen=True)
class Chosen:
    """What a list is narrowed to: a state, a beginning of the words of a name, those that need a look."""

    state: str = ""
    name: str = ""
    to_watch: bool = False


@dataclass(frozen=True)
class Line:
    """A town of the list."""

    town: Town
    domain: str
    figures: TownFigures | None
    contract: Contract | None
    owed: Decimal
    is_asked_to_be_suspended: bool

    @property
    def state(self) -> TownState:
        """Of the town; that of its contract is another."""
        return TownState(self.town.state)

    @property
    def health(self) -> Health:
        """How it is, as far as its figures tell."""
        return self.figures.health if self.figures else Health.NEW

    @property
    def contract_state(self) -> ContractState | None:
        """That of its contract of today; None without one."""
        return ContractState(self.contract.state) if self.contract else None

    @property
    def address(self) -> str:
        """Where its site answers."""
        return url_at(self.domain)


def towns(chosen: Chosen) -> QuerySet[Town]:
    """The towns that fit, in the order of their names."""
    found = Town.objects.select_related("figures").annotate(
        primary=Subquery(Domain.objects.filter(tenant=OuterRef("pk"), is_primary=True).values("domain")[:1]),
        is_asked=Exists(Suspension.objects.open().filter(town=OuterRef("pk"), confirmed_by=None)),
    )
    if chosen.state in TownState.values:
        found = found.filter(state=chosen.state)
    if chosen.name:
        found = found.filter(pk__in=named(chosen.name))
    if chosen.to_watch:
        old = timezone.now() - OLD_AFTER
        found = found.filter(
            Q(figures=None)
            | Q(figures__has_failed=True)
            | Q(figures__counted_at__lt=old)
            | Q(figures__counted_at=None)
            | Q(figures__failed_jobs__gt=0)
            | Q(is_asked=True)
        )
    return found.order_by("name", "pk")


def named(typed: str) -> list[int]:
    """The towns whose name, or a host name, has words that begin so. Accents and capitals are forgiven. One query."""
    words = fold(typed).split()
    known = Town.objects.order_by().values_list("pk", "name", "domains__domain")
    return [pk for pk, *names in known if _has(words, fold(" ".join(name or "" for name in names)).split())]


def _has(words: Sequence[str], names: Sequence[str]) -> bool:
    return all(any(name.startswith(word) for name in names) for word in words)


def lines(found: Iterable[Town], *, today: date) -> list[Line]:
    """These towns as lines, in their order: two queries, however many."""
    listed = list(found)
    contracts = contracts_of(listed, today=today)
    owed = owed_by_town(listed)
    return [
        Line(
            town=town,
            domain=town.primary or "",
            figures=getattr(town, "figures", None),
            contract=contracts.get(town.pk),
            owed=owed.get(town.pk, ZERO),
            is_asked_to_be_suspended=town.is_asked,
        )
        for town in listed
    ]


def contracts_of(listed: Sequence[Town], *, today: date) -> dict[int, Contract]:
    """The contract of each town today, as the town's own pages choose it. One query."""
    every: dict[int, list[Contract]] = defaultdict(list)
    for contract in Contract.objects.filter(town__in=listed).select_related("buyer").order_by("begins_on", "pk"):
        every[contract.town_id].append(contract)
    return {town: current(contracts, today) for town, contracts in every.items()}


def last_counted() -> datetime | None:
    """The hour of the latest figures of any town."""
    counted = TownFigures.objects.exclude(counted_at=None).order_by("-counted_at")
    return counted.values_list("counted_at", flat=True).first()
