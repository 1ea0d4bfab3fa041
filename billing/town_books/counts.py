"""What was counted, from what, as the town reads it; and what the town says of it."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch
from django.utils import timezone

from billing import counting
from billing.access import for_current_town
from billing.counting import SHOWN_FOR
from billing.enums import CountBasis, ReviewStep, TownActKind
from billing.models import CountReview, CountSnapshot, LineEvidence, TownAct
from billing.town_books.contract import Event
from billing.town_books.reading import NotHereError, NotPossibleError, names_of, who_acts
from billing.town_books.words import who_is_counted
from core.french import day_words, decimals
from core.text import tidy


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
    found = _shown()
    return tuple(_row(one, found, now) for one in found)


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
        row=_row(count, found, now),
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
        last_day=_last_day(count),
        closed_because=_closed_because(count, found, now),
    )


def contest_count(number: int, *, words: str, by: str, now: datetime.datetime) -> bool:
    """Say what is wrong in a count of the town's. Whether it was added: the same words, sent twice, are one act.

    Raises NotHereError, NotPossibleError where it is too late, ValidationError, by field, for no words or too many.
    """
    found = _shown()
    count = _of(found, number)
    if refusal := _closed_because(count, found, now):
        raise NotPossibleError(refusal)
    if any(one.words == tidy(words) for one in _waiting(count)):
        return False
    with for_current_town():
        counting.contest(count, words=words, by=who_acts(by))
    return True


def _shown() -> list[CountSnapshot]:
    """The counts that were shown to the town, the last first, with what was said of them. Three queries.

    What was not shown yet is still the operator's work.
    """
    with for_current_town():
        shown = CountReview.objects.filter(snapshot=OuterRef("pk"), step=ReviewStep.SHOWN)
        counts = CountSnapshot.objects.filter(Exists(shown)).order_by("-as_of", "-pk")
        contests = Prefetch("town_acts", queryset=TownAct.objects.filter(kind=TownActKind.CONTEST).order_by("pk"))
        return list(counts.prefetch_related("reviews", contests))


def _of(found: list[CountSnapshot], number: int) -> CountSnapshot:
    for one in found:
        if one.pk == number:
            return one
    raise NotHereError(number)


def _row(count: CountSnapshot, found: list[CountSnapshot], now: datetime.datetime) -> CountRow:
    is_open = not _closed_because(count, found, now)
    return CountRow(
        number=count.pk,
        as_of=count.as_of,
        total=count.total,
        source=count.source,
        is_example=count.is_example,
        state=_state(count, found, now),
        waits_for_town=is_open and not _waiting(count),
    )


def _state(count: CountSnapshot, found: list[CountSnapshot], now: datetime.datetime) -> str:
    if _replaced_by(count, found):
        return "corrigé par un autre"
    if _waiting(count):
        return "contesté, réponse à venir"
    if _review(count, ReviewStep.APPROVED):
        return "approuvé"
    if now < _shown_at(count) + SHOWN_FOR:
        return f"à lire, jusqu’au {day_words(_last_day(count))}"
    return "lu, bientôt approuvé"


def _closed_because(count: CountSnapshot, found: list[CountSnapshot], now: datetime.datetime) -> str:
    """Why the town may not contest it any more; nothing while it may."""
    if _replaced_by(count, found):
        return "Ce comptage a été corrigé : lisez le nouveau."
    if _review(count, ReviewStep.APPROVED):
        return "Ce comptage est approuvé. Une erreur ? Appelez-nous : elle se corrige encore."
    if now >= _shown_at(count) + SHOWN_FOR:
        return f"Les trente jours sont passés le {day_words(_last_day(count))}. Une erreur ? Appelez-nous."
    return ""


def _review(count: CountSnapshot, step: ReviewStep) -> CountReview | None:
    """The last step of a sort."""
    return next((one for one in reversed(count.reviews.all()) if one.step == step), None)


def _shown_at(count: CountSnapshot) -> datetime.datetime:
    """When it was shown: first, for one that was twice."""
    return next(one.at for one in count.reviews.all() if one.step == ReviewStep.SHOWN)


def _last_day(count: CountSnapshot) -> datetime.date:
    return timezone.localdate(_shown_at(count) + SHOWN_FOR)


def _waiting(count: CountSnapshot) -> list[TownAct]:
    """Contests that nobody has answered since."""
    answered = _review(count, ReviewStep.ANSWERED)
    return [one for one in count.town_acts.all() if answered is None or one.done_at > answered.at]


def _replaced_by(count: CountSnapshot, found: list[CountSnapshot]) -> int | None:
    return next((one.pk for one in found if one.replaces_id == count.pk), None)


def _events(count: CountSnapshot) -> Iterable[Event]:
    """What was said of it, in order."""
    said = {
        ReviewStep.SHOWN: "Montré à votre équipe.",
        ReviewStep.APPROVED: "Approuvé : il sert de base à la facture.",
    }
    found = [
        (one.at, said.get(ReviewStep(one.step), f"Nous répondons : {one.words}"), one.by) for one in count.reviews.all()
    ]
    found += [(one.done_at, f"Vous contestez : {one.words}", one.done_by) for one in count.town_acts.all()]
    for at, words, by in sorted(found, key=lambda event: event[0]):
        yield Event(timezone.localdate(at), words, by)
