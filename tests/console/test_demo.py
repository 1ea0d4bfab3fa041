"""`make demo`, run for real: it serves, refuses a taken port and leaves nothing behind."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from console.management.commands import demo

ROOT = Path(__file__).resolve().parents[2]
LONGEST_STOP = 60  # seconds


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Data that the tests below share, filled by the first demo: a new one takes more than a minute."""
    path = tmp_path_factory.mktemp("demo") / "a var"
    yield path
    reset(path)


def reset(var: Path) -> None:
    environment = {**os.environ, "PALIER_VAR": str(var), "PYTHONPATH": str(ROOT / "platform")}
    subprocess.run([sys.executable, "-m", "config.reset"], env=environment, cwd=ROOT, check=True)


@pytest.fixture
def run_demo(var: Path) -> Iterator[Callable[[int], subprocess.Popen]]:
    started = []

    def start(port: int, var: Path = var) -> subprocess.Popen:
        outside = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
        process = subprocess.Popen(
            [sys.executable, ROOT / "manage.py", "demo", "--port", str(port)],
            env={
                **outside,
                "DJANGO_SETTINGS_MODULE": "config.settings.demo",
                "PALIER_VAR": str(var),
                "PALIER_TEST_SERVER": "0",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # A shell makes what it runs behind it deaf to Ctrl-C, and so would be the demo.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 (one thread here)
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with process:  # closes its pipes and waits for it
            process.kill()


def read_until(process: subprocess.Popen, end: str) -> list[str]:
    lines = []
    for line in process.stdout:
        lines.append(line)
        if end in line:
            return lines
    pytest.fail(f"ended before it said {end!r}: {lines} {process.stderr.read()}")


def is_taken(port: int) -> bool:
    try:
        held = demo.hold_port(port)
    except CommandError:
        return True
    for address in held:
        address.close()
    return False


def left_behind(var: Path) -> list[int]:
    """Return the processes that name `var` in their environment, or the home of its server."""
    texts = [os.fsencode(var), os.fsencode((var / "postgres").resolve())]
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if any(text in words for text in texts) and int(folder.name) != os.getpid():
            found.append(int(folder.name))
    return found


def test_a_free_port_is_held_and_a_taken_one_is_refused_with_the_way_out(port):
    held = demo.hold_port(port)
    try:
        assert {address.getsockname()[1] for address in held} == {port}
        with pytest.raises(CommandError, match=rf"Le port {port} est déjà pris.*make demo PORT={port % 60000 + 1}\."):
            demo.hold_port(port)
    finally:
        for address in held:
            address.close()
    for address in demo.hold_port(port):
        address.close()


def test_a_second_demo_of_the_same_data_says_so(settings, tmp_path):
    settings.VAR = tmp_path
    with demo.alone(), pytest.raises(CommandError, match="tourne déjà"), demo.alone():
        pytest.fail("two demos share one port file")
    with demo.alone():
        pass


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_stop_and_leaves_no_process(run_demo, port, var, number):
    first = run_demo(port)
    said = read_until(first, "Ctrl-C pour arrêter")
    assert len(left_behind(var)) > 4  # the supervisor, gunicorn and two workers, jobs, PostgreSQL
    assert any(f"http://localhost:{port}/" in line for line in said)
    for host in ("127.0.0.1", "::1") if demo.has_ipv6() else ("127.0.0.1",):
        connection = http.client.HTTPConnection(host, port, timeout=30)
        connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
        assert connection.getresponse().status < 500
        connection.close()

    second = run_demo(port)
    out, refusal = second.communicate(timeout=LONGEST_STOP)
    assert (second.returncode, out) == (1, "")
    assert refusal.startswith(f"Le port {port} est déjà pris")
    assert refusal.count("\n") == 1
    assert first.poll() is None

    first.send_signal(number)
    out, errors = first.communicate(timeout=LONGEST_STOP)
    assert first.returncode == 0
    assert "Arrêt…" in out
    assert "Traceback" not in errors
    assert left_behind(var) == []


@pytest.mark.long
def test_a_child_that_dies_stops_everything(run_demo, port, var):
    process = run_demo(port)
    read_until(process, "Ctrl-C pour arrêter")
    worker = next(
        number
        for number in left_behind(var)
        if Path(f"/proc/{number}/cmdline").read_bytes().rstrip(b"\0").endswith(b"manage.py\0worker")
    )
    os.kill(worker, signal.SIGKILL)
    _, errors = process.communicate(timeout=LONGEST_STOP)
    assert process.returncode == 1
    assert "Le traitement des tâches s’est arrêté (code -9)" in errors
    assert "Traceback" not in errors
    assert left_behind(var) == []


@pytest.mark.long
def test_data_that_are_reset_stop_everything(run_demo, port, tmp_path):
    var = tmp_path / "a var"
    process = run_demo(port, var)
    read_until(process, "Ctrl-C pour arrêter")
    reset(var)
    shutil.rmtree(var)
    _, errors = process.communicate(timeout=LONGEST_STOP)
    assert process.returncode == 1
    assert "Les données ont été effacées (make reset)" in errors
    assert left_behind(var) == []
    assert not var.exists()


@pytest.mark.long
def test_a_supervisor_killed_holds_nothing_and_the_next_demo_finds_its_data(run_demo, port, var):
    process = run_demo(port)
    read_until(process, "Ctrl-C pour arrêter")
    process.kill()
    process.wait(20)
    # gunicorn's workers see within a second or two that their master is gone.
    deadline = time.monotonic() + 20
    while is_taken(port) and time.monotonic() < deadline:
        time.sleep(0.2)
    again = run_demo(port)
    said = read_until(again, "Ctrl-C pour arrêter")
    assert not any("Ouverture de" in line for line in said), "its towns were opened again"
    assert any("pont-sainte-maxence.localhost" in line for line in said)
    again.send_signal(signal.SIGINT)
    again.communicate(timeout=LONGEST_STOP)
    assert left_behind(var) == []
