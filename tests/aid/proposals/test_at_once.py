"""What several do at the same instant: real commits, from several connections. No place is given twice."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from accounts.models import Account
from aid.configuration.enums import Mode
from aid.configuration.models import KindOfHelp
from aid.help_requests.enums import GOING, LOOKING, RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.transitions import NotAllowedError
from aid.notifications.models import Message
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer
from aid.proposals.enums import Answer, Outcome
from aid.proposals.models import Proposal
from aid.proposals.modes import change_mode
from aid.proposals.picking import propose_to
from aid.proposals.services import accept, ask_volunteers, choose, decline, withdraw
from harness import databases
from harness.at_once import all_at_once
from harness.desk import make_account
from harness.loop import open_request, somebody, visits, volunteer
from harness.towns import entry_of
from tenants.context import town_context
from tenants.registry import TownEntry

NUMBERS = itertools.count(100)


@pytest.fixture
def town(own_database: str) -> Iterator[TownEntry]:
    """Pont-Sainte-Maxence, where everything really commits; the volunteers of a test are nobody's in the next."""
    entry = entry_of(databases.FIRST_TOWN)
    yield entry
    with town_context(entry):
        Volunteer.objects.update(state=VolunteerState.LEFT)
        KindOfHelp.objects.update(wave_size=None)


def asked(town: TownEntry, count: int, **fields: object) -> list[Proposal]:
    """So many volunteers are asked about one request."""
    with town_context(town):
        for _ in range(count):
            number = next(NUMBERS)
            volunteer(f"Voisine {number}", f"+33639981{number}")
        request = open_request(somebody("Jeanne", f"+33639982{next(NUMBERS)}"), **fields)
        assert ask_volunteers(request.pk) == count
        return list(Proposal.objects.filter(request=request).order_by("pk"))


def at_once(town: TownEntry, *works: Callable[[], object]) -> list[object]:
    return all_at_once(list(works), town=town)


def kept(town: TownEntry, proposal: Proposal) -> tuple[HelpRequest, list[Proposal], Counter[str]]:
    """The request as it is now, its yeses, and how many gave each answer."""
    with town_context(town):
        request = HelpRequest.objects.select_related("volunteer").get(pk=proposal.request_id)
        yeses = list(request.proposals.yes().order_by("seat"))
        return request, yeses, Counter(request.proposals.values_list("answer", flat=True))


@pytest.mark.parametrize(("many", "needed"), [(8, 3), pytest.param(30, 12, marks=pytest.mark.long)])
def test_eight_yeses_at_once_for_three_places(town, many, needed):
    proposals = asked(town, many, people_needed=needed)
    told = at_once(town, *(lambda one=one: accept(one) for one in proposals))
    request, yeses, answers = kept(town, proposals[0])
    assert Counter(told) == {Outcome.ACCEPTED: needed, Outcome.TOO_LATE: many - needed}
    assert [one.seat for one in yeses] == list(range(1, needed + 1))
    assert answers == {Answer.YES: needed, Answer.TOO_LATE: many - needed}
    assert (request.state, request.volunteer_id) == (RequestState.AGREED, yeses[0].volunteer_id)
    with town_context(town):
        assert Counter(request.steps.values_list("name", flat=True)) == {"confirm": 1, "join": needed - 1, "agree": 1}
        missions = Message.objects.filter(kind="mission", key__in=[one.key("mission") for one in yeses])
        assert missions.count() == needed
        assert Message.objects.filter(kind="agreed", person=request.person).count() == 1


@pytest.mark.parametrize("again", range(3))
def test_a_yes_and_a_desistance_at_once(town, again):
    going, other = asked(town, 2)
    at_once(town, lambda: accept(going))
    withdrew, said = at_once(town, lambda: withdraw(going), lambda: accept(other))
    assert withdrew is Outcome.WITHDREW
    request, yeses, answers = kept(town, going)
    assert answers[Answer.WITHDREW] == 1
    if said is Outcome.ACCEPTED:
        assert (request.state, [one.volunteer_id for one in yeses]) == (RequestState.AGREED, [other.volunteer_id])
        assert request.volunteer_id == other.volunteer_id
    else:
        assert (said, request.state, request.volunteer, yeses) == (Outcome.TOO_LATE, RequestState.OPEN, None, [])


def test_two_candidates_chosen_at_once_for_one_place(town):
    first, second = asked(town, 2, mode=Mode.CANDIDATES)
    at_once(town, lambda: accept(first), lambda: accept(second))
    told = at_once(town, lambda: choose(first), lambda: choose(second))
    assert Counter(isinstance(one, NotAllowedError) for one in told) == {True: 1, False: 1}
    request, yeses, answers = kept(town, first)
    assert (len(yeses), request.state, answers[Answer.CANDIDATE]) == (1, RequestState.AGREED, 1)
    assert request.volunteer_id == yeses[0].volunteer_id


def test_somebody_says_yes_while_the_coordinator_proposes(town):
    (going,) = asked(town, 1)
    with town_context(town):
        agent = Account.objects.filter(email="a@exemple.example").first() or make_account("a@exemple.example")
        picked = volunteer("Zoé", f"+33639981{next(NUMBERS)}")
    said, proposed = at_once(town, lambda: accept(going), lambda: propose_to(going.request, [picked], by_account=agent))
    request, yeses, _ = kept(town, going)
    assert (said, request.state, len(yeses)) == (Outcome.ACCEPTED, RequestState.AGREED, 1)
    if not isinstance(proposed, NotAllowedError):
        with town_context(town):
            assert accept(proposed[0]) is Outcome.TOO_LATE


def test_the_last_noes_of_a_wave_at_once_bring_one_wave(town):
    with town_context(town):
        KindOfHelp.objects.filter(pk=visits().pk).update(wave_size=2)
        for name in ("Alice", "Karim", "Lucie", "Omar", "Zoé", "Inès"):
            volunteer(name, f"+33639981{next(NUMBERS)}")
        request = open_request(somebody("Jeanne", f"+33639982{next(NUMBERS)}"))
        ask_volunteers(request.pk)
        wave = list(request.proposals.order_by("pk"))
    at_once(town, *(lambda one=one: decline(one) for one in wave))
    last = wave[-1].pk
    told = at_once(town, *[lambda: ask_volunteers(request.pk, after=last)] * 6)
    assert sorted(told) == [0, 0, 0, 0, 0, 2]
    with town_context(town):
        assert request.proposals.count() == 4
        assert Message.objects.filter(key__in=[one.key("proposal") for one in request.proposals.all()]).count() == 4


def test_a_mode_changes_while_somebody_says_yes(town):
    (going,) = asked(town, 1)
    said, changed = at_once(town, lambda: accept(going), lambda: change_mode(going.request, Mode.COORDINATOR))
    request, yeses, _ = kept(town, going)
    assert (said, request.state, len(yeses)) == (Outcome.ACCEPTED, RequestState.AGREED, 1)
    assert request.mode == (Mode.FIRST_YES if isinstance(changed, NotAllowedError) else Mode.COORDINATOR)


def test_everything_at_once_leaves_a_request_that_holds_together(town):
    proposals = asked(town, 8, people_needed=3)
    at_once(town, *(lambda one=one: accept(one) for one in proposals[:3]))
    verbs = [withdraw, withdraw, withdraw, accept, accept, accept, decline, decline]
    told = at_once(town, *(lambda one=one, verb=verb: verb(one) for one, verb in zip(proposals, verbs, strict=True)))
    assert not [one for one in told if isinstance(one, Exception)]
    request, yeses, answers = kept(town, proposals[0])
    assert (answers[Answer.WITHDREW], answers[Answer.NO]) == (3, 2)
    assert len(yeses) <= request.people_needed
    assert len({one.seat for one in yeses}) == len(yeses)
    assert request.state in (GOING if len(yeses) == request.people_needed else LOOKING)
