"""Presentations sent at the same instant: real commits, from several connections."""

import pytest

from aid.moderation import queue
from aid.moderation.enums import Outcome, Reason
from aid.moderation.models import Case
from aid.privacy.consents import NotGivenError
from aid.privacy.models import Consent
from aid.profiles.models import Profile
from aid.profiles.services import present, withdraw
from harness.at_once import all_at_once
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_volunteer
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
        assert Profile.objects.filter(person=person).count() == 1
        assert Consent.objects.filter(person=person).count() == 1


def test_an_agent_decides_while_the_author_writes_again_and_withdraws(town):
    with town_context(town):
        person, agent = make_volunteer("Marc").person, make_account("nadia@ccas.example", "Agents")
    for turn in range(6):
        with town_context(town):
            present(person=person, words=f"Devis gratuit, tarif {turn}", interests=[])
            case = Case.objects.open().get()
        decide = {"outcome": Outcome.HIDDEN, "reason": Reason.COMMERCE, "revision": case.revision, "by_account": agent}
        told = all_at_once(
            [
                lambda case=case, decide=decide: queue.decide(case, **decide),
                lambda turn=turn: present(person=person, words=f"Bonjour {turn}", interests=[]),
                lambda: withdraw(person),
            ],
            town=town,
        )
        allowed = (queue.NotAllowedError, NotGivenError)
        assert [one for one in told if isinstance(one, Exception) and not isinstance(one, allowed)] == []
        with town_context(town):
            assert not Profile.objects.published().filter(words__contains="tarif").exists()
