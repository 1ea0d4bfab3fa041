"""Worries with real commits: the same form twice at once, two agents at once, two workers at once."""

import uuid

import pytest

from accounts.roles import ADMINISTRATORS
from aid.followups.models import FollowUp
from aid.worries import services
from aid.worries.enums import Grade, WorryAnswer
from aid.worries.escalating import escalate
from aid.worries.models import WorryStep
from harness import jobs as queue
from harness.at_once import all_at_once
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_person
from harness.towns import entry_of
from harness.worries import a_worry
from tenants.context import town_context
from tenants.registry import TownEntry


@pytest.fixture
def town(own_database: str) -> TownEntry:
    return entry_of(FIRST_TOWN)


def test_a_double_click_is_one_worry(town):
    with town_context(town):
        person = make_person()
    form = uuid.uuid4()
    told = all_at_once([lambda: a_worry(person, form_uid=form)] * 4, town=town)
    assert len({one.pk for one in told}) == 1
    with town_context(town):
        assert WorryStep.objects.filter(worry=told[0]).count() == 1
        assert FollowUp.objects.filter(subject_kind="worry", subject_id=told[0].pk).count() == 1


def test_of_two_agents_at_once_one_takes_it_and_one_answers(town):
    with town_context(town):
        worry = a_worry(make_person("Odette", phone=""))
        agents = [make_account(f"agent{number}@ccas.example", "Agents") for number in range(3)]
    told = all_at_once([lambda one=one: services.take(worry, by_account=one) for one in agents], town=town)
    assert sorted(type(one).__name__ for one in told) == ["NotAllowedError", "NotAllowedError", "Worry"]
    (first,) = [one.taken_by for one in told if not isinstance(one, Exception)]
    others = [one for one in agents if one != first]
    told = all_at_once(
        [lambda one=one: services.take(worry, by_account=one, from_account=first) for one in others], town=town
    )
    assert sorted(type(one).__name__ for one in told) == ["NotAllowedError", "Worry"]
    (second,) = [one.taken_by for one in told if not isinstance(one, Exception)]
    assert [str(one) for one in told if isinstance(one, Exception)] == [f"{second} s’en occupe déjà."]
    closing = [
        lambda one=one: services.close(worry, answer=WorryAnswer.NOTHING, words="Vu.", by_account=one) for one in agents
    ]
    told = all_at_once(closing, town=town)
    assert sorted(type(one).__name__ for one in told) == ["NotAllowedError", "NotAllowedError", "Worry"]
    with town_context(town):
        assert WorryStep.objects.filter(worry=worry).count() == 4


def test_two_workers_tell_administrators_once(town):
    with town_context(town):
        make_account("maire@ville.example", ADMINISTRATORS)
        worry = a_worry(make_person("Léa", phone=""), grade=Grade.URGENT)
    told = all_at_once([lambda: escalate(worry.pk)] * 3, town=town)
    assert sorted(told) == [False, False, True]
    with town_context(town):
        assert WorryStep.objects.filter(worry=worry, name="escalated").count() == 1


def test_an_urgent_one_waits_for_its_hour_in_the_queue_and_no_other_does(town):
    queue.empty_queue()
    with town_context(town):
        for grade in Grade:
            a_worry(make_person(f"Ada {grade.label}", phone=""), grade=grade)
    assert queue.states("worries.escalate") == {"todo": 1}
    queue.empty_queue()
