"""Taking a backup: each town at one instant of its own, into one sealed file."""

import hashlib
import json
import os
import platform
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import django
import wagtail
from django.core import serializers
from django.db import connection
from django.utils import timezone

from tenants import dump, files, walls
from tenants.backups.errors import BackupError
from tenants.backups.members import MemberWriter
from tenants.backups.rows import Tally, counters_of, read_rows, snapshot_of
from tenants.backups.sealing import Sealer
from tenants.backups.shared import read_shared
from tenants.context import PLATFORM, facing
from tenants.models import Domain, Town

# 2: the rows of the platform a line each; of 1, they were one document.
FORMAT = 2
SUFFIX = ".sauvegarde"
PLACES = ("MEDIA_ROOT", "PRIVATE_ROOT")
READ_AT_ONCE = 1024 * 1024

Report = Callable[[str], None]


@dataclass(frozen=True)
class TownTaken:
    """What a backup holds of a town."""

    name: str
    domain: str
    tables: int
    rows: int
    files: int


@dataclass(frozen=True)
class Taken:
    """A backup that is whole, on the disk."""

    path: Path
    bytes: int
    seconds: float
    towns: list[TownTaken]


def back_up(
    towns: Sequence[Town], *, to: Path, key: bytes, with_shared: bool, report: Report = lambda line: None
) -> Taken:
    """Back up towns, and the platform's own accounts where asked, into `to`: a folder, or a file that is not there.

    The file has its name only once it is whole and on the disk. Raises BackupError; then there is no file.
    """
    started = time.perf_counter()
    taken = []
    with walls.provisioning(), facing(PLATFORM):
        path = _file_of(to, towns, with_shared=with_shared)
        with _drafted(path) as file:
            writer = MemberWriter(Sealer(file, key))
            writer.add({"kind": "backup", "format": FORMAT, "made_at": timezone.now().isoformat()})
            for town in towns:
                taken.append(done := _take_town(writer, town))
                report(f"{done.name} : {done.tables} tables, {done.rows} lignes, {done.files} fichiers")
            if with_shared:
                with read_shared() as (numbers, lines):
                    writer.add({"kind": "shared", "towns": numbers}, lines)
            writer.close()
    return Taken(path, path.stat().st_size, time.perf_counter() - started, taken)


def _file_of(to: Path, towns: Sequence[Town], *, with_shared: bool) -> Path:
    """The file to write: its name in a folder tells the town's address and the hour, nothing else."""
    if to.is_dir():
        label = "tout" if with_shared else _domains_of(towns[0])[0]["domain"].partition(".")[0]
        to = to / f"palier-{label}-{timezone.now():%Y%m%dT%H%M%SZ}{SUFFIX}"
    if to.exists():
        raise BackupError(f"{to} existe déjà : une sauvegarde n’en remplace pas une autre.")
    if not to.parent.is_dir():
        raise BackupError(f"Le dossier {to.parent} n’existe pas.")
    return to


@contextmanager
def _drafted(path: Path) -> Iterator[BinaryIO]:
    """A file under another name, for its owner only; it takes its own once written to the disk, else it goes."""
    draft = path.with_name(f".{path.name}-{secrets.token_hex(4)}.partielle")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            raise BackupError(f"{path} existe déjà : une sauvegarde n’en remplace pas une autre.")
        draft.rename(path)
        _keep_name(path.parent)
    except OSError as error:
        raise BackupError(f"La sauvegarde n’a pas pu être écrite : {error.strerror or error}.") from error
    finally:
        draft.unlink(missing_ok=True)


def _keep_name(folder: Path) -> None:
    """Have the folder itself on the disk: a rename is lost by a power cut otherwise."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _take_town(writer: MemberWriter, town: Town) -> TownTaken:
    schema = town.schema_name
    with snapshot_of(schema) as (snapshot, tables):
        domains = _domains_of(town)
        before, after = dump.definitions(schema, snapshot=snapshot)[schema]
        writer.add(
            {
                "kind": "town",
                "town": json.loads(serializers.serialize("json", Town.objects.filter(pk=town.pk)))[0],
                "domains": domains,
                "migrations": _migrations_of(schema),
                "versions": _versions(),
                "before": before,
                "after": after,
            }
        )
        rows = {}
        for table in tables:
            tally = Tally()
            writer.add({"kind": "table", **asdict(table)}, tally.through(read_rows(schema, table)))
            rows[table.name] = tally.outcome
        # After the rows: a sequence that was read too late skips numbers, too early it would give one twice.
        counters = counters_of(schema)
        kept = [_take_file(writer, schema, place, path) for place in PLACES for path in _files_of(schema, place)]
        held = [one for one in kept if one is not None]
        writer.add({"kind": "manifest", "tables": rows, "counters": counters, "files": held})
    count = sum(one["rows"] for one in rows.values())
    return TownTaken(town.name, domains[0]["domain"] if domains else "", len(tables), count, len(held))


def _domains_of(town: Town) -> list[dict[str, Any]]:
    """The host names of a town, the primary one first."""
    return list(Domain.objects.filter(tenant=town).order_by("-is_primary", "domain").values("domain", "is_primary"))


def _migrations_of(schema: str) -> list[list[str]]:
    with connection.cursor() as cursor:
        names = connection.ops.quote_name(schema)
        cursor.execute(f"SELECT app, name FROM {names}.django_migrations ORDER BY id")  # noqa: S608 (quoted just above)
        return [list(row) for row in cursor.fetchall()]


def _versions() -> dict[str, str]:
    """What made this backup: for whoever reads it in ten years."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (server,) = cursor.fetchone()
    return {
        "postgresql": server,
        "django": django.get_version(),
        "wagtail": wagtail.__version__,
        "python": platform.python_version(),
    }


def _files_of(schema: str, place: str) -> list[Path]:
    """The files of a town under one of its two folders; a link is not one."""
    folder = files.folder_of(schema, place)
    return sorted(
        Path(parent) / name
        for parent, _, names in os.walk(folder)
        for name in names
        if not (Path(parent) / name).is_symlink()
    )


def _take_file(writer: MemberWriter, schema: str, place: str, path: Path) -> dict[str, Any] | None:
    """Write a file; None if it was deleted since it was listed."""
    named = {"place": place, "path": str(path.relative_to(files.folder_of(schema, place)))}
    digest, size = hashlib.sha256(), 0

    def pieces(file: BinaryIO) -> Iterator[bytes]:
        nonlocal size
        while piece := file.read(READ_AT_ONCE):
            digest.update(piece)
            size += len(piece)
            yield piece

    try:
        file = path.open("rb")
    except FileNotFoundError:
        return None
    with file:
        writer.add({"kind": "file", **named}, pieces(file))
    return {**named, "bytes": size, "sha256": digest.hexdigest()}
