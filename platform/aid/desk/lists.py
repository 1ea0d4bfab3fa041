"""What the board and the lists of the desk read for an account, each in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache, reduce
from operator import attrgetter, or_
from typing import Any

from django.db.models import Count, Q, QuerySet, Subquery, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from accounts.abilities import get_abilities
from accounts.models import Account
from accounts.roles import Role, roles_of
from aid.desk import access
from aid.desk.calling import with_whom_to_call
from aid.desk.volunteer_lists import Counter
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.followups.services import open_followups
from aid.help_requests.enums import GIVEN, GOING, LOOKING, RequestState
from aid.help_requests.models import HelpRequest, HelpRequestQuerySet
from aid.moderation.models import CaseQuerySet, Sanction
from aid.notifications.models import Message
from aid.onboarding.models import Volunteer
from aid.partners.enums import CLOSED as CLOSED_FLAGS
from aid.partners.models import Flag
from aid.people.models import Person
from aid.privacy.enums import WAITING
from aid.privacy.models import RightsRequest
from aid.proposals.enums import Answer
from aid.worries.enums import WorryState
from aid.worries.models import Worry
from core.written import Asked, Rows, written

SHOWN_ON_BOARD = 8
SHOWN_OF_A_MESSAGE = ("channel", "state", "receipt_at", "sent_at", "body")
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
    """What waits, what goes on, what was done; and how many public texts wait, for who may moderate."""

    to_read: Counter | None
    followups: Section
    to_check: Section
    looking: Section
    agreed: Section
    done: Section


@dataclass(frozen=True)
class _Part:
    """Which requests stand in a part of the board, and in which order; no state is in two parts."""

    states: tuple[RequestState, ...]
    columns: tuple[str, ...]
    also: Q | None = None
    last_first: bool = False

    @property
    def condition(self) -> Q:
        """Which requests stand here."""
        return Q(state__in=self.states) & (self.also or Q())

    def first_numbers(self, requests: QuerySet[HelpRequest]) -> QuerySet:
        """The first of them among these, by number."""
        order = [f"-{column}" if self.last_first else column for column in self.columns]
        return requests.filter(self.condition).order_by(*order).values("pk")[:SHOWN_ON_BOARD]

    def section(self, lines: list[HelpRequest], count: int) -> Section:
        """What is shown of them, out of lines of every part."""
        own = [line for line in lines if line.state in self.states]
        return Section(sorted(own, key=attrgetter(*self.columns), reverse=self.last_first), count)


def board(account: Account, now: datetime) -> Board:
    """The board of an account at a moment, in as many queries however much there is."""
    lately = Q(ends_at__gte=now - LATELY)
    parts = {
        "to_check": _Part((RequestState.TO_CHECK,), ("urgency_rank", "created_at", "pk")),
        "looking": _Part(LOOKING, ("day", "urgency_rank", "created_at", "pk")),
        "agreed": _Part(GOING, ("ends_at", "pk")),
        "done": _Part(GIVEN, ("ends_at", "pk"), lately, last_first=True),
    }
    theirs = access.requests_for(account).ranked()
    counts = theirs.aggregate(**{name: Count("pk", filter=part.condition) for name, part in parts.items()})
    shown = reduce(or_, (Q(pk__in=part.first_numbers(theirs)) for part in parts.values()))
    lines = list(requests(account).filter(shown).ranked())
    waiting = open_followups(now, among=access.followups_for(account))
    followups = with_whom_to_call(waiting.annotate(of_all=Window(Count("pk")))[:SHOWN_ON_BOARD])
    return Board(
        to_read=_to_read(account) if get_abilities(account)["moderate"] else None,
        followups=Section(followups, followups[0].of_all if followups else 0),
        **{name: part.section(lines, counts[name]) for name, part in parts.items()},
    )


def _to_read(account: Account) -> Counter:
    waiting = access.cases_for(account).open().count()
    return Counter(f"texte{'s' if waiting > 1 else ''} à relire", waiting, "", is_urgent=True)


def requests(account: Account) -> HelpRequestQuerySet:
    """Requests as a line shows them: who, what, where, and how many volunteers were asked and said no."""
    # Each table that is joined doubles what PostgreSQL weighs before it reads a row: those of a line, and no more. The
    # volunteers are counted beside it: joined, lines would be grouped by all that they show.
    lines = access.requests_for(account).select_related(
        "person", "kind", "commune__commune", "district", "volunteer__person"
    )
    return lines.annotate(asked=_asked(), refused=_asked(Answer.NO))


# Both are written once for all lists.
@cache
def _asked(*answers: Answer) -> RawSQL:
    """How many volunteers were asked about the request of a line; those who answered so, where it is told."""
    asked = access.proposals_of_each()
    asked = asked.filter(answer__in=answers) if answers else asked
    times = asked.values("request").annotate(times=Count("pk")).values("times")
    return written(HelpRequest, Coalesce(Subquery(times), 0))


def latest_of(person: Person, volunteer: Volunteer | None, account: Account, *, most: int) -> list[HelpRequest]:
    """What somebody asked for and what they did for others, so many of each at most, the last first. One query for who
    is in any request, as `access.card_of` told."""
    if not person.is_in_requests:
        return []
    question = _latest(frozenset(roles_of(account)), volunteer is not None, most)
    return question.ask(account=account.pk, person=person.pk, volunteer=volunteer and volunteer.pk)


@lru_cache(maxsize=16)
def _latest(roles: frozenset[Role], is_volunteer: bool, most: int) -> Rows:
    """The latest of whoever is asked about, as an account of these roles sees them; written once."""
    anybody, person = access.whoever(roles), Asked("person")
    theirs = access.requests_for(anybody).order_by("-created_at", "-pk").values("pk")
    shown = theirs.filter(person=person)[:most]
    # Which they are is found among narrow rows; these are then read whole.
    if is_volunteer:
        shown = shown.union(theirs.filter(volunteer=Asked("volunteer")).exclude(person=person)[:most])
    return Rows.of(requests(anybody).filter(pk__in=shown).order_by("-created_at", "-pk"))


def messages_of(person: Person, account: Account, *, most: int) -> list[Message]:
    """The last messages to somebody, or to another for them: with the names of both, as a line shows them."""
    return _messages(frozenset(roles_of(account)), most).ask(account=account.pk, person=person.pk)


@lru_cache(maxsize=16)
def _messages(roles: frozenset[Role], most: int) -> Rows:
    person = Asked("person")
    sent = access.messages_for(access.whoever(roles)).filter(Q(person=person) | Q(about=person))
    names = [f"{reader}__{name}" for reader in ("person", "about") for name in ("first_name", "last_name")]
    lines = sent.select_related("person", "about").only(*SHOWN_OF_A_MESSAGE, *names)
    return Rows.of(lines.order_by("-created_at", "-pk")[:most])


def followups_of(person: Person, account: Account, *, most: int) -> list[FollowUp]:
    """What the town has or had to do for somebody, the last first, with who did it."""
    return _followups(frozenset(roles_of(account)), most).ask(account=account.pk, person=person.pk)


@lru_cache(maxsize=16)
def _followups(roles: frozenset[Role], most: int) -> Rows:
    theirs = access.followups_for(access.whoever(roles)).filter(person=Asked("person")).select_related("done_by")
    return Rows.of(theirs.order_by("-created_at", "-pk")[:most])


def followups(account: Account, *, kind: FollowUpKind | None, is_done: bool) -> QuerySet[FollowUp]:
    """Follow-ups to do, or done (the last first)."""
    found = access.followups_for(account).select_related("person", "done_by").filter(done_at__isnull=not is_done)
    found = found.filter(kind=kind) if kind else found
    return found.order_by("-done_at", "-pk") if is_done else found.order_by("due_at", "pk")


def people(account: Account, *, deceased: bool = False) -> QuerySet[Person]:
    """Persons as a line shows them, in the order of their names; those who died are a list of their own."""
    known = access.deceased_for(account) if deceased else access.persons_for(account)
    return known.select_related("commune__commune", "district", "volunteer").order_by("search_name", "pk")


def rights(account: Account, *, is_closed: bool) -> QuerySet[RightsRequest]:
    """What people ask of what is known of them: what waits, the most urgent first; or closed, the last first."""
    found = access.rights_for(account).with_list_related_data()
    if is_closed:
        return found.exclude(state__in=WAITING).order_by("-closed_at", "-pk")
    return found.waiting().order_by("due_on", "pk")


def cases(account: Account, *, is_closed: bool) -> CaseQuerySet:
    """Public texts to read, the gravest and oldest first; or those that were, the last first."""
    theirs = access.cases_for(account).with_list_related_data()
    return theirs.closed().order_by("-closed_at", "-pk") if is_closed else theirs.open().worst_first()


def appeals(account: Account) -> list[Sanction]:
    """Appeals that wait for an answer, the oldest first."""
    return list(access.sanctions_for(account).appealed().with_list_related_data().order_by("appealed_at", "pk"))


def flags(account: Account, *, is_closed: bool) -> QuerySet[Flag]:
    """What partners say of somebody: what waits, the most urgent first; or closed, the last first."""
    found = access.flags_for(account).with_list_related_data()
    if is_closed:
        return found.filter(state__in=CLOSED_FLAGS).order_by("-closed_at", "-pk")
    return found.waiting().most_urgent_first()


def worries(account: Account, *, is_closed: bool, about: Person | None = None) -> QuerySet[Worry]:
    """Worries without an answer, the most urgent first; or answered, the last first. Of everybody, or about one."""
    found = access.worries_for(account).with_list_related_data()
    found = found.filter(person=about) if about else found
    if is_closed:
        return found.filter(state=WorryState.CLOSED).order_by("-closed_at", "-pk")
    return found.waiting().most_urgent_first()
