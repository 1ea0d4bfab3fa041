"""Forgetting with real commits: two agents at once, a demand at the same instant; and what a night takes away."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from aid.notifications.models import Message
from aid.people.models import Person
from aid.privacy import forgetting, rights
from aid.privacy.enums import RightKind, RightState, SeenOn, Via
from aid.privacy.models import Access, Purge, RightsRequest
from aid.privacy.retained import ACCESSES
from aid.privacy.services import note_reading
from harness import jobs
from harness.at_once import all_at_once
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.desk import make_account
from harness.loop import JEANNE_PHONE, jeanne
from harness.towns import entry_of
from tenants import walls
from tenants.context import facing, town_context
from tenants.registry import TownEntry
from tenants.rounds import ask_each_town


@pytest.fixture
def town(own_database: str) -> TownEntry:
    return entry_of(FIRST_TOWN)


def test_of_several_agents_at_once_one_forgets_and_the_others_are_told(town):
    with town_context(town):
        agent = make_account("nadia@ccas.example", "Agents")
        person = jeanne()
        asked = rights.ask(person=person, kind=RightKind.FORGET, via=Via.PHONE)
    told = all_at_once([lambda: rights.forget(asked, by_account=agent, was_told=True)] * 4, town=town)
    assert sorted(type(one).__name__ for one in told) == ["NotAllowedError"] * 3 + ["RightsRequest"]
    with town_context(town):
        assert not Person.objects.filter(pk=person.pk).exists()
        assert RightsRequest.objects.get(pk=asked.pk).state == RightState.DONE


def test_who_asks_while_being_forgotten_leaves_no_half(town):
    with town_context(town):
        person = jeanne()
    told = all_at_once(
        [
            lambda: forgetting.forget(person),
            *[lambda: rights.ask(person=person, kind=RightKind.OBJECT, via=Via.SITE)] * 3,
        ],
        town=town,
    )
    assert told[0] == person.pk
    with town_context(town):
        assert not Person.objects.filter(pk=person.pk).exists()
        assert not RightsRequest.objects.waiting().exists()


def test_each_town_is_purged_at_night_and_its_journal_by_the_platform_alone(town):
    old = timezone.now() - timedelta(days=6 * 366)
    for one in (town, entry_of(SECOND_TOWN)):
        with town_context(one):
            message = Message.objects.create(
                kind="x", key="x:1", channel="sms", recipient=JEANNE_PHONE, body="Hier", state="sent", sent_at=old
            )
            Message.objects.filter(pk=message.pk).update(created_at=old)
            note_reading(jeanne(), screen=SeenOn.CARD)
        with walls.provisioning(), facing(one), transaction.atomic():
            Access.objects.update(at=old)
    assert ask_each_town() >= 2
    assert ask_each_town() >= 2
    assert jobs.states("privacy.purge")["todo"] == ask_each_town(), "what waits is not queued twice"
    jobs.run_worker()
    for one in (town, entry_of(SECOND_TOWN)):
        with town_context(one):
            assert Message.objects.get(key="x:1").body == ""
            assert Access.objects.exists(), "the town's own role may not"
    call_command("prune_journals", json=True)
    for one in (town, entry_of(SECOND_TOWN)):
        with town_context(one):
            assert not Access.objects.exists()
            assert Purge.objects.get(key=ACCESSES).rows == 1
    jobs.empty_queue()
