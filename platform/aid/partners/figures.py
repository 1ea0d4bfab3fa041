"""What partners sent and what became of it, over twelve months; too few to be nobody in particular are hidden."""

import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, F, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.formats import date_format

from aid.partners.enums import WAITING, FlagState
from aid.partners.models import Flag, Partner
from core.dates import months_after

MONTHS = 12
# Under this many, a figure would point at somebody.
FEWEST = 3
FEW = f"moins de {FEWEST}"
HEADINGS = (
    "Partenaire",
    "Nature",
    "Reçus",
    "En attente",
    "Pris en charge",
    "Sans suite",
    "Jours avant le premier geste",
)


class Median(Aggregate):
    """The middle one of durations, as PostgreSQL finds it."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Line:
    """One partner: its cells as they are read, and its months in their order."""

    partner: Partner
    cells: list[str]
    months: list[str]


@dataclass(frozen=True)
class Figures:
    """All of them, since a day."""

    since: date
    months: list[str]
    lines: list[Line]


def told(count: int) -> str:
    """A count, unless it is too small to be told; none is none."""
    return FEW if 0 < count < FEWEST else str(count)


def figures(today: date) -> Figures:
    """By partner, over the last twelve months, this one included. Three queries, however many there are."""
    first = today.replace(day=1)
    months = [months_after(first, -back) for back in reversed(range(MONTHS))]
    start = timezone.make_aware(datetime.combine(months[0], time.min))
    flags = Flag.objects.filter(sent_at__gte=start)
    counted = {row["partner"]: row for row in flags.values("partner").annotate(**_counts())}
    by_month: dict[int, dict[date, int]] = {}
    for row in flags.values("partner", month=TruncMonth("sent_at")).annotate(sent=Count("pk")):
        by_month.setdefault(row["partner"], {})[timezone.localtime(row["month"]).date()] = row["sent"]
    lines = [
        Line(
            partner=partner,
            cells=_cells(counted.get(partner.pk)),
            months=[told(by_month.get(partner.pk, {}).get(month, 0)) for month in months],
        )
        for partner in Partner.objects.all()
    ]
    return Figures(since=months[0], months=[date_format(month, "F Y") for month in months], lines=lines)


def rows(found: Figures) -> list[list[str]]:
    """The same as the rows of a file, with its headings."""
    return [
        [*HEADINGS, *found.months],
        *([line.partner.name, line.partner.get_kind_display(), *line.cells, *line.months] for line in found.lines),
    ]


def _counts() -> dict[str, Any]:
    return {
        "sent": Count("pk"),
        "waiting": Count("pk", filter=Q(state__in=WAITING)),
        "taken_on": Count("pk", filter=Q(state=FlagState.TAKEN_ON)),
        "no_follow_up": Count("pk", filter=Q(state=FlagState.NO_FOLLOW_UP)),
        "taken": Count("pk", filter=Q(in_hand_at__isnull=False)),
        "median": Median(F("in_hand_at") - F("sent_at"), filter=Q(in_hand_at__isnull=False)),
    }


def _cells(row: dict[str, Any] | None) -> list[str]:
    if row is None:
        return ["0", "0", "0", "0", "–"]
    counts = [told(row[name]) for name in ("sent", "waiting", "taken_on", "no_follow_up")]
    return [*counts, _days(row["median"]) if row["taken"] >= FEWEST else "–"]


def _days(median: timedelta) -> str:
    """Whole days, a day begun being one; less than one is « moins d’un jour »."""
    days = median / timedelta(days=1)
    return "moins d’un jour" if days < 1 else str(math.ceil(days))
