"""Programs that die by kill -9 at a line that a test chose."""

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Each is on the database that it is given first; what it is given next is `sys.argv[2:]`.
_BEGINS = """
import os, signal, sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()

def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
"""


def kill_it(program: str, database: str, *arguments: str) -> None:
    """Run a program in a process of its own, which has to die where it calls `die()`."""
    ended = subprocess.run(
        [sys.executable, "-c", _BEGINS + program, database, *arguments],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}"},
        cwd=ROOT,
        timeout=120,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
