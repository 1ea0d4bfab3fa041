"""How long each kind of data is kept, and taking away what has been kept long enough.

Rooms say what they keep and for how long at least and at most (`declare`); a town chooses between the two; a job of
each night applies it in small batches, so that nobody waits. Why these bounds: `because`, and two years without
contact as the CNIL advises social services.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q, Sum
from django.utils import timezone

from accounts.models import Account
from aid.privacy.models import Purge, RetentionPeriod
from core.dates import months_after
from core.models import AppendOnly

# Rows that one transaction locks: some tens of milliseconds (tests/benchmarks/purging.py).
BATCH = 200


@dataclass(frozen=True)
class Part:
    """Some rows of a kind of data: which have been kept long enough, and what is done with a batch of their numbers.

    Once done, a row is no longer among them.
    """

    rows: Callable[[datetime], models.QuerySet]
    act: Callable[[list[int]], object]
    # In which order: where rows that are done stay in a large table, a column that an index of the others begins by.
    # By their numbers, the first batch of each night would pass over all that earlier nights did.
    by: str = "pk"


@dataclass(frozen=True, kw_only=True)
class Retention:
    """A kind of data: how long it is kept after what, in months, and what becomes of it then."""

    key: str
    title: str
    counted_from: str
    outcome: str
    because: str
    months: int
    least: int
    most: int
    # Empty: its own work applies it (aid.privacy.leaving), or it is a journal.
    parts: tuple[Part, ...] = ()
    # Only ever added to: the town's own role may not take it away, the command prune_journals does.
    journal: type[AppendOnly] | None = None


_declared: dict[str, Retention] = {}


def declare(*retentions: Retention) -> None:
    """Have these kept so long. For rooms above, from `ready()`; twice is once."""
    _declared.update({one.key: one for one in retentions})


def declared() -> list[Retention]:
    """All kinds of data, the lowest room first."""
    return list(_declared.values())


@dataclass(frozen=True)
class Chosen:
    """A kind of data, and how long this town keeps it."""

    retention: Retention
    months: int

    @property
    def words(self) -> str:
        """« 2 ans », « 6 mois »."""
        return in_words(self.months)


def in_words(months: int) -> str:
    """A number of months, as people say it."""
    years, rest = divmod(months, 12)
    if rest or not years:
        return f"{months} mois"
    return f"{years} an{'s' if years > 1 else ''}"


def chosen() -> list[Chosen]:
    """What this town chose, or what holds until it does."""
    periods = dict(RetentionPeriod.objects.values_list("key", "months"))
    return [Chosen(one, periods.get(one.key, one.months)) for one in declared()]


def months_of(key: str) -> int:
    """How many months this town keeps a kind of data."""
    period = RetentionPeriod.objects.filter(key=key).values_list("months", flat=True).first()
    return _declared[key].months if period is None else period


def limit_of(key: str) -> datetime:
    """What is older than this has been kept long enough."""
    now = timezone.localtime()
    return timezone.make_aware(datetime.combine(months_after(now.date(), -months_of(key)), now.time()))


@transaction.atomic
def choose(months: Mapping[str, int], *, by_account: Account) -> None:
    """Keep what the town chose. Raises ValidationError, by key, out of the bounds of the law."""
    errors = {}
    for key, value in months.items():
        known = _declared[key]
        if not known.least <= value <= known.most:
            errors[key] = f"Écrivez un nombre de mois, de {known.least} à {known.most}."
    if errors:
        raise ValidationError(errors)
    for key, value in months.items():
        RetentionPeriod.objects.update_or_create(
            key=key, defaults={"months": value, "set_by": by_account, "set_at": timezone.now()}
        )


def purge(retention: Retention) -> int:
    """Take away all that has been kept long enough of a kind of data; answer how many rows.

    Called outside any transaction: each batch is committed by itself, and skips what somebody else is using.
    """
    return sum(_purge_part(retention, part) for part in retention.parts)


def _purge_part(retention: Retention, part: Part) -> int:
    done, later = 0, Q()
    while True:
        with transaction.atomic():
            rows = part.rows(limit_of(retention.key)).filter(later).order_by(part.by, "pk")
            locked = rows.select_for_update(of=["self"], skip_locked=True)
            batch = list(locked.values_list(part.by, "pk")[:BATCH])
            if not batch:
                return done
            part.act([number for _, number in batch])
            count(retention.key, len(batch))
        (value, number), done = batch[-1], done + len(batch)
        # An index is entered by the first condition.
        later = Q(**{f"{part.by}__gte": value}) & (Q(**{f"{part.by}__gt": value}) | Q(pk__gt=number))


def count(key: str, rows: int) -> None:
    """Add to what was taken away today, for the report."""
    if not rows:
        return
    today, _ = Purge.objects.get_or_create(key=key, day=timezone.localdate())
    Purge.objects.filter(pk=today.pk).update(rows=F("rows") + rows)


@dataclass(frozen=True)
class Line:
    """One line of the report: « 12 : le texte des messages »."""

    title: str
    rows: int


def report(since: date) -> list[Line]:
    """What was taken away since a day, by kind of data."""
    sums = dict(Purge.objects.filter(day__gte=since).values_list("key").annotate(sum=Sum("rows")))
    return [Line(one.title, sums[one.key]) for one in declared() if sums.get(one.key)]


def last_month() -> date:
    """Since when the report counts."""
    return timezone.localdate() - timedelta(days=30)
