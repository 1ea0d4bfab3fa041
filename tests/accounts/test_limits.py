"""How often: windows, towns, hashes, crowds, and whose address it is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone as clock
from hypothesis import given
from hypothesis import strategies as st

from accounts import limits
from accounts.models import Limit
from harness.databases import FIRST_TOWN
from harness.towns import entry_of
from tenants.context import town_context

HOUR = timedelta(hours=1)


def hit(subject: str = "06", most: int = 3, within: timedelta = HOUR, kind: str = "test") -> bool:
    return limits.hit(kind=kind, subject=subject, most=most, within=within)


def test_so_many_and_no_more_each_for_itself(town):
    assert [hit() for _ in range(5)] == [True, True, True, False, False]
    assert hit(subject="07")
    assert hit(kind="other")


def test_a_window_ends_by_itself_and_the_next_is_whole(town, monkeypatch):
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    told = []
    for minutes in (0, 10, 20, 59, 60, 61, 62, 63):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: start + timedelta(minutes=minutes))
        told.append(hit())
    assert told == [True, True, True, False, True, True, True, False]


def test_towns_count_apart_and_keep_nobody_s_number(town, other_town):
    assert [hit(most=1), hit(most=1)] == [True, False]
    kept = Limit.objects.get()
    assert "06" not in {kept.subject, kept.kind}
    assert len(kept.subject) == 64
    with town_context(other_town):
        assert hit(most=1)
        assert not Limit.objects.filter(subject=kept.subject).exists()


def test_what_ended_is_swept_as_others_come(town):
    Limit.objects.bulk_create(
        Limit(kind="old", subject=str(count), tries=1, ends_at=clock.now() - HOUR) for count in range(30)
    )
    hit()
    assert Limit.objects.filter(kind="old").count() == 30 - limits.SWEPT_AT_ONCE
    hit(subject="07")
    assert set(Limit.objects.values_list("kind", flat=True)) == {"test"}


def test_a_crowd_at_once_is_counted_to_the_last(own_database):
    def one(_: int) -> bool:
        try:
            with town_context(entry):
                return hit(subject="crowd", most=10)
        finally:
            connection.close()

    entry = entry_of(FIRST_TOWN)
    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(one, range(40))) == 10


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "expected"),
    [
        (0, "198.51.100.4", "203.0.113.9", "198.51.100.4"),
        (1, "10.0.0.2", "203.0.113.9", "203.0.113.9"),
        # What the visitor wrote stands to the left of what the proxy wrote.
        (1, "10.0.0.2", "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        (2, "10.0.0.2", "1.2.3.4, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (1, "10.0.0.2", "", "10.0.0.2"),
        (1, "10.0.0.2", "n'importe quoi", "unknown"),
        (0, "", "", "unknown"),
        (0, "::ffff:203.0.113.9", "", "203.0.113.9"),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
    ],
)
def test_whose_address_it_is(settings, proxies, remote, forwarded, expected):
    settings.PROXIES_IN_FRONT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert limits.address_of(request) == expected


@given(st.ip_addresses())
def test_any_address_is_counted_under_something(address):
    told = limits.address_of(RequestFactory().get("/", REMOTE_ADDR=str(address)))
    assert 0 < len(told) <= 64
