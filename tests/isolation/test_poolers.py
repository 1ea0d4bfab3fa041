"""Behind Debian's PgBouncer, in both modes: it lends one connection of the server to several towns in turn."""

import os
import pwd
import random
import shutil
import socket
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DEFAULT_DB_ALIAS, ProgrammingError, connection, connections

from accounts.models import Account
from tenants import pulse
from tenants.context import facing, town_context
from tenants.postgresql.base import DatabaseWrapper
from tenants.registry import TownEntry

pytestmark = pytest.mark.debian

PGBOUNCER = "/usr/sbin/pgbouncer"
PORT = 6432
THREADS = 4
READS_OF_A_THREAD = 750
POOL = 2


class BrokenError(Exception):
    """Something goes wrong in a block."""


@pytest.fixture
def pooler(own_database: str) -> Iterator[Callable[[str], dict[str, Any]]]:
    """Start a PgBouncer of our own in a mode; answer the settings of a connection through it."""
    # Under /tmp by itself: the path of a socket is short, and whoever runs the pooler must reach it.
    folder = Path(tempfile.mkdtemp(prefix="palier-pooler-", dir="/tmp"))
    started = []

    def start(mode: str) -> dict[str, Any]:
        server = connection.settings_dict
        user, password = (server[name].replace('"', '""') for name in ("USER", "PASSWORD"))
        (folder / "users").write_text(f'"{user}" "{password}"\n')
        target = {"host": server["HOST"], "port": server["PORT"]}
        (folder / "settings.ini").write_text(
            "[databases]\n* = "
            + " ".join(f"{name}={value}" for name, value in target.items() if value)
            + "\n[pgbouncer]\n"
            f"listen_addr =\nlisten_port = {PORT}\nunix_socket_dir = {folder}\n"
            f"auth_type = scram-sha-256\nauth_file = {folder}/users\n"
            f"pool_mode = {mode}\ndefault_pool_size = {POOL}\nmax_client_conn = 100\n"
            "ignore_startup_parameters = extra_float_digits\n"
        )
        account = _account_that_reaches(server["HOST"])
        for path in (folder, *folder.iterdir()):
            os.chown(path, account.pw_uid, account.pw_gid)
        as_account = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(
                [PGBOUNCER, folder / "settings.ini"], stdout=log, stderr=log, cwd=folder, **as_account
            )
        started.append(process)
        _wait_for(folder / f".s.PGSQL.{PORT}", process, folder / "log")
        return {**server, "HOST": str(folder), "PORT": str(PORT)}

    try:
        yield start
    finally:
        for process in started:
            process.terminate()
            process.wait(timeout=30)
        shutil.rmtree(folder)


def _account_that_reaches(host: str) -> pwd.struct_passwd:
    """Whom the pooler runs as: it refuses to be root, and the server's socket may be its owner's alone."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    return pwd.getpwuid(os.stat(host).st_uid) if host.startswith("/") else pwd.getpwnam("nobody")


def _wait_for(address: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as tried:
            tried.connect(str(address))
            return
        time.sleep(0.05)
    pytest.fail(f"PgBouncer did not start: {log.read_text()}")


@contextmanager
def through(settings: dict[str, Any]) -> Iterator[DatabaseWrapper]:
    """The thread's default connection, through the pooler."""
    usual = connections[DEFAULT_DB_ALIAS]
    ours = connections[DEFAULT_DB_ALIAS] = DatabaseWrapper(dict(settings), alias=DEFAULT_DB_ALIAS)
    try:
        yield ours
    finally:
        ours.close()
        connections[DEFAULT_DB_ALIAS] = usual


def emails() -> list[str]:
    return list(Account.objects.order_by("pk").values_list("email", flat=True))


def expected(towns: tuple[TownEntry, ...]) -> dict[str, list[str]]:
    answers = {}
    for town in towns:
        with town_context(town):
            answers[town.schema_name] = emails()
    return answers


def in_threads(work: Callable[[int], Counter[str]]) -> Counter[str]:
    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(work, range(THREADS)), Counter())


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_thousands_of_reads_of_two_towns(towns, pooler, mode):
    answers = expected(towns)
    settings = pooler(mode)

    def read(number: int) -> Counter[str]:
        chance = random.Random(number)
        counted: Counter[str] = Counter()
        with through(settings) as ours:
            for _ in range(READS_OF_A_THREAD):
                town = chance.choice(towns)
                with suppress(BrokenError), town_context(town):
                    counted["right" if emails() == answers[town.schema_name] else "wrong"] += 1
                    if chance.random() < 0.2:
                        raise BrokenError
                # What a request asks before its transaction, and what it must not be able to.
                counted["pulses"] += len(pulse.read(town.schema_name))
                if chance.random() < 0.1:
                    with suppress(ProgrammingError), facing(town):
                        emails()
                        counted["bare"] += 1
                # In session mode a client keeps its connection of the server until it leaves: two others wait.
                if chance.random() < 0.04:
                    ours.close()
        return counted

    assert in_threads(read) == {"right": THREADS * READS_OF_A_THREAD, "pulses": THREADS * READS_OF_A_THREAD}


def test_the_usual_way_would_give_another_town_s_rows(towns, pooler):
    """The control: role and search_path set for the session, as django-tenants does. The test above can fail."""
    answers = expected(towns)
    settings = pooler("transaction")
    database = connection.settings_dict["NAME"]

    def read(number: int) -> Counter[str]:
        chance = random.Random(number)
        counted: Counter[str] = Counter()
        with psycopg.connect(
            host=settings["HOST"],
            port=settings["PORT"],
            user=settings["USER"],
            password=settings["PASSWORD"],
            dbname=database,
            autocommit=True,
            prepare_threshold=None,
        ) as client:
            for _ in range(READS_OF_A_THREAD):
                schema = chance.choice(towns).schema_name
                client.execute(
                    "SELECT set_config('role', %s, false), set_config('search_path', %s, false)",
                    [f"{database}__{schema}", schema],
                )
                with suppress(psycopg.errors.UndefinedTable):
                    rows = client.execute("SELECT email FROM accounts_account ORDER BY id").fetchall()
                    counted["right" if [row[0] for row in rows] == answers[schema] else "wrong"] += 1
        return counted

    assert in_threads(read)["wrong"] > 0
