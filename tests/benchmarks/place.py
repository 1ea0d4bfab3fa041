"""Where the measures run: an embedded server of their own, under var/bench, with the settings of a real installation.

Imported before anything of Django's: the settings start the server.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var" / "bench"
SOURCES = (ROOT, ROOT / "platform", ROOT / "tests")
BARE_DATABASE = "bare"
# What an installation may say, and must not here.
OUTSIDE = ("DATABASE_URL", "DATABASE_ADMIN_URL", "PLATFORM_DOMAIN", "SECRET_KEY", "LOG_LEVEL")
OURS = {
    "PALIER_VAR": str(VAR),
    "PALIER_TEST_SERVER": "0",
    "DJANGO_SETTINGS_MODULE": "config.settings.demo",
    "PYTHONPATH": os.pathsep.join(map(str, SOURCES)),
}


def settle() -> None:
    """Point this process and its children at an empty server, then load Django, as a process that stays does."""
    for name in OUTSIDE:
        os.environ.pop(name, None)
    os.environ |= OURS
    from config import database, embedded

    embedded.exit_on_signals()
    embedded.erase(database.home())
    shutil.rmtree(VAR, ignore_errors=True)
    VAR.mkdir(parents=True)
    import django

    django.setup()
    from core.memory import keep_what_is_loaded

    keep_what_is_loaded()


def leave() -> None:
    """Stop the server and delete all of its data."""
    from django.db import connections

    from config import database, embedded

    connections.close_all()
    embedded.erase(database.home())
    shutil.rmtree(VAR, ignore_errors=True)


def is_durable() -> bool:
    """Whether a commit of this server waits for the disk, as a real one's does."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('fsync') = 'on' AND current_setting('synchronous_commit') = 'on'")
        return cursor.fetchone()[0]


def run(*arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """Run Python to its end and give what it wrote. Raises CalledProcessError, having shown its errors."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


@contextlib.contextmanager
def gunicorn(application: str, environment: Mapping[str, str] | None = None) -> Iterator[int]:
    """Serve an application with one synchronous worker for a block; the port is given."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen(64)
        served = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", application, "--bind", f"fd://{held.fileno()}"),
                *("--workers", "1", "--worker-class", "sync", "--log-level", "warning", "--no-control-socket"),
            ],
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            pass_fds=[held.fileno()],
        )
        try:
            yield held.getsockname()[1]
        finally:
            served.terminate()
            served.wait(30)


def bare_environment() -> dict[str, str]:
    """What the bare project's processes need: its own code, and libpq's address of the same server."""
    from django.conf import settings

    login = settings.PROVISIONING_DATABASE
    return {
        "PYTHONPATH": str(ROOT / "tests" / "benchmarks"),
        "DJANGO_SETTINGS_MODULE": "bare.settings",
        "PGHOST": login["HOST"],
        "PGUSER": login["USER"],
        "PGPASSWORD": login["PASSWORD"],
    }
