"""Many threads, each over a connection of its own or over a pool: right answers or refusals, never another town."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, ProgrammingError, connection, connections, transaction

from accounts.models import Account
from tenants.context import facing, town_context
from tenants.postgresql.base import DatabaseWrapper
from tenants.registry import TownEntry

THREADS = 6
READS_OF_A_THREAD = 250
POOL = 3


class BrokenError(Exception):
    """Something goes wrong in a block."""


def emails() -> list[str]:
    return list(Account.objects.order_by("pk").values_list("email", flat=True))


def expected(towns: tuple[TownEntry, ...]) -> dict[str, list[str]]:
    answers = {}
    for town in towns:
        with town_context(town):
            answers[town.schema_name] = emails()
    assert len({str(answer) for answer in answers.values()}) == len(towns)
    return answers


def in_threads(work: Callable[[int], Counter[str]]) -> Counter[str]:
    """Run `work` in each thread at the same moment; the sum of what they counted."""
    start = threading.Barrier(THREADS)

    def run(number: int) -> Counter[str]:
        start.wait(timeout=30)
        try:
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(run, range(THREADS)), Counter())


def read_towns(number: int, towns: tuple[TownEntry, ...], answers: dict[str, list[str]]) -> Counter[str]:
    """Enter towns at random, in every way that a program can: well, failing, nested, or forgetting to enter."""
    chance = random.Random(number)
    counted: Counter[str] = Counter()

    def read(town: TownEntry) -> None:
        counted["right" if emails() == answers[town.schema_name] else "wrong"] += 1

    for _ in range(READS_OF_A_THREAD):
        town, other = chance.sample(towns, 2)
        way = chance.choice(["well", "well", "fails", "nested", "savepoint", "forgotten", "closes"])
        with suppress(BrokenError):
            if way == "forgotten":
                try:
                    with facing(town):
                        emails()
                    counted["bare"] += 1
                except ProgrammingError:
                    counted["refused"] += 1
                continue
            with town_context(town):
                read(town)
                if way == "nested":
                    with town_context(other):
                        read(other)
                if way == "savepoint":
                    with suppress(BrokenError), transaction.atomic():
                        raise BrokenError
                if way == "fails":
                    raise BrokenError
                read(town)
        if way == "closes":
            connection.close()
    return counted


def assert_never_wrong(counted: Counter[str]) -> None:
    assert counted["wrong"] == counted["bare"] == 0
    assert counted["refused"] > THREADS
    assert counted["right"] > THREADS * READS_OF_A_THREAD


@pytest.mark.long
def test_threads_with_connections_of_their_own(towns):
    answers = expected(towns)
    assert_never_wrong(in_threads(lambda number: read_towns(number, towns, answers)))


@contextmanager
def pooled(usual: DatabaseWrapper) -> Iterator[DatabaseWrapper]:
    """The thread's default connection over the process's pool, as `OPTIONS = {"pool": …}` makes it."""
    described = {
        **usual.settings_dict,
        "CONN_MAX_AGE": 0,
        "OPTIONS": {**usual.settings_dict["OPTIONS"], "pool": {"min_size": 1, "max_size": POOL, "timeout": 30}},
    }
    ours = connections[DEFAULT_DB_ALIAS] = DatabaseWrapper(described, alias=DEFAULT_DB_ALIAS)
    try:
        yield ours
    finally:
        ours.close()


@pytest.mark.long
def test_threads_over_a_pool(towns):
    answers = expected(towns)
    usual = connections[DEFAULT_DB_ALIAS]

    def work(number: int) -> Counter[str]:
        with pooled(usual):
            return read_towns(number, towns, answers)

    try:
        assert_never_wrong(in_threads(work))
        with pooled(usual) as ours:
            with town_context(towns[0]):
                emails()
            ours.close()
            taken = [ours.pool.getconn() for _ in range(POOL)]
            for one in taken:
                row = one.execute("SELECT current_user = session_user, current_setting('search_path')").fetchone()
                assert row == (True, "pg_catalog")
                ours.pool.putconn(one)
            ours.close_pool()
    finally:
        connections[DEFAULT_DB_ALIAS] = usual


def test_a_new_thread_is_in_no_town(towns):
    """A thread does not follow into the town of who started it: it must enter, or is refused."""
    with town_context(towns[0]):
        counted = in_threads(lambda _: Counter({connection.schema_name: 1}))
    assert counted == {"public": THREADS}


def test_content_types_of_threads_in_different_towns(towns):
    """The same model has another id in each town: one dictionary of the process would serve the first one's to all."""
    ids = {}
    for count, town in enumerate(towns, start=1):
        with town_context(town):
            for filler in range(count):
                ContentType.objects.create(app_label="isolation", model=f"filler{filler}")
            ids[town.schema_name] = ContentType.objects.create(app_label="isolation", model="thing").pk
    assert len(set(ids.values())) == len(towns)

    def work(number: int) -> Counter[str]:
        chance = random.Random(number)
        counted: Counter[str] = Counter()
        for _ in range(200):
            town = chance.choice(towns)
            with town_context(town):
                found = ContentType.objects.get_by_natural_key("isolation", "thing")
                again = ContentType.objects.get_for_id(ids[town.schema_name])
                right = found.pk == ids[town.schema_name] and again.model == "thing"
                counted["right" if right else "wrong"] += 1
                if chance.random() < 0.1:
                    ContentType.objects.clear_cache()
        return counted

    assert in_threads(work) == {"right": THREADS * 200}
