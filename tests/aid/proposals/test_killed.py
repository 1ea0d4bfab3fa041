"""A worker that dies while it asks: the next one finishes, and nobody is asked twice, nor before their turn."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, connections

from aid.configuration.models import KindOfHelp
from aid.notifications.models import Message
from aid.proposals import jobs
from aid.proposals.models import Proposal
from harness import databases
from harness.jobs import empty_queue, run_worker
from harness.loop import request_of, somebody, visits, volunteer
from harness.towns import entry_of
from tenants import jobs as queue
from tenants import walls
from tenants.context import platform_context, town_context
from tenants.registry import TownEntry

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.long
MANY = 40

# What `manage.py worker` does, killed by itself at one line.
DYING_WORKER = """
import asyncio, os, signal, sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from aid.proposals import services
from tenants import jobs
from tenants.management.commands.worker import work

def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)

class Connections:
    close_all = staticmethod(die)

match sys.argv[2]:
    case "asked": services.send_many = die
    case "written": services.waves.ask_for_next = die
    case "committed": jobs.connections = Connections

asyncio.run(work(concurrency=1, wait=True))
"""


@pytest.fixture
def town(own_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[TownEntry]:
    """Pont-Sainte-Maxence, with forty volunteers and an empty queue."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    entry = entry_of(databases.FIRST_TOWN)
    with town_context(entry):
        if not Proposal.objects.exists():
            for number in range(MANY):
                volunteer(f"Voisine {number}", f"+33639981{number:03}")
    empty_queue()
    yield entry
    connection.close()


def give_back_stalled_jobs() -> None:
    with walls.provisioning(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - make_interval(secs => %s)",
            [queue.STALLED_AFTER + 1],
        )
    with platform_context():
        queue.retry_stalled_jobs.configure(queueing_lock="tests").defer(timestamp=0)
    run_worker(times=2)


@pytest.mark.parametrize("at", ["asked", "written", "committed"])
@pytest.mark.parametrize("size", [None, 5])
def test_each_is_asked_once_whenever_the_worker_dies(town, own_database, at, size):
    expected = MANY if size is None else size
    with town_context(town):
        KindOfHelp.objects.filter(pk=visits().pk).update(wave_size=size)
        request = request_of(somebody("Jeanne"), state="open")
        jobs.ask_volunteers.defer(request=request.pk)
    worker = subprocess.run(
        [sys.executable, "-c", DYING_WORKER, own_database, at],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}"},
        cwd=ROOT,
        timeout=120,
        check=False,
    )
    assert worker.returncode == -signal.SIGKILL
    with town_context(town):
        assert Proposal.objects.filter(request=request).count() == (expected if at == "committed" else 0)

    give_back_stalled_jobs()
    with town_context(town):
        proposals = list(Proposal.objects.filter(request=request))
        assert len(proposals) == expected
        written = Message.objects.filter(key__in=[one.key("proposal") for one in proposals])
        assert Counter(written.values_list("person", flat=True)) == Counter(
            {one.volunteer.person_id: 1 for one in proposals}
        )
