"""From the queue to the door, by real workers: each message once, whatever dies on the way."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection, connections
from django.utils import timezone

from aid.configuration.models import Rules
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.notifications import ceiling, delivering
from aid.notifications.enums import MessageState
from aid.notifications.models import Message, SmsDay
from aid.notifications.services import send, send_code, send_many
from aid.notifications.words import Words
from aid.people.enums import Channel
from aid.people.models import Person
from harness.databases import FIRST_TOWN
from harness.gateway import MUTE, Gateway, gateway
from harness.jobs import empty_queue, run_worker
from harness.towns import entry_of
from tenants import jobs, walls
from tenants.context import platform_context, town_context
from tenants.registry import TownEntry

ROOT = Path(__file__).resolve().parents[3]
WORDS = Words(subject="Une demande", body="Bonjour Alice.", sms="Une course mardi ?")
MOBILE = "+33639980001"


@pytest.fixture(autouse=True)
def _clean(own_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    yield
    with town_context(entry_of(FIRST_TOWN)):
        for model in (FollowUp, Message, Person, SmsDay):
            model.objects.all().delete()
        Rules.objects.update(sms_daily_ceiling=500, quiet_from=21, quiet_until=8)
    empty_queue()


@pytest.fixture
def here(own_database: str) -> TownEntry:
    return entry_of(FIRST_TOWN)


@pytest.fixture
def sms(here: TownEntry, settings: Any) -> Iterator[Gateway]:
    """A real door, to a gateway on this machine that carries once what it is asked twice."""
    with gateway() as kept:
        settings.OUTBOX = False
        settings.SMS_GATEWAY = {**settings.SMS_GATEWAY, "url": kept.url, "sends_once": True}
        with town_context(here):
            # Whatever the hour of the tests.
            Rules.objects.update_or_create(pk=1, defaults={"quiet_from": 0, "quiet_until": 0})
        yield kept


def write(town: TownEntry, count: int = 1, channel: Channel = Channel.SMS) -> list[int]:
    with town_context(town):
        person = Person.objects.create(first_name="Alice", phone=MOBILE, email="alice@voisins.example", channel=channel)
        return [
            send(person=person, kind="agreed", key=f"agreed:{person.pk}:{number}", words=WORDS).pk
            for number in range(count)
        ]


def states(town: TownEntry) -> Counter[str]:
    with town_context(town):
        return Counter(Message.objects.values_list("state", flat=True))


def followups(town: TownEntry) -> list[tuple[str, str]]:
    with town_context(town):
        return list(FollowUp.objects.order_by("pk").values_list("kind", "words"))


def hasten(town: TownEntry) -> None:
    """Bring the next try to now."""
    with walls.provisioning():
        walls.run("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")


def test_each_is_carried_once(here, sms):
    write(here, count=25)
    run_worker()
    assert states(here) == {MessageState.SENT: 25}
    assert (len(sms.asked), len(sms.carried)) == (25, 25)
    told = sms.asked[0]["told"]
    assert told["text"].startswith("Pont-Sainte-Maxence : Une course mardi")
    assert (told["recipient"], "sender" in told) == (MOBILE, False)
    with town_context(here):
        assert {str(uid) for uid in Message.objects.values_list("uid", flat=True)} == set(sms.carried)


def test_an_email_leaves_in_the_town_s_name(here, settings):
    settings.OUTBOX = False
    write(here, channel=Channel.EMAIL)
    run_worker()
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["alice@voisins.example"], WORDS.subject)
    assert "Bonjour Alice." in letter.body
    assert "<table" in letter.alternatives[0].content
    assert states(here) == {MessageState.SENT: 1}


def test_a_job_that_runs_again_finds_it_done(here, sms):
    (number,) = write(here)
    run_worker()
    with town_context(here):
        from aid.notifications.jobs import deliver

        deliver.defer(message=number)
        deliver.defer(message=number + 1000)
    run_worker()
    assert (states(here), len(sms.asked)) == ({MessageState.SENT: 1}, 1)


def test_a_busy_door_is_asked_again_later(here, sms):
    sms.answers = [503, 429]
    write(here)
    for tries in (1, 2):
        run_worker(times=2)
        assert (len(sms.asked), states(here)) == (tries, {MessageState.QUEUED: 1}), "not before its hour"
        hasten(here)
    run_worker()
    assert (states(here), len(sms.carried)) == ({MessageState.SENT: 1}, 1)
    with town_context(here):
        assert SmsDay.objects.get().taken == 1, "tries of one message count once"


def test_a_door_that_stays_busy_is_given_up_and_somebody_calls(here, sms):
    sms.answers = [503] * 20
    write(here)
    for _ in range(len(delivering.WAITS) + 1):
        run_worker()
        hasten(here)
    assert states(here) == {MessageState.FAILED: 1}
    assert len(sms.asked) == len(delivering.WAITS) + 1
    ((kind, words),) = followups(here)
    assert (kind, "Une course mardi ?" in words) == (FollowUpKind.TO_CALL, True)


def test_what_a_door_refuses_is_told_unless_it_went_to_many(here, sms):
    sms.answers = [400] * 4
    write(here)
    with town_context(here):
        person = Person.objects.get()
        send_many((person, "proposal", f"proposal:{number}", WORDS) for number in range(2))
        send_code(channel="sms", recipient=MOBILE, subject="", body="123456", key="code:1")
    run_worker()
    assert states(here) == {MessageState.FAILED: 4}
    assert [kind for kind, _ in followups(here)] == [FollowUpKind.TO_CALL]


def test_a_code_that_has_lived_is_not_sent_any_more(here, sms):
    sms.answers = [503] * 5
    with town_context(here):
        send_code(channel="sms", recipient=MOBILE, subject="", body="123456", key="code:1")
        Message.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    run_worker()
    assert states(here) == {MessageState.FAILED: 1}
    assert followups(here) == []


@pytest.mark.parametrize("sends_once", [True, False])
def test_a_gateway_that_breaks_half_way(here, sms, settings, sends_once):
    settings.SMS_GATEWAY = {**settings.SMS_GATEWAY, "sends_once": sends_once}
    sms.answers = [500]
    write(here)
    run_worker()
    hasten(here)
    run_worker()
    if sends_once:
        assert (states(here), len(sms.carried), followups(here)) == ({MessageState.SENT: 1}, 1, [])
    else:
        assert (states(here), len(sms.asked)) == ({MessageState.UNCERTAIN: 1}, 1)
        assert "peut-être parti" in followups(here)[0][1]


@pytest.mark.parametrize("sends_once", [True, False])
def test_a_gateway_that_took_it_and_never_said_so(here, sms, settings, sends_once):
    settings.SMS_GATEWAY = {**settings.SMS_GATEWAY, "sends_once": sends_once}
    sms.answers = [MUTE]
    write(here)
    run_worker()
    hasten(here)
    run_worker(times=2)
    assert len(sms.carried) == 1
    assert len(sms.asked) == (2 if sends_once else 1)
    assert states(here) == {MessageState.SENT if sends_once else MessageState.UNCERTAIN: 1}


def test_at_night_a_worker_keeps_it_for_the_morning(here, sms):
    hour = timezone.localtime().hour
    with town_context(here):
        Rules.objects.update(quiet_from=hour, quiet_until=(hour + 2) % 24)
    write(here)
    run_worker(times=2)
    assert (states(here), sms.asked) == ({MessageState.QUEUED: 1}, [])
    with town_context(here):
        Rules.objects.update(quiet_from=0, quiet_until=0)
    hasten(here)
    run_worker()
    assert (states(here), len(sms.carried)) == ({MessageState.SENT: 1}, 1)


def test_workers_never_pass_the_ceiling_together(here):
    with town_context(here):
        Rules.objects.update(sms_daily_ceiling=10)
    start, taken = threading.Barrier(8), []

    def run() -> None:
        try:
            start.wait(10)
            for _ in range(4):
                with town_context(here):
                    taken.append(ceiling.take_place(Message(kind="agreed", body="Bonjour")))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(taken) == {True: 10, False: 22}


# --- Workers that die

# What `manage.py worker` does, killed by itself at one line.
DYING_WORKER = """
import asyncio, os, signal, sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.OUTBOX = False
settings.SMS_GATEWAY = {**settings.SMS_GATEWAY, "url": sys.argv[2], "sends_once": sys.argv[3] == "1"}
django.setup()
from aid.notifications import delivering
from tenants.management.commands.worker import work

def die(*_): os.kill(os.getpid(), signal.SIGKILL)

def dying_after(name):
    usual = getattr(delivering, name)
    def run(*arguments):
        usual(*arguments)
        die()
    setattr(delivering, name, run)

match sys.argv[4]:
    case "claimed": delivering.hand_over = die
    case "handed_over": delivering.conclude = die
    case "concluded": dying_after("conclude")
    case "in_the_middle":
        usual, left = delivering.conclude, iter([True] * 40)
        delivering.conclude = lambda message: usual(message) if next(left, False) else die()

asyncio.run(work(concurrency=1, wait=True))
"""


def kill_a_worker(database: str, url: str, *, sends_once: bool, at: str) -> None:
    worker = subprocess.run(
        [sys.executable, "-c", DYING_WORKER, database, url, str(int(sends_once)), at],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}"},
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    assert worker.returncode == -signal.SIGKILL


def give_back_stalled_jobs() -> None:
    with walls.provisioning(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - make_interval(secs => %s)",
            [jobs.STALLED_AFTER + 1],
        )
    with platform_context():
        jobs.retry_stalled_jobs.configure(queueing_lock="tests").defer(timestamp=0)
    run_worker(times=2)


@pytest.mark.long
@pytest.mark.parametrize("at", ["claimed", "handed_over", "concluded"])
@pytest.mark.parametrize("sends_once", [True, False])
def test_a_killed_worker_leaves_no_message_sent_twice(here, sms, settings, own_database, at, sends_once):
    settings.SMS_GATEWAY = {**settings.SMS_GATEWAY, "sends_once": sends_once}
    write(here, count=3)
    kill_a_worker(own_database, sms.url, sends_once=sends_once, at=at)
    left = len(sms.asked)
    assert left == (0 if at == "claimed" else 1)
    give_back_stalled_jobs()

    asked = Counter(one["headers"]["Idempotency-Key"] for one in sms.asked)
    if sends_once:
        assert states(here) == {MessageState.SENT: 3}
        assert len(sms.carried) == 3
        assert followups(here) == []
    elif at == "concluded":
        assert (states(here), max(asked.values())) == ({MessageState.SENT: 3}, 1)
    else:
        assert states(here) == {MessageState.SENT: 2, MessageState.UNCERTAIN: 1}
        assert max(asked.values()) == 1, "what may have left is not sent again"
        ((kind, words),) = followups(here)
        assert (kind, "Une course mardi ?" in words) == (FollowUpKind.TO_CALL, True)


ROUND = 120


@pytest.mark.long
@pytest.mark.parametrize("sends_once", [True, False])
def test_a_worker_killed_in_the_middle_of_a_round_to_many(here, sms, settings, own_database, sends_once):
    settings.SMS_GATEWAY = {**settings.SMS_GATEWAY, "sends_once": sends_once}
    with town_context(here):
        people = [Person(first_name="A", phone=f"+3363998{number:04}", channel=Channel.SMS) for number in range(ROUND)]
        asked = [(one, "proposal", f"proposal:{one.pk}", WORDS) for one in Person.objects.bulk_create(people)]
        assert send_many(asked) == ROUND
        # Whoever asked runs again: nobody is asked twice.
        assert send_many(asked) == 0
    kill_a_worker(own_database, sms.url, sends_once=sends_once, at="in_the_middle")
    give_back_stalled_jobs()
    assert len(sms.carried) == ROUND
    assert states(here)[MessageState.SENT] == (ROUND if sends_once else ROUND - 1)
    recipients = Counter(one["recipient"] for one in sms.carried.values())
    assert (len(recipients), max(recipients.values())) == (ROUND, 1)
    if not sends_once:
        assert max(Counter(one["headers"]["Idempotency-Key"] for one in sms.asked).values()) == 1
        assert states(here)[MessageState.UNCERTAIN] == 1
