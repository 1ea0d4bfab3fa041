"""A request changes the way in which somebody is found for it: by hand, or when its time has passed."""

import datetime

import pytest
from django.utils import timezone

from aid.configuration.enums import Mode
from aid.configuration.models import KindOfHelp
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.help_requests.models import HelpRequest
from aid.help_requests.transitions import NotAllowedError
from aid.proposals import jobs
from aid.proposals.enums import Answer, Outcome
from aid.proposals.models import Proposal
from aid.proposals.modes import change_mode
from aid.proposals.services import accept, choose, decline, withdraw
from harness.desk import make_account
from harness.loop import ALICE_PHONE, jeanne, open_request, visits, volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


@pytest.fixture
def queue(monkeypatch):
    """The jobs that were asked for: (name, ids, when)."""
    asked = []
    for job in (jobs.ask_next, jobs.entrust):
        monkeypatch.setattr(
            job,
            "defer",
            lambda *, job=job, schedule_at=None, **ids: asked.append((job, ids, schedule_at)),
        )
    return asked


def run(queue):
    waiting = queue[:]
    queue.clear()
    for job, ids, _ in waiting:
        for _ in range(2):
            job(**ids)


def again(request):
    return HelpRequest.objects.get(pk=request.pk)


def to_do():
    return [(one.kind, one.subject_id) for one in FollowUp.objects.open()]


def test_a_request_goes_from_the_first_yes_to_the_coordinator_and_back(queue):
    volunteer("Alice", ALICE_PHONE)
    agent = make_account("agent@exemple.example")
    request = open_request(jeanne())
    change_mode(request, Mode.COORDINATOR, by_account=agent)
    for _ in range(2):
        assert change_mode(request, Mode.COORDINATOR, by_account=agent).mode == Mode.COORDINATOR
    step = request.steps.get(name="change_mode")
    assert (step.by_account, step.from_state, "coordinateur" in step.words) == (agent, "", True)
    run(queue)
    assert (to_do(), Proposal.objects.count()) == ([(FollowUpKind.TO_PROPOSE, request.pk)], 0)
    change_mode(request, Mode.FIRST_YES, by_account=agent)
    assert to_do() == []
    run(queue)
    assert accept(Proposal.objects.get()) is Outcome.ACCEPTED


def test_candidates_stay_and_may_be_chosen_by_the_coordinator(queue):
    alice = volunteer("Alice", ALICE_PHONE)
    request = open_request(jeanne(), mode=Mode.CANDIDATES)
    jobs.ask_volunteers(request=request.pk)
    accept(Proposal.objects.get(volunteer=alice))
    change_mode(request, Mode.COORDINATOR)
    assert choose(Proposal.objects.get(volunteer=alice)).state == "agreed"
    with pytest.raises(NotAllowedError, match="cherche plus"):
        change_mode(request, Mode.FIRST_YES)


def test_who_was_asked_may_still_say_yes(queue):
    volunteer("Alice", ALICE_PHONE)
    request = open_request(jeanne())
    jobs.ask_volunteers(request=request.pk)
    change_mode(request, Mode.COORDINATOR)
    run(queue)
    assert accept(Proposal.objects.get()) is Outcome.ACCEPTED
    assert to_do() == []


# --- After so many hours


@pytest.fixture
def patient():
    """The kind of help waits for six hours."""
    KindOfHelp.objects.filter(pk=visits().pk).update(hours_before_coordinator=6)
    volunteer("Alice", ALICE_PHONE)
    volunteer("Karim", "+33639980003")


def test_without_a_yes_the_coordinator_has_it_in_time(queue, patient):
    request = open_request(jeanne())
    jobs.ask_volunteers(request=request.pk)
    ((job, _, due),) = queue
    assert job is jobs.entrust
    assert abs((due - timezone.now() - datetime.timedelta(hours=6)).total_seconds()) < 60
    run(queue)
    run(queue)
    assert again(request).mode == Mode.COORDINATOR
    assert request.steps.filter(name="change_mode").count() == 1
    assert to_do() == [(FollowUpKind.TO_PROPOSE, request.pk)]


@pytest.mark.parametrize("mode", [Mode.FIRST_YES, Mode.CANDIDATES])
def test_a_yes_or_a_candidate_keeps_it(queue, patient, mode):
    request = open_request(jeanne(), mode=mode, people_needed=2)
    jobs.ask_volunteers(request=request.pk)
    accept(Proposal.objects.order_by("pk")[0])
    run(queue)
    assert again(request).mode == mode


def test_a_search_that_began_anew_has_its_own_hours(queue, patient):
    request = open_request(jeanne())
    jobs.ask_volunteers(request=request.pk)
    first = Proposal.objects.order_by("pk")[0]
    accept(first)
    of_the_first_search = queue[:]
    queue.clear()
    withdraw(first)
    run(of_the_first_search)
    assert again(request).mode == Mode.FIRST_YES
    run([one for one in queue if one[0] is jobs.entrust])
    assert again(request).mode == Mode.COORDINATOR


def test_nothing_waits_for_a_coordinator_who_has_it_already_or_never(queue, patient):
    open_request(jeanne(), mode=Mode.COORDINATOR)
    KindOfHelp.objects.filter(pk=visits().pk).update(hours_before_coordinator=None)
    request = open_request(jeanne())
    assert queue == []
    jobs.ask_volunteers(request=request.pk)
    for one in Proposal.objects.filter(request=request):
        decline(one)
    assert Proposal.objects.filter(request=request, answer=Answer.NO).count() == 2
