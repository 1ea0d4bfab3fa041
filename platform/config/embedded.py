"""The embedded PostgreSQL 18: started by its first user, stopped by its last. For demo, tests and trying.

Each process that uses a server holds a shared lock on its `users.lock`, which the kernel takes back even from
a process that was killed. Whoever leaves tries for the exclusive lock: it is granted to the last one only,
who stops the server. Starting and leaving happen one at a time, behind `gate.lock`.
"""

import atexit
import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from config import secrets
from config.embedded_home import Home, is_reachable, programs, settle
from config.errors import ServerUnavailable
from config.server_setup import ADMIN, DATABASE, WEB, create_logins, ensure_database

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "300",
    "max_locks_per_transaction": "512",
    # The catalogs of two hundred towns fit: with half of it, the 220th opens in 1.3 to 1.7 times what the first took.
    "shared_buffers": "256MB",
}
# A database that may be lost at any time: copied in 0.06 s instead of 0.85 s.
QUICK_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
NEEDED_SPACE = 200 * 1024 * 1024  # bytes: 60 MB for an empty server, the rest for two towns
PATIENCE = 60  # seconds

# The servers that this process uses, each with the descriptor of its `users.lock`.
_held: dict[Path, tuple[Home, int]] = {}
_threads = threading.RLock()


@dataclass(frozen=True)
class Server:
    """A running server, reached through its socket only."""

    home: Path
    socket: Path

    def password(self, login: str) -> str:
        """Return the password of `palier_admin`, `palier_web` or `postgres` on this server."""
        return secrets.kept(login, self.home)

    def parameters(self, login: str, dbname: str) -> dict[str, str]:
        """Return psycopg's connection parameters."""
        return {"host": str(self.socket), "user": login, "password": self.password(login), "dbname": dbname}

    def dsn(self, login: str, dbname: str) -> str:
        """Return the connection string of libpq."""
        return make_conninfo(**self.parameters(login, dbname))


def start(home: Path, *, settings: dict[str, str] | None = None) -> Server:
    """Start the server of `home`, or join those who use it, until this process ends.

    `settings` are settings of PostgreSQL on top of ours; they hold from a start to the stop that follows. At
    the first start the data, the logins and the database `palier` are made. Raises ServerUnavailable.
    """
    try:
        place = settle(home)
        server = Server(place.path, place.socket)
        with _threads:
            if place.path in _held:
                return server
            with _gate(place):
                _held[place.path] = place, _lock(place, "users.lock", fcntl.LOCK_SH)
                try:
                    if not (_answers(place) and _is_prepared(place)):
                        _launch(place, server, settings or {})
                except Exception:
                    os.close(_held.pop(place.path)[1])
                    raise
    except (OSError, psycopg.Error, subprocess.SubprocessError) as error:
        raise ServerUnavailable(
            f"Le serveur PostgreSQL embarqué de {home} ne peut pas démarrer : {' '.join(str(error).split())}"
        ) from error
    return server


def leave(home: Path) -> None:
    """Stop using the server of `home`; the last one out stops it. Does nothing when we do not use it."""
    with _threads, contextlib.suppress(FileNotFoundError):
        if home.resolve() not in _held:
            return
        place, descriptor = _held.pop(home.resolve())
        with _gate(place):
            os.close(descriptor)
            try:
                # Opened anew: our own descriptor may be shared with processes that we forked.
                os.close(_lock(place, "users.lock", fcntl.LOCK_EX | fcntl.LOCK_NB))
            except BlockingIOError:
                return
            _stop(place, "fast")


@atexit.register
def _leave_all() -> None:
    for home in list(_held):
        leave(home)


def erase(home: Path) -> None:
    """Stop the server of `home`, whoever uses it, and delete its data, its secrets and its logins."""
    if not home.is_dir():
        home.unlink(missing_ok=True)
        return
    place = settle(home)
    with _threads, _gate(place):
        if place.path in _held:
            os.close(_held.pop(place.path)[1])
        # What is about to be deleted need not be written: over two hundred towns that takes a minute and more.
        _stop(place, "immediate")
        shutil.rmtree(place.path)
    if home.is_symlink():
        home.unlink()


def exit_on_signals() -> None:
    """Make SIGTERM and SIGHUP end this process as `sys.exit` does, so that it leaves its server.

    For the commands of Palier; a library never takes signals away from the program that uses it.
    """

    def leave_by_exit(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, leave_by_exit)


def _launch(place: Home, server: Server, settings: dict[str, str]) -> None:
    """Bring the server up from whatever state its home is in."""
    if place.account and not is_reachable(place.account, place.path):
        raise ServerUnavailable(
            f"Le compte {place.account.pw_name}, qui fait tourner PostgreSQL, ne peut pas entrer dans {place.path}."
        )
    for draft in place.path.glob("new-*"):
        # Of a start that was killed; its initdb may be writing there still, and the next start tries again.
        shutil.rmtree(draft, ignore_errors=True)
    place.give(place.socket)
    _clear_remains(place)
    if not _answers(place):
        if not place.data.exists():
            _create(place, server, quick=settings.get("fsync") == "off")
        _write_settings(place, settings)
        _start_postmaster(place)
    create_logins(
        programs(place.account) / "psql",
        socket=place.socket,
        superuser_password=server.password("postgres"),
        passwords={login: server.password(login) for login in (ADMIN, WEB)},
    )
    ensure_database(server.parameters(ADMIN, DATABASE), DATABASE)
    (place.path / "prepared").write_text(_identity(place))


def _create(place: Home, server: Server, *, quick: bool) -> None:
    """Make the data folder beside its place, then move it there whole: a failure leaves nothing."""
    free = shutil.disk_usage(place.path).free
    if free < NEEDED_SPACE:
        raise ServerUnavailable(
            f"Il reste {free // 2**20} Mo sur le disque de {place.path} ; "
            f"le serveur PostgreSQL embarqué en demande {NEEDED_SPACE // 2**20}."
        )
    draft = Path(tempfile.mkdtemp(prefix="new-", dir=place.path))
    try:
        password = draft / "password"
        password.touch(mode=0o600)
        password.write_text(server.password("postgres"))
        if place.account:
            for path in (password, draft):
                os.chown(path, place.account.pw_uid, place.account.pw_gid)
        done = place.run(
            "initdb",
            *("--pgdata", draft / "data", "--username", "postgres", "--pwfile", password),
            *("--auth-local=scram-sha-256", "--auth-host=reject", "--encoding=UTF8"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-messages=C"),
            *(["--no-sync"] if quick else []),
        )
        if done.returncode:
            lines = done.stderr.strip().splitlines()
            why = next((line for line in lines if "could not" in line or "FATAL" in line), (lines or ["?"])[-1])
            raise ServerUnavailable(f"PostgreSQL n’a pas pu préparer ses données dans {place.path} : {why}")
        with (draft / "data" / "postgresql.conf").open("a") as file:
            file.write("include '../palier.conf'\n")
        (draft / "data").rename(place.data)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write_settings(place: Home, settings: dict[str, str]) -> None:
    folder = str(place.socket).replace('"', '""')
    every = {**SETTINGS, **settings, "unix_socket_directories": f'"{folder}"', "cluster_name": place.token}
    lines = [f"{name} = '{value}'\n" for name, value in ((n, v.replace("'", "''")) for n, v in every.items())]
    path = place.path / "palier.conf"
    path.write_text("".join(["# Rewritten at each start.\n", *lines]))
    path.chmod(0o644)


def _start_postmaster(place: Home) -> None:
    place.log.unlink(missing_ok=True)
    arguments = ("--pgdata", place.data, "--log", place.log, "--timeout", str(PATIENCE), "--wait")
    done = place.run("pg_ctl", "start", *arguments, quiet=True)
    if done.returncode:
        said = place.log.read_text(errors="replace").splitlines() if place.log.exists() else []
        words = (line[line.index(word) :] for line in said for word in ("FATAL", "PANIC") if word in line)
        why = next(words, "aucune explication")
        raise ServerUnavailable(f"Le serveur PostgreSQL embarqué ne démarre pas : {why} (son journal : {place.log})")


def _stop(place: Home, mode: str) -> None:
    if (place.data / "postmaster.pid").exists():
        place.run("pg_ctl", "stop", "--pgdata", place.data, f"--mode={mode}", "--timeout", str(PATIENCE), quiet=True)
    with contextlib.suppress(OSError):
        place.socket.rmdir()


def _answers(place: Home) -> bool:
    """Say whether the server takes connections. A process number proves nothing: it is reused."""
    return PGconn.ping(make_conninfo(host=str(place.socket), dbname="postgres").encode()) == Ping.OK


def _identity(place: Home) -> str:
    """Return which run of the server this is: its process number and the second of its start."""
    lines = (place.data / "postmaster.pid").read_text().splitlines()
    return f"{lines[0]} {lines[2]}"


def _is_prepared(place: Home) -> bool:
    """Say whether the logins and the database were made: whoever started this run may have died before."""
    try:
        return (place.path / "prepared").read_text() == _identity(place)
    except (FileNotFoundError, IndexError):
        return False


def _clear_remains(place: Home) -> None:
    """Wait for a server that is still starting, or remove what a dead one left behind.

    A killed server leaves its `postmaster.pid` and its socket. PostgreSQL refuses to start while the number
    in it is that of any process (reused, or a zombie that nobody reaps), or while the file is empty.
    """
    remains = [place.data / "postmaster.pid", *place.socket.glob(".s.PGSQL.*")]
    if not remains or sys.platform != "linux":
        return
    deadline = time.monotonic() + PATIENCE
    while processes := _processes(place):
        if _answers(place):
            return
        if time.monotonic() > deadline:
            raise ServerUnavailable(
                f"Un serveur PostgreSQL de {place.path} ne répond plus : arrêtez le processus {processes[0]}."
            )
        time.sleep(0.05)
    for path in remains:
        path.unlink(missing_ok=True)


def _processes(place: Home) -> list[int]:
    """Return the numbers of the processes of this very server. A zombie has no command line: not counted."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes()
        except OSError:
            continue
        is_postmaster = b"postgres\0-D\0" + os.fsencode(place.data) + b"\0" in command
        if is_postmaster or command.startswith(f"postgres: {place.token}: ".encode()):
            found.append(int(path.parent.name))
    return found


@contextmanager
def _gate(place: Home) -> Iterator[None]:
    descriptor = _lock(place, "gate.lock", fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(descriptor)


def _lock(place: Home, name: str, kind: int) -> int:
    """Return the descriptor that holds the lock; programs that we start do not inherit it."""
    descriptor = os.open(place.path / name, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if os.geteuid() == 0:
            owner = place.path.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        fcntl.flock(descriptor, kind)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
