"""Adding facts, and the sums that pages show."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from aid.facts.enums import FactKind
from aid.facts.models import Fact


@dataclass(frozen=True)
class Figures:
    """What a town's home page says of itself. Hours are whole, rounded down."""

    services: int
    hours: int
    volunteers: int
    people_helped: int


def record_fact(*, kind: FactKind, happened_on: datetime.date, commune_code: str = "", minutes: int = 0) -> Fact:
    """Add a fact. Raises ValidationError for an unknown kind."""
    fact = Fact(kind=kind, happened_on=happened_on, commune_code=commune_code, minutes=minutes)
    fact.full_clean()
    fact.save()
    return fact


def figures() -> Figures:
    """The sums since the beginning, in one query."""
    sums = Fact.objects.aggregate(
        services=Count("pk", filter=Q(kind=FactKind.SERVICE_DONE)),
        minutes=Sum("minutes", filter=Q(kind=FactKind.SERVICE_DONE), default=0),
        volunteers=Count("pk", filter=Q(kind=FactKind.VOLUNTEER_ADMITTED)),
        people_helped=Count("pk", filter=Q(kind=FactKind.PERSON_HELPED)),
    )
    return Figures(
        services=sums["services"],
        hours=sums["minutes"] // 60,
        volunteers=sums["volunteers"],
        people_helped=sums["people_helped"],
    )
