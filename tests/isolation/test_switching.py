"""From one town to another on one connection: errors, rollbacks, nesting, hooks, cursors and lazy reads."""

import asyncio
import datetime
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import psycopg
import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DataError, InternalError, OperationalError, ProgrammingError, connection, connections, transaction
from django.http import HttpRequest, StreamingHttpResponse
from django.test import Client
from django.urls import path
from django_tenants.postgresql_backend.base import FakeTenant
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Account
from aid.facts.enums import FactKind
from aid.facts.models import Fact
from tenants.context import facing, platform_context, town_context
from tenants.models import Town
from tenants.postgresql.base import WrongTownError

TODAY = datetime.date(2026, 1, 1)


class BrokenError(Exception):
    """Something goes wrong in a block."""


def where() -> str:
    """The schema whose tables answer: asked of PostgreSQL, role and search_path both."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_schema() FROM accounts_account LIMIT 1")
        role, schema = cursor.fetchone()
    assert role == f"{connection.settings_dict['NAME']}__{schema}"
    return schema


def record(minutes: int) -> Fact:
    return Fact.objects.create(kind=FactKind.SERVICE_DONE, happened_on=TODAY, minutes=minutes)


def test_a_block_that_fails_keeps_nothing_and_leaves_no_town(towns):
    first, second = towns
    with suppress(BrokenError), town_context(first):
        record(minutes=11)
        raise BrokenError
    with pytest.raises(ProgrammingError):
        where()
    with town_context(second):
        assert where() == second.schema_name
    with town_context(first):
        assert not Fact.objects.filter(minutes=11).exists()


def test_a_savepoint_s_rollback_stays_in_the_town(towns):
    first, _ = towns
    with town_context(first):
        with suppress(BrokenError), transaction.atomic():
            where()
            raise BrokenError
        assert where() == first.schema_name
        # The first statement of the transaction is in the savepoint: its setting is undone with it.
    with town_context(first):
        with suppress(DataError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        assert where() == first.schema_name


def test_a_savepoint_of_before_the_switch_takes_it_back_with_it(towns):
    first, second = towns
    with town_context(first):
        where()
        before = transaction.savepoint()
        with facing(second):
            assert where() == second.schema_name
            transaction.savepoint_rollback(before)
            assert where() == second.schema_name
        assert where() == first.schema_name


def test_transactions_that_follow_each_other_are_each_in_the_town(towns):
    first, _ = towns
    with facing(first):
        for _ in range(2):
            with transaction.atomic():
                assert where() == first.schema_name
            with pytest.raises(ProgrammingError):
                where()


def test_a_town_within_a_town_comes_back_to_the_first(towns):
    first, second = towns
    with town_context(first):
        record(minutes=21)
        with suppress(BrokenError), town_context(second):
            assert where() == second.schema_name
            record(minutes=22)
            raise BrokenError
        assert where() == first.schema_name
        with town_context(second), platform_context():
            assert Town.objects.count() == 2
        assert where() == first.schema_name
        transaction.set_rollback(True)
    for town in towns:
        with town_context(town):
            assert not Fact.objects.filter(minutes__in=(21, 22)).exists()


def test_an_aborted_transaction_answers_nobody(towns):
    first, second = towns
    with town_context(first):
        with suppress(DataError), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        with pytest.raises(InternalError, match="aborted"), facing(second):
            where()
        with pytest.raises(InternalError, match="aborted"):
            where()
        transaction.set_rollback(True)
    with town_context(second):
        assert where() == second.schema_name


def test_an_inner_town_that_aborts_gives_the_outer_one_back(towns):
    first, second = towns
    with town_context(first):
        with pytest.raises(DataError), town_context(second), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        assert where() == first.schema_name


def test_another_answer_of_the_server_stops_everything(towns):
    """As a pooler or a proxy between us and it could give."""
    first, second = towns

    def send_elsewhere(execute, statement, parameters, many, context):
        if "set_config('role'" in statement:
            parameters = [str(value).replace(first.schema_name, second.schema_name) for value in parameters]
        return execute(statement, parameters, many, context)

    with pytest.raises(WrongTownError), connection.execute_wrapper(send_elsewhere), town_context(first):
        where()
    with town_context(first):
        assert where() == first.schema_name


@pytest.mark.parametrize("name", ["t_nobody", "pg_catalog", 'x", "public', "x'; SELECT 1 --", ""])
def test_a_town_that_is_not_one_is_an_error_even_within_a_town(towns, name):
    """django-tenants goes on after any error of the switch: the next statement would run as the previous town."""
    first, _ = towns
    with town_context(first):
        where()
        with pytest.raises((DataError, ValidationError)), facing(FakeTenant(schema_name=name)):
            where()
        transaction.set_rollback(True)
    with town_context(first):
        assert where() == first.schema_name


def test_hooks_run_in_their_own_town_and_transaction(towns):
    first, second = towns
    seen = []

    def hook() -> None:
        seen.append((where(), connection.in_atomic_block))

    with town_context(first):
        transaction.on_commit(hook)
        with town_context(second):
            transaction.on_commit(hook)
        with suppress(BrokenError), town_context(second):
            transaction.on_commit(hook)
            raise BrokenError
        assert seen == []
    assert seen == [(first.schema_name, True), (second.schema_name, True)]


def test_a_hook_that_fails_keeps_nothing_of_itself(towns):
    first, _ = towns

    def hook() -> None:
        record(minutes=32)
        raise BrokenError

    def change() -> None:
        with town_context(first):
            record(minutes=31)
            transaction.on_commit(hook)

    with pytest.raises(BrokenError):
        change()
    with town_context(first):
        assert list(Fact.objects.filter(minutes__in=(31, 32)).values_list("minutes", flat=True)) == [31]
    with pytest.raises(ProgrammingError):
        where()


# --- Any sequence of the above


@dataclass(frozen=True)
class Visit:
    """A block in one of the two towns, and how it ends."""

    town: int
    steps: tuple["str | Visit", ...]
    ends: str


ENDINGS = st.sampled_from(["well", "raises", "asks for rollback", "breaks"])
STEPS = st.sampled_from(["read", "failed savepoint", "hook", "close"])
VISITS = st.recursive(
    st.builds(Visit, st.sampled_from([0, 1]), st.tuples(STEPS), ENDINGS),
    lambda inner: st.builds(Visit, st.sampled_from([0, 1]), st.lists(STEPS | inner, max_size=4).map(tuple), ENDINGS),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(program=st.lists(VISITS, min_size=1, max_size=3))
def test_any_sequence_of_towns_and_failures_answers_right(own_database, program):
    schemas = _schemas()
    for visit in program:
        _run(visit, schemas)
        with pytest.raises(ProgrammingError):
            where()
        assert connection.schema_name == "public"


def _schemas() -> list[str]:
    with platform_context():
        return list(Town.objects.order_by("pk").values_list("schema_name", flat=True))


def _run(visit: Visit, schemas: list[str]) -> None:
    here = schemas[visit.town]
    with suppress(BrokenError, DataError, OperationalError), town_context(FakeTenant(schema_name=here)):
        for step in visit.steps:
            if isinstance(step, Visit):
                _run(step, schemas)
            elif step == "failed savepoint":
                with suppress(DataError), transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute("SELECT 1 / 0")
            elif step == "hook":
                transaction.on_commit(lambda: _assert_in(here))
            elif step == "close" and len(connection.savepoint_ids) == 0:
                # A connection that is lost in the middle of its transaction answers no more.
                connection.close()
            _assert_in(here)
        if visit.ends == "raises":
            raise BrokenError
        if visit.ends == "asks for rollback":
            transaction.set_rollback(True)
        if visit.ends == "breaks":
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")


def _assert_in(schema: str) -> None:
    assert where() == schema


# --- What outlives its block


def test_rows_read_by_pieces_are_the_town_s(towns):
    first, second = towns

    def pieces() -> list[int]:
        rows = Fact.objects.filter(commune_code="PIECE").order_by("pk").iterator(chunk_size=2)
        return [fact.minutes for fact in rows]

    for town, minutes in ((first, 41), (second, 42)):
        with town_context(town):
            Fact.objects.bulk_create(
                Fact(kind=FactKind.SERVICE_DONE, happened_on=TODAY, commune_code="PIECE", minutes=minutes)
                for _ in range(5)
            )
    for town, minutes in ((first, 41), (second, 42)):
        with town_context(town):
            assert pieces() == [minutes] * 5
    with town_context(first):
        rows = Fact.objects.filter(commune_code="PIECE").iterator(chunk_size=2)
        assert next(rows).minutes == 41
        with town_context(second):
            assert next(rows).minutes == 41
        assert [fact.minutes for fact in rows] == [41] * 3
    with pytest.raises(ProgrammingError), facing(first):
        pieces()


def test_a_queryset_that_leaves_its_town_is_refused(towns):
    first, _ = towns
    with town_context(first):
        accounts = Account.objects.all()
        names = (account.email for account in Account.objects.iterator())
    with pytest.raises(ProgrammingError):
        list(accounts)
    with pytest.raises(ProgrammingError):
        list(names)


def test_async_reads_are_right_or_refused(towns):
    first, _ = towns

    async def emails() -> list[str]:
        return [account.email async for account in Account.objects.all()]

    async def emails_from_another_thread() -> list[str]:
        try:
            return await emails()
        finally:
            await sync_to_async(connections.close_all)()

    with town_context(first):
        here = list(Account.objects.values_list("email", flat=True))
        # Back in the thread of the town, the connection is the town's.
        assert async_to_sync(emails)() == here
    with pytest.raises(ProgrammingError):
        asyncio.run(emails_from_another_thread())


@pytest.mark.parametrize("command", ["publish_scheduled", "flush"])
def test_commands_of_others_do_nothing_without_a_town(own_database, command):
    options = {"interactive": False} if command == "flush" else {}
    with pytest.raises(Exception, match=r"permission denied|does not exist|couldn't be flushed"):
        call_command(command, verbosity=0, **options)
    assert len(_schemas()) == 2


def streamed(request: HttpRequest) -> StreamingHttpResponse:
    """Answers first, reads afterwards."""
    found = Account.objects.values_list("email", flat=True)
    if "list" in request.GET:
        found = list(found)

    def lines() -> Iterator[str]:
        yield "first;"
        yield from found

    return StreamingHttpResponse(lines())


urlpatterns = [path("streamed/", streamed)]


def test_a_stream_that_reads_after_its_response_is_refused(towns, settings):
    settings.ROOT_URLCONF = __name__
    browser = Client(headers={"host": towns[0].domain})
    response = browser.get("/streamed/")
    received = []
    with pytest.raises(ProgrammingError):
        received.extend(response.streaming_content)
    assert received == [b"first;"]
    assert (
        b"".join(browser.get("/streamed/?list").streaming_content)
        == b"first;administration@pont-sainte-maxence.example"
    )


def test_flush_would_need_a_right_that_no_town_has(towns):
    with pytest.raises(ProgrammingError) as refusal, town_context(towns[0]), connection.cursor() as cursor:
        cursor.execute("TRUNCATE accounts_session")
    assert isinstance(refusal.value.__cause__, psycopg.errors.InsufficientPrivilege)
