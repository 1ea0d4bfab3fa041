"""Homes for real servers, and processes that use them."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import embedded

ROOT = Path(__file__).resolve().parents[2]
# Starts the server of its first argument, says so, and stays until it reads a line.
USER = """
import sys
from pathlib import Path
from config import embedded
embedded.exit_on_signals()
server = embedded.start(Path(sys.argv[1]), settings=embedded.QUICK_SETTINGS)
print("ready", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that the server's account can reach, in a path with spaces; erased with its server."""
    folder = Path(tempfile.mkdtemp(prefix="palier tests "))
    folder.chmod(0o755)
    home = folder / "the var" / "post gres"
    yield home
    embedded.erase(home)
    shutil.rmtree(folder)


@pytest.fixture
def user() -> Iterator[Callable[..., subprocess.Popen]]:
    """Start a process that uses the server of a home; whoever is left at the end of the test is killed."""
    started = []

    def start(home: Path, code: str = USER, **options: object) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-c", code, home],
            env={**os.environ, "PYTHONPATH": str(ROOT / "platform")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate()
