"""The embedded server, run for real: who may use it, and what it survives."""

import contextlib
import os
import shutil
import signal
import socket
import stat
import subprocess
import time
from pathlib import Path

import psycopg
import pytest
from psycopg.pq import PGconn, Ping

from config import embedded, embedded_home
from config.errors import ServerUnavailable
from config.server_setup import ensure_database

QUICK = embedded.QUICK_SETTINGS


def answers(home: Path) -> bool:
    socket_folder = embedded_home.settle(home).socket
    return PGconn.ping(psycopg.conninfo.make_conninfo(host=str(socket_folder), dbname="x").encode()) == Ping.OK


def postmaster(home: Path) -> int:
    return int((home / "data" / "postmaster.pid").read_text().split()[0])


def wait_until(happens, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, "never happened"
        time.sleep(0.02)


def running_in(home: Path) -> list[str]:
    """Return the command lines that name a folder of `home`."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            found.append(path.read_bytes().replace(b"\0", b" ").decode())
    return [line for line in found if str(home) in line]


def ask(server: embedded.Server, query: str, *, login: str = "palier_web", dbname: str = "palier") -> tuple:
    with psycopg.connect(server.dsn(login, dbname)) as connection:
        return connection.execute(query).fetchone()


def test_a_first_start_makes_the_logins_and_the_database(home):
    server = embedded.start(home, settings=QUICK)

    assert ask(server, "SHOW server_version_num")[0].startswith("18")
    assert ask(server, "SHOW search_path") == ("pg_catalog",)
    assert ask(server, "SHOW listen_addresses") == ("",)
    assert ask(server, "SELECT current_setting('max_connections'), current_setting('fsync')") == (
        "300",
        "off",
    )
    assert ask(
        server,
        "SELECT pg_get_userbyid(datdba), datlocprovider::text, datlocale, pg_encoding_to_char(encoding)"
        " FROM pg_database WHERE datname = 'palier'",
    ) == ("palier_admin", "b", "C.UTF-8", "UTF8")
    roles = "SELECT rolsuper, rolcreaterole, rolcreatedb, rolinherit, rolcanlogin FROM pg_roles WHERE rolname = "
    assert ask(server, roles + "'palier_admin'") == (False, True, True, False, True)
    assert ask(server, roles + "'palier_web'") == (False, False, False, False, True)

    assert embedded.start(home) == server
    embedded.leave(home)
    assert not answers(home)
    again = embedded.start(home)
    assert again == server
    assert ask(again, "SHOW fsync") == ("on",)


def test_nobody_enters_without_the_password_nor_from_the_network(home):
    server = embedded.start(home, settings=QUICK)

    for login in ("palier_web", "palier_admin", "postgres"):
        wrong = {**server.parameters(login, "palier"), "password": "wrong"}
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(**wrong)
    assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700
    assert stat.S_IMODE((server.home / "data").stat().st_mode) == 0o700
    assert not list(server.home.rglob("password"))
    log = (server.home / "data" / "server.log").read_text()
    assert server.password("palier_admin") not in log
    assert "FATAL:  password authentication failed" in log


@pytest.mark.long
def test_a_database_is_made_once_whoever_asks(home):
    server = embedded.start(home, settings=QUICK)
    admin = server.parameters("palier_admin", "palier")
    ensure_database(admin, "another town")
    ensure_database(admin, "another town")
    assert ask(server, "SELECT current_database()", login="palier_admin", dbname="another town")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ensure_database(server.parameters("palier_web", "palier"), "refused")


@pytest.mark.long
def test_a_long_path_gets_a_private_socket_folder_elsewhere(home):
    long_home = home / ("é" * 50) / "postgres"
    home.mkdir(parents=True)
    server = embedded.start(long_home, settings=QUICK)
    try:
        assert server.socket.parent == Path("/tmp")
        assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700
        assert ask(server, "SELECT 1") == (1,)
        embedded.leave(long_home)
        assert not server.socket.exists()

        server.socket.mkdir(mode=0o755)
        with pytest.raises(ServerUnavailable, match="devrait être au seul serveur"):
            embedded.start(long_home, settings=QUICK)
        server.socket.rmdir()
        assert embedded.start(long_home, settings=QUICK) == server
    finally:
        embedded.erase(long_home)


@pytest.mark.long
def test_a_path_with_every_odd_sign_works(home):
    odd = home.parent / "L'été, là #1 %40 (2) & co" / "postgres"
    with contextlib.ExitStack() as stack:
        stack.callback(embedded.erase, odd)
        assert ask(embedded.start(odd, settings=QUICK), "SELECT 1") == (1,)


@pytest.mark.long
def test_the_last_one_out_stops_the_server(home, user):
    first, second = user(home), user(home)
    assert first.stdout.readline() == second.stdout.readline() == "ready\n"

    assert first.communicate("\n") == ("", "")
    assert answers(home)
    assert second.communicate("\n") == ("", "")
    assert not answers(home)


@pytest.mark.long
def test_sigterm_leaves_the_server_too(home, user):
    process = user(home)
    assert process.stdout.readline() == "ready\n"
    process.terminate()
    assert process.communicate() == ("", "")
    assert process.returncode == 128 + signal.SIGTERM
    assert not answers(home)


@pytest.mark.long
def test_a_program_that_a_user_starts_does_not_count_as_a_user(home, user):
    parent = user(
        home,
        """
import subprocess, sys
from pathlib import Path
from config import embedded
embedded.start(Path(sys.argv[1]), settings=embedded.QUICK_SETTINGS)
nothing = subprocess.DEVNULL
child = subprocess.Popen(["sleep", "60"], stdin=nothing, stdout=nothing, stderr=nothing)
print(child.pid, flush=True)
sys.stdin.readline()
""",
    )
    child = int(parent.stdout.readline())
    try:
        parent.communicate("\n")
        assert not answers(home)
    finally:
        os.kill(child, signal.SIGKILL)


@pytest.mark.long
@pytest.mark.parametrize("left", ["", "not a number\n", None], ids=["empty", "garbage", "a living process"])
def test_the_remains_of_a_dead_server_are_removed(home, left):
    server = embedded.start(home, settings=QUICK)
    embedded.leave(home)
    remains = home / "data" / "postmaster.pid"
    # Our own number: PostgreSQL itself refuses to start when the number lives.
    remains.write_text(f"{os.getpid()}\n{home / 'data'}\n1\n5432\n" if left is None else left)
    server.socket.mkdir(mode=0o700, exist_ok=True)
    shutil.chown(server.socket, (home / "data").stat().st_uid)
    (server.socket / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")

    assert ask(embedded.start(home, settings=QUICK), "SELECT 1") == (1,)


@pytest.mark.long
def test_a_server_whose_starter_died_is_prepared_by_the_next(home):
    embedded.start(home, settings=QUICK)
    embedded.leave(home)
    server = embedded.start(home, settings=QUICK)
    with psycopg.connect(server.dsn("postgres", "postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE palier")
        connection.execute("DROP ROLE palier_admin, palier_web")
    (home / "prepared").write_text("1 1")
    embedded._held.clear()

    assert ask(embedded.start(home, settings=QUICK), "SELECT 1") == (1,)


@pytest.mark.long
def test_a_disk_nearly_full_is_one_french_line_and_leaves_nothing(home, monkeypatch):
    usage = shutil.disk_usage("/")
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=30 * 2**20))
        with pytest.raises(ServerUnavailable, match=r"^Il reste 30 Mo sur le disque de .* en demande 200\.$"):
            embedded.start(home, settings=QUICK)
    assert not (home / "data").exists()
    assert ask(embedded.start(home, settings=QUICK), "SELECT 1") == (1,)


@pytest.mark.long
def test_an_initdb_that_fails_leaves_no_half_made_data(home, user):
    limited = user(
        home,
        """
import resource, sys
from pathlib import Path
from config import embedded
from config.errors import ServerUnavailable
resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20))
try:
    embedded.start(Path(sys.argv[1]), settings=embedded.QUICK_SETTINGS)
except ServerUnavailable as refusal:
    print(refusal)
""",
    )
    said, errors = limited.communicate()
    assert said.startswith("PostgreSQL n’a pas pu préparer ses données dans "), errors
    assert said.count("\n") == 1
    assert not (home / "data").exists()
    assert not list(home.glob("new-*"))
    assert ask(embedded.start(home, settings=QUICK), "SELECT 1") == (1,)


@pytest.mark.long
def test_a_server_that_cannot_start_says_why(home):
    with pytest.raises(ServerUnavailable, match=r"ne démarre pas\u00a0: FATAL: .*palier.conf"):
        embedded.start(home, settings={**QUICK, "max_connections": "none"})
    assert ask(embedded.start(home, settings=QUICK), "SELECT 1") == (1,)


@pytest.mark.long
def test_a_home_that_is_erased_is_gone_with_its_server(home):
    server = embedded.start(home, settings=QUICK)
    assert answers(home)
    embedded.erase(home)
    assert not os.path.lexists(home)
    assert not server.home.exists()
    with pytest.raises(psycopg.OperationalError):
        ask(server, "SELECT 1")


@pytest.mark.long
@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another account")
class TestAsRoot:
    def test_the_server_runs_as_an_account_of_its_own(self, home):
        embedded.start(home, settings=QUICK)
        owner = Path(f"/proc/{postmaster(home)}").stat().st_uid
        assert owner != 0
        assert (home / "data").stat().st_uid == owner
        assert home.stat().st_uid == 0
        assert stat.S_IMODE((home / "secrets").stat().st_mode) == 0o700

    def test_a_home_out_of_its_reach_is_a_link_to_a_folder_within_and_no_right_changes(self, tmp_path):
        closed = tmp_path / "root only"
        closed.mkdir(mode=0o700)
        home = closed / "var" / "postgres"
        try:
            server = embedded.start(home, settings=QUICK)
            assert ask(server, "SELECT 1") == (1,)
            assert home.is_symlink()
            assert server.home.parent == embedded_home.ELSEWHERE
            assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        finally:
            embedded.erase(home)
        assert not server.home.exists()

    @pytest.mark.long
    def test_programs_out_of_its_reach_are_copied(self, home, tmp_path, monkeypatch):
        package = embedded_home.programs().parents[1]
        hidden = tmp_path / "site packages"
        hidden.mkdir(mode=0o700)
        shutil.copytree(package, hidden / package.name, symlinks=True)
        shutil.copytree(package.with_name(f"{package.name}.libs"), hidden / f"{package.name}.libs", symlinks=True)
        monkeypatch.syspath_prepend(hidden)
        monkeypatch.setattr(embedded_home, "ELSEWHERE", home.parents[1] / "elsewhere")

        assert embedded_home.programs().is_relative_to(hidden)
        assert ask(embedded.start(home, settings=QUICK), "SELECT 1") == (1,)
        (copy,) = (home.parents[1] / "elsewhere").iterdir()
        assert Path(f"/proc/{postmaster(home)}/exe").resolve().is_relative_to(copy)


@pytest.mark.long
def test_six_at_once_share_one_server_and_the_last_stops_it(home, user):
    for _ in range(3):
        users = [user(home) for _ in range(6)]
        assert [process.stdout.readline() for process in users] == ["ready\n"] * 6
        number = postmaster(home)
        for process in users[:5]:
            assert process.communicate("\n") == ("", "")
            assert postmaster(home) == number
        assert users[5].communicate("\n") == ("", "")
        assert not answers(home)


@pytest.mark.long
def test_six_leaving_at_once_stop_the_server_once(home, user):
    users = [user(home) for _ in range(6)]
    assert [process.stdout.readline() for process in users] == ["ready\n"] * 6
    for process in users:
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.communicate() for process in users] == [("", "")] * 6
    assert not answers(home)


@pytest.mark.long
def test_a_killed_user_does_not_keep_the_server_for_ever(home, user):
    killed, other = user(home), user(home)
    assert killed.stdout.readline() == other.stdout.readline() == "ready\n"
    killed.kill()
    killed.wait()
    assert answers(home)
    assert other.communicate("\n") == ("", "")
    assert not answers(home)

    alone = user(home)
    assert alone.stdout.readline() == "ready\n"
    alone.kill()
    alone.wait()
    assert answers(home)
    embedded.start(home, settings=QUICK)
    embedded.leave(home)
    assert not answers(home)


@pytest.mark.long
def test_ctrl_c_reaches_the_users_and_not_the_server(home, user):
    first = user(home, start_new_session=True)
    assert first.stdout.readline() == "ready\n"
    other = user(home)
    assert other.stdout.readline() == "ready\n"
    os.killpg(first.pid, signal.SIGINT)
    first.communicate()
    assert answers(home)
    other.communicate("\n")
    assert not answers(home)


@pytest.mark.long
@pytest.mark.parametrize("moment", [0.02, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8])
def test_a_starter_killed_at_any_moment_leaves_a_home_that_starts(home, user, moment):
    starter = user(home)
    time.sleep(moment)
    starter.kill()
    starter.wait()
    assert ask(embedded.start(home, settings=QUICK), "SELECT 1") == (1,)
    embedded.leave(home)
    # The initdb of the killed one may go on for a moment; nothing of it stays after that.
    wait_until(lambda: not list(home.glob("new-*")) or not running_in(home))
    assert ask(embedded.start(home, settings=QUICK), "SELECT 1") == (1,)
    assert not list(home.glob("new-*"))


@pytest.mark.long
def test_a_killed_server_starts_again_with_what_was_committed(home):
    server = embedded.start(home)
    with psycopg.connect(server.dsn("palier_admin", "palier"), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (id int)")
        connection.execute("INSERT INTO kept VALUES (7)")
    os.kill(postmaster(home), signal.SIGKILL)
    embedded._held.clear()

    again = embedded.start(home)
    assert ask(again, "SELECT id FROM kept", login="palier_admin") == (7,)


@pytest.mark.long
def test_a_zombie_server_counts_as_dead(home):
    server = embedded.start(home, settings=QUICK)
    embedded.leave(home)
    # A process that ended and that its parent, us, does not reap.
    with subprocess.Popen(["true"]) as zombie:
        wait_until(lambda: Path(f"/proc/{zombie.pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z")
        (home / "data" / "postmaster.pid").write_text(f"{zombie.pid}\n{home / 'data'}\n1\n5432\n")
        assert ask(embedded.start(home, settings=QUICK), "SELECT 1") == (1,)
    assert server.home == home


@pytest.mark.long
def test_a_socket_that_nobody_listens_to_is_replaced(home):
    server = embedded.start(home, settings=QUICK)
    embedded.leave(home)
    embedded_home.settle(home).give(server.socket)
    with socket.socket(socket.AF_UNIX) as abandoned:
        abandoned.bind(str(server.socket / ".s.PGSQL.5432"))
    assert ask(embedded.start(home, settings=QUICK), "SELECT 1") == (1,)
