"""Who leaves a shared account at the same instant as the others: real commits, from several connections."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from aid.people.models import Person
from aid.people.services import NotSharedError, confirm_phone, leave_account, register_person
from aid.personal.services import open_door
from harness.databases import FIRST_TOWN
from tenants.context import town_context
from tenants.registry import TownEntry, registry

PHONE = "+33639980001"
NAMES = ("Odette", "Paul", "Zoé", "Max")


@pytest.fixture
def town(own_database: str) -> TownEntry:
    return registry.find(FIRST_TOWN)[0]


def all_at_once(town: TownEntry, works: list[Callable[[], object]]) -> list[object]:
    """Call these in as many threads, released together; what each answered or raised."""
    gate, told = threading.Barrier(len(works)), [None] * len(works)

    def one(number: int) -> None:
        gate.wait()
        try:
            with town_context(town):
                told[number] = works[number]()
        except Exception as error:  # noqa: BLE001 (whatever it is, the test reads it)
            told[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=[number]) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def test_when_all_leave_at_once_while_the_number_signs_in_the_last_one_stays(town):
    with town_context(town):
        persons = [register_person(first_name=name, phone=PHONE) for name in NAMES]
        for person in persons:
            confirm_phone(person)
        account = open_door(phone=PHONE)
    leaving = [lambda person=person: leave_account(person) for person in persons]
    told = all_at_once(town, leaving + [lambda: open_door(phone=PHONE)] * 4)
    assert [type(one) for one in told[:4]].count(NotSharedError) == 1
    assert [type(one) for one in told[:4]].count(Person) == len(NAMES) - 1
    assert told[4:] == [account] * 4
    with town_context(town):
        assert open_door(phone=PHONE) == account
        (stays,) = account.persons.all()
        others = Person.objects.exclude(pk=stays.pk).filter(phone=PHONE)
        assert {tuple(one.closed_contacts) for one in others} == {(PHONE,)}
        assert others.filter(account=None).count() == len(NAMES) - 1
