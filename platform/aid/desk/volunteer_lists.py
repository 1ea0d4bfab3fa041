"""What the board of volunteers reads for an account: counters, and lines that the address filters. Few queries.

Which lines stand on a page is found among narrow rows; what these lines show is then read for that page only.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache, reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db.models import Count, DateField, Exists, F, OuterRef, Q, QuerySet, Value
from django.http import QueryDict
from django.utils import timezone

from accounts.models import Account
from accounts.roles import Role, roles_of
from aid.cards.models import Card
from aid.configuration.models import KindOfHelp
from aid.desk import access
from aid.offers.models import Offer
from aid.onboarding import in_bulk, progress
from aid.onboarding.enums import AppointmentState, StepKind, VolunteerState
from aid.onboarding.models import Appointment, Step, StepRecord, Volunteer, holds_all
from aid.people.models import Person
from aid.territory.models import CoveredCommune
from core.written import Rows, one_of

ORDERS = {
    "nom": ("par nom", ("person__search_name", "pk")),
    "attente": ("ceux qui attendent depuis le plus longtemps d’abord", (F("applied_at").asc(nulls_last=True), "pk")),
    "echeance": ("la première échéance d’abord", (F("first_end").asc(nulls_last=True), "pk")),
}
DUE_SOON, DUE_NOW, DUE, DUE_CARD = "bientot", "maintenant", "toutes", "carte"
DUE_WORDS = {
    DUE_SOON: "une étape expire sous 60\xa0jours",
    DUE_NOW: "admis, une étape à refaire",
    DUE: "l’un ou l’autre",
    DUE_CARD: "une carte se termine sous 60\xa0jours",
}
CANDIDATE, ADMITTED = Q(state=VolunteerState.CANDIDATE), Q(state=VolunteerState.ADMITTED)
# Who may be at a training; beyond, a name is looked for.
MOST_EXPECTED = 60
NO_DAY = Value(None, output_field=DateField())


@dataclass(frozen=True)
class Counter:
    """How many there are of some, and the filters that show them, if any; pressing when somebody waits for it."""

    label: str
    count: int
    query: str
    is_urgent: bool = False


@dataclass(frozen=True)
class Asked:
    """What the town asks of its volunteers, read once for a page."""

    everything: list[Step]

    @classmethod
    def today(cls) -> "Asked":
        """As the town has it now."""
        return cls(in_bulk.asked_steps())

    @property
    def steps(self) -> list[Step]:
        """The steps that may lack, or end."""
        return in_bulk.that_count(self.everything)

    @property
    def has_training(self) -> bool:
        """Whether there are sessions to note."""
        return any(step.kind == StepKind.TRAINING for step in self.everything)

    @property
    def of_all(self) -> list[Step]:
        """The steps without which nobody is admitted."""
        return [step for step in self.steps if not step.is_for_some]

    def due(self, name: str) -> Q:
        """The condition of who is admitted and must pass a step again: soon, now, or either; or whose card ends."""
        soon, now = in_bulk.expires(self.steps), in_bulk.lacks_something(self.steps)
        return ADMITTED & {DUE_SOON: soon, DUE_NOW: now, DUE: soon | now, DUE_CARD: _card_ends()}[name]

    def standing(self, volunteers: QuerySet[Volunteer]) -> QuerySet[Volunteer]:
        """How far each step of these goes, where the town asks for any."""
        return in_bulk.standing(volunteers, self.steps)


class VolunteerPages(Paginator):
    """Pages of volunteers by their numbers; those of one page are then read whole. `count`: how many they are, where
    that is known already."""

    def __init__(self, account: Account, lines: QuerySet[Volunteer], a_page: int, *, count: int | None = None) -> None:
        super().__init__(numbers_of(lines), a_page)
        self.account = account
        if count is not None:
            self.count = count

    def _get_page(self, numbers: QuerySet, *args: Any) -> Page:
        return Page(whole(self.account, list(numbers)), *args)


def numbers_of(lines: QuerySet[Volunteer]) -> QuerySet:
    """The numbers of some volunteers, in their order."""
    return lines.values_list("pk", flat=True)


def whole(account: Account, numbers: list[int], *, with_homes: bool = False) -> list[Volunteer]:
    """Those that an account may see of these, as a line shows them, in this order; and where they live, if told."""
    lines = _lines(frozenset(roles_of(account)), timezone.localdate(), with_homes)
    known = {one.pk: one for one in lines.ask(account=account.pk, numbers=numbers)}
    return [known[number] for number in numbers if number in known]


# Towns far away may be at another day.
@lru_cache(maxsize=16)
def _lines(roles: frozenset[Role], day: date, with_homes: bool) -> Rows:
    """Volunteers as a line shows them, to an account of these roles: who, where they stand, what they lack that day,
    what ends soon, what they offer. Written once."""
    kinds = KindOfHelp.objects.filter(offers__volunteer=OuterRef("pk")).order_by("position", "name").values("name")
    places = CoveredCommune.objects.filter(offers__volunteer=OuterRef("pk")).order_by("commune__name")
    lines = progress.board(access.volunteers_for(access.whoever(roles)), day=day).annotate(
        has_offer=Exists(Offer.objects.filter(volunteer=OuterRef("pk"))),
        offered_kinds=ArraySubquery(kinds),
        offered_communes=ArraySubquery(places.values("commune__name")),
    )
    homes = ("person__commune__commune", "person__district") if with_homes else ()
    return Rows.of(lines.select_related("person", *homes).filter(one_of("pk", "numbers")))


@dataclass(frozen=True)
class Tally:
    """How many volunteers an account sees, in each state; and of the admitted, who passes a step again, now or soon,
    and whose card ends soon."""

    by_state: dict[str, int]
    due_now: int
    due_soon: int
    due_card: int

    def of(self, wanted: dict[str, Any]) -> int | None:
        """How many fit what the address asks for, where it chose a state or nothing; None where only lines tell."""
        chosen = wanted["chosen"] | wanted["more_chosen"]
        if any(chosen[name] for name in ("aide", "commune", "etape", "echeance")):
            return None
        return self.by_state[chosen["etat"]] if chosen["etat"] else sum(self.by_state.values())


def tally(account: Account, asked: Asked) -> Tally:
    """Count them, in one query."""
    vouched = holds_all(asked.of_all)
    ending = progress.expiring(steps=asked.steps)
    rows = (
        access.volunteers_for(account)
        .order_by()
        .values_list("state")
        .annotate(
            Count("pk"),
            due_now=Count("pk", filter=~vouched if vouched else in_bulk.NOBODY),
            due_soon=Count("pk", filter=Q(pk__in=ending.values("volunteer"))),
            due_card=Count("pk", filter=_card_ends()),
        )
    )
    counts = {state: (many, *due) for state, many, *due in rows}
    by_state = {state: counts.get(state, (0,))[0] for state in VolunteerState.values}
    _, *due = counts.get(VolunteerState.ADMITTED, (0, 0, 0, 0))
    return Tally(by_state, *due)


def counters(account: Account, asked: Asked, told: Tally) -> list[Counter]:
    """What waits for somebody at the town, then the rest; one query, for the steps of candidates."""
    candidates, suspended = (told.by_state[state] for state in (VolunteerState.CANDIDATE, VolunteerState.SUSPENDED))
    waiting = access.volunteers_for(account).filter(CANDIDATE)
    held = StepRecord.objects.holding().filter(step__in=asked.of_all, volunteer__in=waiting)
    held_by = dict(held.order_by().values_list("step").annotate(Count("volunteer", distinct=True)))
    by_step = [
        Counter(f"sans «\xa0{step.name}\xa0»", candidates - held_by.get(step.pk, 0), f"etat=candidate&etape={step.uid}")
        for step in asked.of_all
    ]
    return [
        Counter("à rencontrer", candidates, "etat=candidate&tri=attente", is_urgent=True),
        *(by_step if candidates else []),
        Counter("admis, étape à refaire", told.due_now, f"echeance={DUE_NOW}", is_urgent=True),
        Counter("dont une étape expire sous 60\xa0jours", told.due_soon, f"echeance={DUE_SOON}&tri=echeance"),
        Counter("dont la carte se termine sous 60\xa0jours", told.due_card, f"echeance={DUE_CARD}"),
        Counter(f"suspendu{'s' if suspended > 1 else ''}", suspended, "etat=suspended"),
        Counter("en pause", told.by_state[VolunteerState.ON_LEAVE], "etat=on_leave"),
    ]


def expected(account: Account, steps: list[Step], *, ticked: list[UUID], found: list[Person]) -> list[Volunteer]:
    """Who may be at a training, by name: who has an appointment for it, candidates who lack it, and whom somebody
    ticked or looked for."""
    theirs = access.volunteers_for(account).exclude(state=VolunteerState.LEFT).select_related("person")
    planned = Appointment.objects.filter(volunteer=OuterRef("pk"), step__in=steps, state=AppointmentState.PLANNED)
    holding = StepRecord.objects.holding().filter(volunteer=OuterRef("pk"))
    lacking = reduce(or_, (~Q(Exists(holding.filter(step=step))) for step in steps))
    waiting_for_it = Q(Exists(planned)) | (CANDIDATE & lacking)
    shown = list(theirs.filter(waiting_for_it).order_by("person__search_name", "pk")[:MOST_EXPECTED])
    wanted = Q(person__uid__in=ticked) | Q(person__in=[person.pk for person in found])
    also = theirs.filter(wanted).exclude(pk__in=[one.pk for one in shown])
    return sorted([*shown, *also], key=lambda one: (one.person.search_name, one.pk))


@dataclass(frozen=True)
class Waiting:
    """Some volunteers who wait for somebody at the town, on its board."""

    id: str
    title: str
    lines: list[Volunteer]
    counter: Counter

    @property
    def more(self) -> int:
        """How many lines are left out."""
        return self.counter.count - len(self.lines)


def waiting(account: Account, *, most: int) -> list[Waiting]:
    """Candidates who wait, the first who came first; and whose steps lapsed or soon will. Nothing where nobody does."""
    asked = Asked.today()
    which = CANDIDATE | asked.due(DUE)
    rows = asked.standing(access.volunteers_for(account)).filter(which)
    found = rows.annotate(first_end=_first_end(asked)).values_list("pk", "state", "applied_at", "first_end")
    candidates, others = [], []
    for pk, state, applied_at, first_end in found:
        is_candidate = state == VolunteerState.CANDIDATE
        since = applied_at if is_candidate else first_end
        (candidates if is_candidate else others).append((since is None, since, pk))
    if not (candidates or others):
        return []
    shown = [[pk for *_, pk in sorted(part)[:most]] for part in (candidates, others)]
    lines = progress.board(access.volunteers_for(account)).select_related("person")
    known = {one.pk: one for one in lines.filter(pk__in=[*shown[0], *shown[1]])}
    parts = (
        Waiting(
            "a-rencontrer",
            "Bénévoles à rencontrer",
            [known[pk] for pk in shown[0]],
            Counter(
                f"bénévole{'s' if len(candidates) > 1 else ''} à rencontrer",
                len(candidates),
                "etat=candidate&tri=attente",
                is_urgent=True,
            ),
        ),
        Waiting(
            "a-refaire",
            "Étapes de bénévoles à refaire, ou bientôt",
            [known[pk] for pk in shown[1]],
            Counter("étapes à refaire, ou bientôt", len(others), f"echeance={DUE}&tri=echeance", is_urgent=True),
        ),
    )
    return [part for part in parts if part.lines]


def choices(asked: Asked, given: QueryDict) -> dict[str, Any]:
    """What the board may be filtered by besides state, kind and commune; and what the address chose of it."""
    known = {
        "etape": [(str(step.uid), f"sans «\xa0{step.name}\xa0»") for step in asked.of_all],
        "echeance": list(DUE_WORDS.items()),
        "tri": [(name, words) for name, (words, _) in ORDERS.items()],
    }
    chosen = {name: given.get(name, "") for name in known}
    return {
        "more": known,
        "more_chosen": {name: one if one in dict(known[name]) else "" for name, one in chosen.items()},
    }


def narrowed(lines: QuerySet[Volunteer], asked: Asked, chosen: dict[str, str]) -> QuerySet[Volunteer]:
    """The numbers of the lines that fit what was chosen of these, in the order that was."""
    step = next((step for step in asked.of_all if str(step.uid) == chosen["etape"]), None)
    if step is not None or chosen["echeance"] or chosen["tri"] == "echeance":
        lines = asked.standing(lines)
    if step is not None:
        lines = lines.exclude(state=VolunteerState.LEFT).filter(in_bulk.lacks(step))
    if chosen["echeance"]:
        lines = lines.filter(asked.due(chosen["echeance"]))
    return _ordered(lines, asked, chosen["tri"] or "nom")


def _card_ends() -> Q:
    return Q(pk__in=Card.objects.ending(within=progress.SOON).values("volunteer"))


def _ordered(lines: QuerySet, asked: Asked, order: str) -> QuerySet:
    if order == "echeance":
        lines = lines.annotate(first_end=_first_end(asked))
    return lines.order_by(*ORDERS[order][1])


def _first_end(asked: Asked) -> object:
    return in_bulk.first_end(asked.steps) if asked.steps else NO_DAY
