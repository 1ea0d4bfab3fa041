"""Two agents on one volunteer at the same instant: real commits, from several connections."""

import pytest
from django.test import Client
from django.urls import reverse

from aid.onboarding.enums import Source, StepKind
from aid.onboarding.models import Appointment, Attendance, Step, StepRecord, Volunteer, VolunteerMove
from aid.onboarding.services import apply
from harness.at_once import all_at_once
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_person
from harness.scene import sign_in
from harness.steps import a_step, in_days, without_steps
from tenants.context import town_context
from tenants.registry import TownEntry, registry

AT_ONCE = 4


@pytest.fixture
def town(own_database: str) -> TownEntry:
    return registry.find(FIRST_TOWN)[0]


@pytest.fixture
def agents(town: TownEntry) -> list[Client]:
    """The browsers of four agents."""
    with town_context(town):
        accounts = [
            make_account(f"agent{number}.{VolunteerMove.objects.count()}@ccas.example", "Agents", first_name="Agent")
            for number in range(AT_ONCE)
        ]
        return [sign_in(FIRST_TOWN, account) for account in accounts]


@pytest.fixture
def bernard(town: TownEntry) -> Volunteer:
    with town_context(town):
        StepRecord.objects.all().delete()
        Attendance.objects.all().delete()
        Appointment.objects.all().delete()
        without_steps()
        a_step(StepKind.INTERVIEW)
        a_step(StepKind.TRAINING)
        return apply(person=make_person("Bernard", "Vidal"), source=Source.PAPER)


def together(agents: list[Client], posts: list[tuple[str, dict[str, object]]]) -> list[object]:
    """Each agent opens a form; all send it together."""
    sent = []
    for agent, (url, typed) in zip(agents, posts, strict=True):
        sent.append((agent, url, {"vu": agent.get(url).context.get("mark", "")} | typed))
    works = [lambda agent=agent, url=url, typed=typed: agent.post(url, typed) for agent, url, typed in sent]
    return all_at_once(works)


def step_url(volunteer: Volunteer, kind: StepKind, slug: str) -> str:
    return reverse("desk:step_gesture", args=(volunteer.person.uid, Step.objects.get(kind=kind).uid, slug))


def test_of_several_who_plan_one_does_and_the_others_read_it(town, agents, bernard):
    with town_context(town):
        url = step_url(bernard, StepKind.INTERVIEW, "rendez-vous")
    posts = [(url, {"day": in_days(2 + number), "hour": "10:00", "place": f"Bureau {number}"}) for number in range(4)]
    told = together(agents, posts)
    assert sorted(answer.status_code for answer in told) == [200, 200, 200, 302], told
    late = [answer.content.decode() for answer in told if answer.status_code == 200]
    assert all("Un rendez-vous est prévu le" in page for page in late)
    with town_context(town):
        assert Appointment.objects.count() == 1


def test_of_several_who_decide_one_does(town, agents, bernard):
    with town_context(town):
        admit, refuse = (
            reverse("desk:volunteer_decision", args=(bernard.person.uid, slug)) for slug in ("admettre", "refus")
        )
    words = {"words": "Connu de tous"}
    told = together(agents, [(admit, words), (refuse, words), (admit, words), (refuse, words)])
    assert {answer.status_code for answer in told} <= {200, 302}, told
    with town_context(town):
        moves = VolunteerMove.objects.filter(volunteer=bernard).exclude(name="candidature")
        assert moves.count() == 1
        bernard.refresh_from_db()
        assert bernard.state == moves.get().to_state


def test_a_training_noted_by_several_is_noted_once(town, agents, bernard):
    url = reverse("desk:training")
    with town_context(town):
        step = Step.objects.get(kind=StepKind.TRAINING).pk
    typed = {"step": step, "on": in_days(-1), "minutes": "2 h", "title": "Écouter", "came": [str(bernard.person.uid)]}
    told = together(agents, [(url, typed)] * AT_ONCE)
    assert {answer.status_code for answer in told} == {302}, told
    with town_context(town):
        assert Attendance.objects.get().minutes == 120
