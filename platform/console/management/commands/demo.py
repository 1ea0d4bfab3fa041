"""`make demo`: prepare everything, open the demonstration towns, serve them, and stop cleanly."""

import contextlib
import ctypes
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from console.demo.towns import open_demo_towns, sign_in_lines
from tenants.preparing import prepare

FIRST_ANSWER = 60  # seconds
PR_SET_PDEATHSIG = 1  # linux/prctl.h
GRACE = 10  # seconds that a child has to stop before it is killed


class Command(BaseCommand):
    """The supervisor: holds the port, the web server and the worker; ends with them, or on Ctrl-C."""

    help = "Prépare et sert les villes de démonstration, jusqu’à Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the port."""
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, port: int, **options: object) -> None:
        """Serve until Ctrl-C or SIGTERM; exits with 1 and one line when the port is taken, a child dies, or
        `make reset` deletes its data."""
        try:
            self.serve(port)
        except CommandError as error:
            sys.exit(str(error))

    def serve(self, port: int) -> None:
        """Do what `handle` promises; raises CommandError."""
        children: dict[str, subprocess.Popen] = {}
        with contextlib.ExitStack() as stack:
            # Held from the first line on: a second demo says so at once instead of after its preparation.
            sockets = [stack.enter_context(held) for held in hold_port(port)]
            try:
                stack.enter_context(alone())
                port_file = settings.VAR / "demo.port"
                port_file.write_text(str(port))
                # This process read its settings before it had a port; those that it starts read the file.
                settings.TOWN_ADDRESS = f"http://{{domain}}:{port}"
                prepare(self.say)
                open_demo_towns(self.say)
                connections.close_all()
                children["Le serveur web"] = start_web(sockets)
                children["Le traitement des tâches"] = start_worker()
                wait_for_answer(port, children)
                self.say(f"\nLa plateforme : http://{settings.PLATFORM_DOMAIN}:{port}/")
                for line in sign_in_lines(port):
                    self.say(line)
                self.say("\nCtrl-C pour arrêter.")
                while True:
                    raise_if_one_died(children)
                    if not port_file.exists():
                        raise CommandError("Les données ont été effacées (make reset) : tout s’arrête.")
                    time.sleep(0.5)
            except (KeyboardInterrupt, SystemExit):
                self.say("\nArrêt…")
            finally:
                stop(children)

    def say(self, line: str) -> None:
        """Print a line now, whatever reads us."""
        self.stdout.write(line)
        self.stdout.flush()


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Be the only demo of these data: a second one would write another port in every letter of the first.

    Raises CommandError while another runs. The kernel lets go of the lock with the process, however it ends.
    """
    with (settings.VAR / "demo.lock").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CommandError("La démonstration tourne déjà : arrêtez-la d’abord (Ctrl-C), ou gardez-la.") from error
        yield


def hold_port(port: int) -> list[socket.socket]:
    """Return sockets that listen on `port` of this machine: browsers take `*.localhost` for 127.0.0.1 or ::1.

    Raises CommandError when it is taken or not allowed.
    """
    sockets = []
    try:
        for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            if family == socket.AF_INET6 and not has_ipv6():
                continue
            sockets.append(held := socket.socket(family, socket.SOCK_STREAM))
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                held.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            held.bind((host, port))
            # Two sockets may be bound with SO_REUSEADDR; only one may listen.
            held.listen()
    except (OSError, OverflowError) as error:
        for held in sockets:
            held.close()
        if isinstance(error, PermissionError):
            raise CommandError(
                f"Le port {port} est réservé : choisissez-en un plus grand, par exemple make demo PORT=8000."
            ) from error
        raise CommandError(
            f"Le port {port} est déjà pris : choisissez-en un autre, par exemple make demo PORT={port % 60000 + 1}."
        ) from error
    return sockets


def has_ipv6() -> bool:
    """Say whether this machine has the address ::1."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def start_web(sockets: list[socket.socket]) -> subprocess.Popen:
    """Start gunicorn on these sockets."""
    binds = [word for held in sockets for word in ("--bind", f"fd://{held.fileno()}")]
    return start_child(
        *("-m", "gunicorn", "config.wsgi:application", *binds, "--workers", "2"),
        # The memory of a connection grows with the towns that it visits.
        *("--max-requests", "2000", "--max-requests-jitter", "200"),
        *("--log-level", "warning", "--graceful-timeout", "5", "--no-control-socket"),
        descriptors=[held.fileno() for held in sockets],
    )


def start_worker() -> subprocess.Popen:
    """Start the process that runs the jobs of every town."""
    return start_child(str(settings.ROOT / "manage.py"), "worker")


def start_child(*arguments: str, descriptors: list[int] = ()) -> subprocess.Popen:
    """Start Python in a session of its own: Ctrl-C reaches the supervisor only, who stops it in order."""
    roots = [str(settings.ROOT), str(settings.ROOT / "platform")]
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=settings.ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
            "PYTHONPATH": os.pathsep.join([*roots, os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep),
        },
        stdin=subprocess.DEVNULL,
        pass_fds=descriptors,
        start_new_session=True,
        preexec_fn=die_with_the_supervisor,  # noqa: PLW1509 (this process has one thread)
    )


def die_with_the_supervisor() -> None:
    """Ask Linux to kill this child should the supervisor be killed: nothing is left to hold the port.

    A kinder signal may come while the child still starts, where no handler is sure to be heard.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def wait_for_answer(port: int, children: dict[str, subprocess.Popen]) -> None:
    """Return once the platform's own address answers; raises CommandError when a child dies or none does."""
    deadline = time.monotonic() + FIRST_ANSWER
    while time.monotonic() < deadline:
        raise_if_one_died(children)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/", headers={"Host": f"{settings.PLATFORM_DOMAIN}:{port}"})
            connection.getresponse()
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise CommandError(f"Le serveur web ne répond pas après {FIRST_ANSWER} secondes.")


def raise_if_one_died(children: dict[str, subprocess.Popen]) -> None:
    """Raise CommandError when a child has ended."""
    for name, child in children.items():
        if child.poll() is not None:
            raise CommandError(f"{name} s’est arrêté (code {child.returncode}) : tout s’arrête.")


def stop(children: dict[str, subprocess.Popen]) -> None:
    """Stop the children, first started first, and whatever they started; a second Ctrl-C changes nothing."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for child in children.values():
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(GRACE)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
