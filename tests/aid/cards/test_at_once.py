"""Suspended while her card is scanned, and two agents at once: real commits, from several connections."""

import threading
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from aid.cards.enums import Outcome
from aid.cards.models import Card, CardScan
from aid.cards.services import check, issue, void
from aid.onboarding.enums import REINSTATE, SUSPEND, VolunteerState
from aid.onboarding.models import Volunteer
from aid.onboarding.services import take
from harness.at_once import all_at_once
from harness.cards import a_card, token_of
from harness.databases import FIRST_TOWN
from harness.desk import make_volunteer
from tenants import walls
from tenants.context import facing, town_context
from tenants.registry import TownEntry, registry

SCANNERS, ROUNDS = 6, 4


@pytest.fixture
def town(own_database: str) -> TownEntry:
    return registry.find(FIRST_TOWN)[0]


@pytest.fixture
def alice(town):
    with town_context(town):
        return make_volunteer()


def scan_until(stop, town, token, told):
    """Scan without rest, as many doors would; (when it began, whether it was valid) of each."""
    try:
        while not stop.is_set():
            began = time.monotonic()
            with town_context(town):
                is_valid = check(token).is_valid
            told.append((began, is_valid))
    finally:
        connections.close_all()


def test_once_she_is_suspended_no_scan_answers_valid(town, alice):
    with town_context(town):
        token = token_of(a_card(alice))
    for _ in range(ROUNDS):
        stop, told = threading.Event(), []
        threads = [threading.Thread(target=scan_until, args=(stop, town, token, told)) for _ in range(SCANNERS)]
        for thread in threads:
            thread.start()
        while len(told) < 3 * SCANNERS:
            threading.Event().wait(0.005)
        with town_context(town):
            take(alice, SUSPEND)
        kept_at = time.monotonic()
        with town_context(town):
            valid_by_then = CardScan.objects.filter(outcome=Outcome.VALID).count()
        after = len(told)
        while len(told) < after + 3 * SCANNERS:
            threading.Event().wait(0.005)
        stop.set()
        for thread in threads:
            thread.join()
        assert any(is_valid for _, is_valid in told), "she was scanned before"
        assert not [one for one in told if one[0] > kept_at and one[1]], "a scan that began after it was valid"
        with town_context(town):
            # Those that were under way too: a valid one was kept before the suspension, or it is not valid.
            assert CardScan.objects.filter(outcome=Outcome.VALID).count() == valid_by_then
            take(alice, REINSTATE)


def test_a_scan_waits_for_who_suspends_and_reads_what_they_decided(town, alice):
    with town_context(town):
        token = token_of(a_card(alice))
    holds, may_end = threading.Event(), threading.Event()

    def suspend():
        take(alice, SUSPEND)
        holds.set()
        may_end.wait(20)

    def scan():
        holds.wait(20)
        threading.Timer(0.3, may_end.set).start()
        return check(token).is_valid

    assert all_at_once([suspend, scan], town=town)[1] is False


def test_of_cards_made_at_once_one_stands(town, alice):
    told = all_at_once([lambda: issue(alice, by_account=None)] * 4, town=town)
    assert all(isinstance(one, Card) for one in told), told
    with town_context(town):
        assert Card.objects.standing().filter(volunteer=alice).count() == 1
        assert Card.objects.filter(volunteer=alice).count() == 4


def test_voiding_scanning_making_and_suspending_do_not_block_each_other(town, alice):
    with town_context(town):
        card = a_card(alice)
        token = token_of(card)
    works = [
        lambda: void(card, reason="lost", by_account=None),
        lambda: check(token).is_valid,
        lambda: check(token).is_valid,
        lambda: take(alice, SUSPEND).state,
        lambda: issue(alice, by_account=None),
    ]
    told = all_at_once(works, town=town)
    assert told[3] == VolunteerState.SUSPENDED
    # Made before the suspension, or refused after it.
    assert isinstance(told[4], Card) or "en service" in str(told[4])
    with town_context(town):
        assert not check(token).is_valid
        assert Volunteer.objects.get(pk=alice.pk).state == VolunteerState.SUSPENDED


def test_old_scans_are_taken_away_by_the_platform_alone(town, alice):
    with town_context(town):
        token = token_of(a_card(alice))
        check(token)
    with pytest.raises(DatabaseError, match="permission denied"), town_context(town):
        CardScan.objects.update(outcome=Outcome.VOID)
    with walls.provisioning(), facing(town), transaction.atomic():
        CardScan.objects.update(at=timezone.now() - timedelta(days=800))
    with town_context(town):
        check(token)
    call_command("prune_journals", json=True)
    with town_context(town):
        assert CardScan.objects.count() == 1
