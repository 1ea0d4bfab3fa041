"""Presentations sent at the same instant: real commits, from several connections."""

import pytest

from aid.privacy.models import Consent
from aid.profiles.models import Profile
from aid.profiles.services import present
from harness.at_once import all_at_once
from harness.databases import FIRST_TOWN
from harness.desk import make_volunteer
from tenants.context import town_context
from tenants.registry import TownEntry, registry


@pytest.fixture
def town(own_database: str) -> TownEntry:
    return registry.find(FIRST_TOWN)[0]


def test_pressed_many_times_at_once_it_is_one_presentation_and_one_yes(town):
    with town_context(town):
        person = make_volunteer().person
    told = all_at_once([lambda: present(person=person, words="Bonjour", interests=[])] * 5, town=town)
    assert [one for one in told if isinstance(one, Exception)] == []
    with town_context(town):
        assert Profile.objects.count() == 1
        assert Consent.objects.filter(person=person).count() == 1
