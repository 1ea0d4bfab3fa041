"""What was counted, from what, as the town reads it; and what the town says of it."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone

from billing import counting
from billing.access import for_current_town
from billing.count_states import closed_because, last_day_to_contest, state_of, waiting_contests, with_states
from billing.counting import NotCountedError
from billing.enums import CountBasis, CountState, ReviewStep
from billing.models import CountReview, CountSnapshot, LineEvidence
from billing.town_books.contract import Event
from billing.town_books.reading import NotHereError, NotPossibleError, names_of, who_acts
from billing.town_books.words import who_is_counted
from core.french import day_words, decimals
from core.text import tidy

STATES = {
    CountState.REPLACED: "corrigé par un autre",
    CountState.CONTESTED: "contesté, réponse à venir",
    CountState.APPROVED: "approuvé",
    CountState.READY: "lu, bientôt approuvé",
}


@dataclass(frozen=True)
class CountRow:
    """A count in the list."""

    number: int
    as_of: datetime.date
    total: int
    source: str
    is_example: bool
    state: str
    waits_for_town: bool


@dataclass(frozen=True)
class CommuneCounted:
    """One commune of a count: what the source says, and the seniors."""

    name: str
    read: str
    count: int


@dataclass(frozen=True)
class CountPage:
    """A count with its evidence, and what was said of it."""

    row: CountRow
    who: str
    is_of_census: bool
    vintage: int | None
    sha256: str
    note: str
    counted_on: datetime.date
    counted_by: str
    communes: tuple[CommuneCounted, ...]
    events: tuple[Event, ...]
    replaces: int | None
    replaced_by: int | None
    # Rows and numbers of the documents reckoned from it.
    invoices: tuple[tuple[int, str], ...]
    last_day: datetime.date
    # Why the town may not contest it; empty where it may.
    closed_because: str


def counts_of_town(now: datetime.datetime) -> tuple[CountRow, ...]:
    """Every count that was shown to the town, the last first."""
    return tuple(_row(one, now) for one in _shown())


def count_page(number: int, now: datetime.datetime) -> CountPage:
    """A count of the town's that was shown to it. Raises NotHereError."""
    found = _shown()
    count = _of(found, number)
    with for_current_town():
        lines = {one.commune_id: one for one in count.lines.all()}
        evidence = LineEvidence.objects.filter(snapshot=count)
        invoices = set(evidence.values_list("line__invoice", "line__invoice__number"))
    names = names_of(lines)
    return CountPage(
        row=_row(count, now),
        who=who_is_counted(count.basis, count.age),
        is_of_census=count.basis == CountBasis.CENSUS,
        vintage=count.vintage,
        sha256=count.sha256,
        note=count.note,
        counted_on=timezone.localdate(count.counted_at),
        counted_by=count.counted_by,
        communes=tuple(
            CommuneCounted(name, decimals(lines[code].read), lines[code].count) for code, name in names.items()
        ),
        events=tuple(_events(count)),
        replaces=count.replaces_id if any(one.pk == count.replaces_id for one in found) else None,
        replaced_by=_replaced_by(count, found),
        invoices=tuple(sorted(invoices)),
        last_day=last_day_to_contest(count),
        closed_because=closed_because(count, now=now),
    )


def contest_count(number: int, *, words: str, by: str, now: datetime.datetime) -> bool:
    """Say what is wrong in a count of the town's. Whether it was added: the same words, sent twice, are one act.

    Raises NotHereError, NotPossibleError where it is too late, ValidationError, by field, for no words or too many.
    """
    count = _of(_shown(), number)
    if any(one.words == tidy(words) for one in waiting_contests(count)):
        return False
    try:
        with for_current_town():
            counting.contest(count, words=words, by=who_acts(by), now=now)
    except NotCountedError as refusal:
        raise NotPossibleError(str(refusal)) from refusal
    return True


def _shown() -> list[CountSnapshot]:
    """The counts that were shown to the town, the last first, with what was said of them. Three queries.

    What was not shown yet is still the operator's work.
    """
    with for_current_town():
        shown = CountReview.objects.filter(snapshot=OuterRef("pk"), step=ReviewStep.SHOWN)
        counts = CountSnapshot.objects.filter(Exists(shown)).order_by("-as_of", "-pk")
        return list(with_states(counts))


def _of(found: list[CountSnapshot], number: int) -> CountSnapshot:
    for one in found:
        if one.pk == number:
            return one
    raise NotHereError(number)


def _row(count: CountSnapshot, now: datetime.datetime) -> CountRow:
    state, until = state_of(count, now=now), last_day_to_contest(count)
    return CountRow(
        number=count.pk,
        as_of=count.as_of,
        total=count.total,
        source=count.source,
        is_example=count.is_example,
        state=STATES.get(state, f"à lire, jusqu’au {day_words(until)}"),
        waits_for_town=state == CountState.SHOWN,
    )


def _replaced_by(count: CountSnapshot, found: list[CountSnapshot]) -> int | None:
    return next((one.pk for one in found if one.replaces_id == count.pk), None)


def _events(count: CountSnapshot) -> Iterable[Event]:
    """What was said of it, in order."""
    said = {
        ReviewStep.SHOWN: "Montré à votre équipe.",
        ReviewStep.APPROVED: "Approuvé : il sert de base à la facture.",
    }
    found = [
        (one.at, said.get(ReviewStep(one.step), f"Nous répondons : {one.words}"), one.by) for one in count.reviews.all()
    ]
    found += [(one.done_at, f"Vous contestez : {one.words}", one.done_by) for one in count.town_acts.all()]
    for at, words, by in sorted(found, key=lambda event: event[0]):
        yield Event(timezone.localdate(at), words, by)
