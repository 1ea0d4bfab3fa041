"""A request with several volunteers, and whatever anybody does to it in whatever order: it holds together."""

import datetime
import itertools
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from aid.configuration.enums import Mode
from aid.configuration.models import KindOfHelp
from aid.facts.enums import FactKind
from aid.facts.models import Fact
from aid.help_requests import ageing
from aid.help_requests import services as requests
from aid.help_requests.enums import GIVEN, GOING, LOOKING, OVER, RequestState
from aid.help_requests.feedback import say_how_it_went
from aid.help_requests.models import HelpRequest
from aid.help_requests.transitions import NotAllowedError
from aid.notifications.models import Message
from aid.proposals import jobs, picking, services
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal
from aid.proposals.modes import change_mode
from harness.desk import make_account
from harness.loop import jeanne, open_request, visits, volunteer
from tenants.jobs import TownJob

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
MANY = 5
FINAL = {Answer.NO, Answer.WITHDREW, Answer.NOT_HELD}
AT_REST = {*OVER, RequestState.DRAFT, RequestState.TO_CHECK}
WHO = st.integers(0, MANY - 1)
REFUSED = (NotAllowedError, ValidationError)


class Life(RuleBasedStateMachine):
    """What each may do at any time; jobs run late, or twice, in any order."""

    queue: list[tuple[TownJob, dict[str, int]]]

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.queue = QUEUE
        self.queue.clear()
        numbers = itertools.count(10)
        self.volunteers = [volunteer(f"Voisine {number}", f"+336399800{next(numbers)}") for number in range(MANY)]
        self.agent = make_account("machine@exemple.example")
        self.asked_after_a_no: list[str] = []
        self.final: dict[int, int] = {}
        self.states: list[str] = []
        self.request = open_request(jeanne(), people_needed=2)
        self.look()

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    @property
    def now(self) -> HelpRequest:
        """The request as it is kept."""
        return HelpRequest.objects.get(pk=self.request.pk)

    def proposal(self, who: int) -> Proposal | None:
        return Proposal.objects.filter(request=self.request, volunteer=self.volunteers[who]).first()

    def try_to(self, verb: Callable[..., Any], *arguments: Any, **named: Any) -> None:
        """Do it, unless it is refused, which changes nothing."""
        before = (self.now.state, Counter(self.answers()))
        try:
            # As each view does, in a transaction of its own.
            with transaction.atomic():
                verb(*arguments, **named)
        except REFUSED:
            assert (self.now.state, Counter(self.answers())) == before
        self.look()

    def answers(self) -> list[tuple[int, str]]:
        return list(Proposal.objects.filter(request=self.request).values_list("volunteer", "answer"))

    def look(self) -> None:
        """Remember the states that it went through, and who has said no."""
        if not self.states or self.states[-1] != self.now.state:
            self.states.append(self.now.state)
        for one in Proposal.objects.filter(request=self.request):
            if one.pk in self.final:
                assert (one.answer in FINAL, one.times_asked) == (True, self.final[one.pk]), "a no is asked again"
            elif one.answer in FINAL:
                self.final[one.pk] = one.times_asked

    # --- What anybody does

    @rule(who=WHO)
    def accept(self, who: int) -> None:
        if (one := self.proposal(who)) is not None:
            self.try_to(services.accept, one)

    @rule(who=WHO)
    def decline(self, who: int) -> None:
        if (one := self.proposal(who)) is not None:
            self.try_to(services.decline, one)

    @rule(who=WHO)
    def withdraw(self, who: int) -> None:
        if (one := self.proposal(who)) is not None:
            self.try_to(services.withdraw, one)

    @rule(who=WHO)
    def choose(self, who: int) -> None:
        if (one := self.proposal(who)) is not None:
            self.try_to(services.choose, one, by_person=self.request.person)

    @rule(who=st.sets(WHO, max_size=2))
    def propose_to(self, who: set[int]) -> None:
        self.try_to(picking.propose_to, self.now, [self.volunteers[one] for one in who], by_account=self.agent)

    @rule(mode=st.sampled_from(Mode))
    def change_mode(self, mode: Mode) -> None:
        self.try_to(change_mode, self.now, mode, by_account=self.agent)

    @rule(size=st.sampled_from([None, 1, 2]))
    def change_waves(self, size: int | None) -> None:
        KindOfHelp.objects.filter(pk=visits().pk).update(wave_size=size)

    @rule(went_well=st.booleans())
    def say_how_it_went(self, went_well: bool) -> None:
        self.try_to(say_how_it_went, self.now, went_well=went_well, words="Voilà.", by_person=self.request.person)

    # Ends come rarely, so that lives are long.

    @precondition(lambda self: len(self.states) > 3)
    @rule()
    def cancel(self) -> None:
        self.try_to(requests.cancel, self.now, by_person=self.request.person)

    @precondition(lambda self: len(self.states) > 3)
    @rule(minutes=st.sampled_from([0, 30]))
    def finish(self, minutes: int) -> None:
        self.try_to(requests.finish, self.now, minutes=minutes, by_account=self.agent)

    @rule(who=WHO)
    def tell_done(self, who: int) -> None:
        if (one := self.proposal(who)) is not None:
            self.try_to(services.tell_done, one, minutes=30)

    @rule(who=WHO, words=st.sampled_from(["", "Personne."]))
    def tell_not_held(self, who: int, words: str) -> None:
        if (one := self.proposal(who)) is not None:
            self.try_to(services.tell_not_held, one, words=words)

    @rule()
    def thank(self) -> None:
        self.try_to(requests.thank, self.now, words="Merci")

    # --- What time does

    @precondition(lambda self: self.queue)
    @rule(data=st.data(), twice=st.booleans())
    def a_job_runs(self, data: st.DataObject, twice: bool) -> None:
        job, ids = self.queue.pop(data.draw(st.integers(0, len(self.queue) - 1), "job"))
        for _ in range(2 if twice else 1):
            self.try_to(job, **ids)

    @rule()
    def every_job_runs(self) -> None:
        while self.queue:
            job, ids = self.queue.pop(0)
            if job is not jobs.begin:
                self.try_to(job, **ids)

    @precondition(lambda self: len(self.states) > 2)
    @rule()
    def the_hour_comes(self) -> None:
        day = timezone.localdate() - datetime.timedelta(days=1)
        ends_at = timezone.now() + datetime.timedelta(hours=1)
        HelpRequest.objects.filter(pk=self.request.pk, day__gt=day).update(day=day, ends_at=ends_at)
        self.try_to(jobs.begin, request=self.request.pk)

    @precondition(lambda self: self.now.day < timezone.localdate())
    @rule()
    def the_day_passes(self) -> None:
        ends_at = timezone.now() - datetime.timedelta(days=2)
        HelpRequest.objects.filter(pk=self.request.pk).update(ends_at=ends_at)
        self.try_to(ageing.expire_passed)

    # --- What is always so

    @invariant()
    def places_are_given_once(self) -> None:
        seats = list(Proposal.objects.filter(request=self.request).yes().values_list("seat", flat=True))
        assert len(seats) == len(set(seats)) <= self.now.people_needed
        assert all(1 <= seat <= self.now.people_needed for seat in seats)

    @invariant()
    def the_state_is_what_the_yeses_say(self) -> None:
        request, yeses = self.now, list(Proposal.objects.filter(request=self.request).yes().order_by("seat"))
        if request.state in {*GOING, *GIVEN}:
            assert request.volunteer_id in {one.volunteer_id for one in yeses}
        if request.state in GOING:
            absent = Proposal.objects.filter(request=self.request, answer=Answer.NOT_HELD).count()
            assert len(yeses) <= request.people_needed <= len(yeses) + absent
        if request.state in GIVEN:
            counted = [one for one in yeses if not one.is_to_tell]
            assert Fact.objects.filter(kind=FactKind.SERVICE_DONE).count() == len(counted) > 0
        if request.state in LOOKING:
            assert len(yeses) < request.people_needed
            assert request.volunteer_id is None
        if request.state == RequestState.PROPOSED:
            waiting = Proposal.objects.filter(request=request).exclude(way="round").asked()
            assert waiting.exists() or Proposal.objects.filter(request=request, answer=Answer.CANDIDATE).exists()

    @invariant()
    def the_journal_tells_every_change(self) -> None:
        steps = list(self.now.steps.order_by("pk").exclude(from_state="").values_list("from_state", "to_state"))
        if not steps:
            return
        assert steps[0][0] == RequestState.TO_CHECK
        assert all(before[1] == after[0] for before, after in itertools.pairwise(steps))
        assert steps[-1][1] == self.now.state

    @invariant()
    def nothing_is_written_twice(self) -> None:
        keys = list(Message.objects.values_list("key", flat=True))
        assert len(keys) == len(set(keys))
        asked = Counter(
            Message.objects.filter(kind="proposal", person__in=[one.person for one in self.volunteers]).values_list(
                "person", flat=True
            )
        )
        times = {one.volunteer.person_id: one.times_asked for one in Proposal.objects.filter(request=self.request)}
        assert all(number <= times[person] for person, number in asked.items())


QUEUE: list[tuple[TownJob, dict[str, int]]] = []


@pytest.mark.parametrize(
    ("examples", "steps"), [(12, 25), pytest.param(60, 50, marks=pytest.mark.long)], ids=["some", "many"]
)
def test_whatever_happens_a_request_holds_together(town, monkeypatch, examples, steps):
    for job in vars(jobs).values():
        if isinstance(job, TownJob):
            monkeypatch.setattr(job, "defer", lambda *, job=job, schedule_at=None, **ids: QUEUE.append((job, ids)))
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
