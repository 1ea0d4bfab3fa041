"""What the board and the lists of the desk read, each in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import attrgetter, or_
from typing import Any

from django.db.models import Count, Q, QuerySet

from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.followups.services import open_followups
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.proposals.enums import Answer

SHOWN_ON_BOARD = 8
LATELY = timedelta(days=7)


@dataclass(frozen=True)
class Section:
    """One part of the board: some of the lines, and how many there are."""

    lines: list[Any]
    count: int

    @property
    def more(self) -> int:
        """How many lines are left out."""
        return self.count - len(self.lines)


@dataclass(frozen=True)
class Board:
    """What waits, what goes on, what was done."""

    followups: Section
    to_check: Section
    looking: Section
    agreed: Section
    done: Section


@dataclass(frozen=True)
class _Part:
    """Which requests stand in a part of the board (all of one state), and in which order."""

    state: RequestState
    columns: tuple[str, ...]
    also: Q | None = None
    last_first: bool = False

    @property
    def condition(self) -> Q:
        """Which requests stand here."""
        return Q(state=self.state) & (self.also or Q())

    def first_numbers(self) -> QuerySet:
        """The first of them, by number."""
        order = [f"-{column}" if self.last_first else column for column in self.columns]
        return HelpRequest.objects.filter(self.condition).order_by(*order).values("pk")[:SHOWN_ON_BOARD]

    def section(self, lines: list[HelpRequest], count: int) -> Section:
        """What is shown of them, out of lines of every part."""
        own = [line for line in lines if line.state == self.state]
        return Section(sorted(own, key=attrgetter(*self.columns), reverse=self.last_first), count)


def board(now: datetime) -> Board:
    """The board at a moment, in four queries however much there is."""
    lately = Q(ends_at__gte=now - LATELY)
    parts = {
        "to_check": _Part(RequestState.TO_CHECK, ("created_at", "pk")),
        "looking": _Part(RequestState.OPEN, ("day", "created_at", "pk")),
        "agreed": _Part(RequestState.AGREED, ("ends_at", "pk")),
        "done": _Part(RequestState.DONE, ("ends_at", "pk"), lately, last_first=True),
    }
    counts = HelpRequest.objects.aggregate(**{name: Count("pk", filter=part.condition) for name, part in parts.items()})
    shown = reduce(or_, (Q(pk__in=part.first_numbers()) for part in parts.values()))
    lines = list(requests().filter(shown))
    waiting = open_followups(now)
    return Board(
        followups=Section(list(waiting[:SHOWN_ON_BOARD]), waiting.count()),
        **{name: part.section(lines, counts[name]) for name, part in parts.items()},
    )


def requests() -> QuerySet[HelpRequest]:
    """Requests as a line shows them: who, what, where, and how many volunteers were asked and said no."""
    standing = Q(proposals__volunteer__person__merged_into=None)
    return HelpRequest.objects.with_list_related_data().annotate(
        asked=Count("proposals", filter=standing),
        refused=Count("proposals", filter=standing & Q(proposals__answer=Answer.NO)),
    )


def followups(*, kind: FollowUpKind | None, is_done: bool) -> QuerySet[FollowUp]:
    """Follow-ups to do, or done (the last first)."""
    found = FollowUp.objects.select_related("person", "done_by").filter(done_at__isnull=not is_done)
    found = found.filter(kind=kind) if kind else found
    return found.order_by("-done_at", "-pk") if is_done else found.order_by("due_at", "pk")


def people(*, deceased: bool = False) -> QuerySet[Person]:
    """Persons as a line shows them, in the order of their names; those who died are a list of their own."""
    known = Person.objects.filter(deceased_on__isnull=False) if deceased else Person.objects.living()
    return known.select_related("commune__commune", "district", "volunteer").order_by("search_name", "pk")


def volunteers() -> QuerySet[Volunteer]:
    """Volunteers as a line shows them: who, what they offer, and where."""
    return (
        Volunteer.objects.filter(person__in=Person.objects.living())
        .select_related("person__commune__commune", "person__district", "offer")
        .prefetch_related("offer__kinds", "offer__communes__commune")
        .order_by("person__search_name", "pk")
    )
