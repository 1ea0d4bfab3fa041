"""The worker, for real: birthdays of each open town, the letter of a year to its end."""

import pytest
from django.utils import timezone

from aid.notifications.models import Message
from aid.people.enums import Channel
from aid.people.models import Person
from aid.recognition.services import send_letter, write_letter
from harness import jobs
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_person, make_volunteer
from harness.giving import gave
from tenants.context import town_context
from tenants.registry import TownEntry, registry
from tenants.rounds import ask_each_town


@pytest.fixture
def town(own_database: str) -> TownEntry:
    return registry.find(FIRST_TOWN)[0]


def test_the_letter_reaches_who_reads_e_mails_and_pressed_twice_it_is_one(town):
    year = timezone.localdate().year
    with town_context(town):
        agent, asker = make_account("nadia@ccas.example", "Agents"), make_person()
        paul = make_volunteer("Paul")
        Person.objects.filter(pk=paul.person_id).update(email="paul@exemple.example", channel=Channel.EMAIL)
        paul.person.refresh_from_db()
        gave(paul, 60, to=asker, day=timezone.localdate())
        write_letter(year=year, words="Merci.", by_account=agent)
    for _ in range(2):
        with town_context(town):
            send_letter(year=year, by_account=agent)
        jobs.run_worker(2)
    with town_context(town):
        assert Message.objects.filter(kind="letter").count() == 1
    jobs.empty_queue()


def test_each_open_town_wishes_its_birthdays_the_next_morning(town):
    asked = ask_each_town()
    assert asked >= 2
    assert jobs.states("recognition.wish_birthdays")["todo"] == asked
    jobs.empty_queue()
