"""Who leaves a shared account at the same instant as the others: real commits, from several connections."""

import pytest

from aid.people.models import Person
from aid.people.services import NotSharedError, confirm_phone, leave_account, register_person
from aid.personal.services import open_door
from harness.at_once import all_at_once
from harness.databases import FIRST_TOWN
from tenants.context import town_context
from tenants.registry import TownEntry, registry

PHONE = "+33639980001"
NAMES = ("Odette", "Paul", "Zoé", "Max")


@pytest.fixture
def town(own_database: str) -> TownEntry:
    return registry.find(FIRST_TOWN)[0]


def test_when_all_leave_at_once_while_the_number_signs_in_the_last_one_stays(town):
    with town_context(town):
        persons = [register_person(first_name=name, phone=PHONE) for name in NAMES]
        for person in persons:
            confirm_phone(person)
        account = open_door(phone=PHONE)
    leaving = [lambda person=person: leave_account(person) for person in persons]
    told = all_at_once(leaving + [lambda: open_door(phone=PHONE)] * 4, town=town)
    assert [type(one) for one in told[:4]].count(NotSharedError) == 1
    assert [type(one) for one in told[:4]].count(Person) == len(NAMES) - 1
    assert told[4:] == [account] * 4
    with town_context(town):
        assert open_door(phone=PHONE) == account
        (stays,) = account.persons.all()
        others = Person.objects.exclude(pk=stays.pk).filter(phone=PHONE)
        assert {tuple(one.closed_contacts) for one in others} == {(PHONE,)}
        assert others.filter(account=None).count() == len(NAMES) - 1
