"""Flags with real commits: the same form twice at once, two agents at once."""

import uuid

import pytest

from aid.followups.models import FollowUp
from aid.partners import grids, keeping, services
from aid.partners.models import Flag, GridVersion
from aid.people.models import Person
from harness.at_once import all_at_once
from harness.databases import FIRST_TOWN
from harness.desk import make_account
from harness.partners import a_contact, a_contact_with_an_account, a_flag, a_partner
from harness.towns import entry_of
from tenants.context import town_context
from tenants.registry import TownEntry


@pytest.fixture
def town(own_database: str) -> TownEntry:
    return entry_of(FIRST_TOWN)


def test_a_double_click_is_one_flag(town):
    with town_context(town):
        contact = a_contact(partner=a_partner("Double"), email="double@clic.example")
        grids.current()
    form = uuid.uuid4()
    told = all_at_once([lambda: a_flag(contact, form_uid=form)] * 4, town=town)
    assert len({one.pk for one in told}) == 1
    with town_context(town):
        assert Flag.objects.filter(contact=contact).count() == 1
        assert FollowUp.objects.filter(subject_kind="flag", subject_id=told[0].pk).count() == 1


def test_of_two_agents_at_once_one_takes_it(town):
    with town_context(town):
        flag = a_flag(a_contact(partner=a_partner("Prise"), email="prise@clic.example"))
        agents = [make_account(f"agent{number}@ccas.example", "Agents") for number in range(3)]
    told = all_at_once([lambda one=one: services.take(flag, by_account=one) for one in agents], town=town)
    assert sorted(type(one).__name__ for one in told) == ["Flag", "NotAllowedError", "NotAllowedError"]
    (first,) = [one.in_hand_by for one in told if not isinstance(one, Exception)]
    others = [one for one in agents if one != first]
    told = all_at_once(
        [lambda one=one: services.take(flag, by_account=one, from_account=first) for one in others], town=town
    )
    assert sorted(type(one).__name__ for one in told) == ["Flag", "NotAllowedError"]
    told = all_at_once([lambda one=one: services.create_card(flag, by_account=one) for one in agents], town=town)
    assert len({one.pk for one in told}) == 1
    with town_context(town):
        assert Person.objects.filter(flags=flag).count() == 1
    told = all_at_once([lambda one=one: services.take_on(flag, by_account=one) for one in agents], town=town)
    assert sorted(type(one).__name__ for one in told) == ["Flag", "NotAllowedError", "NotAllowedError"]


def test_a_draft_is_published_once(town):
    with town_context(town):
        before = grids.current().number
        grids.save_draft(grids.draft())
    told = all_at_once([lambda: grids.publish(by_account=None)] * 3, town=town)
    assert {one.number for one in told} == {before + 1}
    with town_context(town):
        assert GridVersion.objects.filter(number=before + 1).count() == 1
        assert GridVersion.objects.filter(number__gt=before + 1).count() == 0


def test_an_account_given_twice_is_one(town):
    with town_context(town):
        contact = a_contact(partner=a_partner("Compte"), email="compte@clic.example")
    told = all_at_once([lambda: keeping.give_account(contact)] * 3, town=town)
    assert len({one.account_id for one in told}) == 1
    with town_context(town):
        assert a_contact_with_an_account(partner=a_partner("Autre"), email="autre@clic.example").account
