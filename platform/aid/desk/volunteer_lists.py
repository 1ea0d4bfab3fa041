"""What the board of volunteers reads for an account: counters, and lines that the address filters. Few queries."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.http import QueryDict

from accounts.models import Account
from aid.desk import access
from aid.desk.texts import DUE_WORDS
from aid.onboarding import progress
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Step, StepRecord, Volunteer, lacking

DUE_SOON, DUE_NOW = DUE_WORDS
ORDERS = {
    "nom": ("par nom", ("person__search_name", "pk")),
    "attente": ("ceux qui attendent depuis le plus longtemps d’abord", (F("applied_at").asc(nulls_last=True), "pk")),
    "echeance": ("la première échéance d’abord", (F("expires_on").asc(nulls_last=True), "pk")),
}


@dataclass(frozen=True)
class Counter:
    """How many there are of some, and the filters that show them; pressing when somebody waits for it."""

    label: str
    count: int
    query: str
    is_urgent: bool = False


def volunteers(account: Account) -> QuerySet[Volunteer]:
    """Volunteers as a line shows them: who, where they stand, what they lack, what ends soon, what they offer."""
    return (
        progress.board(access.volunteers_for(account))
        .select_related("person__commune__commune", "person__district", "offer")
        .prefetch_related("offer__kinds", "offer__communes__commune")
    )


def steps() -> list[Step]:
    """The steps without which nobody is admitted, in the town's order."""
    return list(Step.objects.required())


def without(step: Step) -> Q:
    """The condition of who has not passed a step, or for whom it ended."""
    return ~Q(Exists(StepRecord.objects.holding().filter(volunteer=OuterRef("pk"), step=step)))


def due(name: str) -> Q:
    """The condition of who is admitted and must pass a step again: soon, or now."""
    ends = progress.expiring(OuterRef("pk")) if name == DUE_SOON else lacking(OuterRef("pk"))
    return Q(state=VolunteerState.ADMITTED) & Q(Exists(ends))


def counters(account: Account, asked: list[Step]) -> list[Counter]:
    """What waits for somebody at the town, then the rest, in one query."""
    candidate = Q(state=VolunteerState.CANDIDATE)
    states = (VolunteerState.CANDIDATE, VolunteerState.SUSPENDED, VolunteerState.ON_LEAVE)
    conditions = {state.value: Q(state=state) for state in states}
    conditions |= {f"step_{step.pk}": candidate & without(step) for step in asked}
    conditions |= {name: due(name) for name in (DUE_SOON, DUE_NOW)}
    counts = access.volunteers_for(account).aggregate(
        **{name: Count("pk", filter=condition) for name, condition in conditions.items()}
    )
    by_step = [
        Counter(f"sans « {step.name} »", counts[f"step_{step.pk}"], f"etat=candidate&etape={step.uid}")
        for step in asked
    ]
    return [
        Counter("à rencontrer", counts[VolunteerState.CANDIDATE], "etat=candidate&tri=attente", is_urgent=True),
        *(by_step if counts[VolunteerState.CANDIDATE] else []),
        Counter("admis, étape à refaire", counts[DUE_NOW], f"echeance={DUE_NOW}", is_urgent=True),
        Counter("dont une étape expire sous 60\xa0jours", counts[DUE_SOON], f"echeance={DUE_SOON}&tri=echeance"),
        Counter("suspendus", counts[VolunteerState.SUSPENDED], "etat=suspended"),
        Counter("en pause", counts[VolunteerState.ON_LEAVE], "etat=on_leave"),
    ]


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
    """Candidates who wait, the first who came first; and whose steps lapse or soon will: by one query where none is.

    Three at most; nothing at all where nobody waits.
    """
    candidates, lapsing = Q(state=VolunteerState.CANDIDATE), due(DUE_NOW) | due(DUE_SOON)
    counts = access.volunteers_for(account).aggregate(
        candidates=Count("pk", filter=candidates), lapsing=Count("pk", filter=lapsing)
    )
    lines = progress.board(access.volunteers_for(account)).select_related("person")
    found = []
    if counts["candidates"]:
        counter = Counter("bénévoles à rencontrer", counts["candidates"], "etat=candidate&tri=attente", is_urgent=True)
        first = lines.filter(candidates).order_by(*ORDERS["attente"][1])[:most]
        found.append(Waiting("a-rencontrer", "Bénévoles à rencontrer", list(first), counter))
    if counts["lapsing"]:
        counter = Counter("étapes à refaire", counts["lapsing"], f"echeance={DUE_NOW}", is_urgent=True)
        first = lines.filter(lapsing).order_by(*ORDERS["echeance"][1])[:most]
        found.append(Waiting("a-refaire", "Étapes de bénévoles à refaire", list(first), counter))
    return found


def choices(asked: list[Step], given: QueryDict) -> dict[str, Any]:
    """What the board may be filtered by besides state, kind and commune; and what the address chose of it."""
    known = {
        "etape": [(str(step.uid), f"sans « {step.name} »") for step in asked],
        "echeance": list(DUE_WORDS.items()),
        "tri": [(name, words) for name, (words, _) in ORDERS.items()],
    }
    chosen = {name: given.get(name, "") for name in known}
    return {
        "more": known,
        "more_chosen": {name: one if one in dict(known[name]) else "" for name, one in chosen.items()},
    }


def narrowed(lines: QuerySet[Volunteer], asked: list[Step], chosen: dict[str, str]) -> QuerySet[Volunteer]:
    """The lines that fit what was chosen of these, in the order that was."""
    step = next((step for step in asked if str(step.uid) == chosen["etape"]), None)
    if step is not None:
        lines = lines.exclude(state=VolunteerState.LEFT).filter(without(step))
    if chosen["echeance"]:
        lines = lines.filter(due(chosen["echeance"]))
    _, order = ORDERS[chosen["tri"] or "nom"]
    return lines.order_by(*order)
