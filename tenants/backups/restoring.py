"""Restoring towns: each beside what is there, in a new schema under a new role, compared, then kept; or nothing."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from django.db import Error as DjangoDatabaseError
from django.db import connection, transaction

from tenants import addresses, files, walls
from tenants.backups.errors import BackupError
from tenants.backups.members import Label, MemberReader
from tenants.backups.rebuilding import check_migrations, rebuild
from tenants.backups.registering import check_communes, register
from tenants.backups.sealing import DAMAGED, Opener
from tenants.backups.shared import write_shared
from tenants.backups.taking import FORMAT
from tenants.context import PLATFORM, facing
from tenants.models import Domain, Town
from tenants.opening import OPENING_LOCK
from tenants.templates import opaque_name

Report = Callable[[str], None]


@dataclass(frozen=True)
class Wish:
    """What somebody asks of a restoration: one town of the file or all; under which subdomain; only to try."""

    town: str = ""
    label: str = ""
    drill: bool = False


@dataclass(frozen=True)
class TownRestored:
    """A town that is back, or, after a drill, that could be."""

    name: str
    domain: str
    schema: str
    tables: int
    rows: int
    files: int
    migrated: bool
    seconds: float


@dataclass
class Restored:
    """What became of a file: towns restored, towns refused with their reason, rows of the platform's own if any."""

    towns: list[TownRestored] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    shared_rows: int | None = None


def restore(path: Path, key: bytes, wish: Wish, report: Report = lambda line: None) -> Restored:
    """Restore what is asked of a backup. A town is all there, equal to what was saved, or not there at all.

    The whole file is checked before anything is made. Raises BackupError when nothing can be restored; where a file
    holds several towns, the refusal of one is kept in the answer and the others go on.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise BackupError(f"{path} ne peut pas être lu : {error.strerror}.") from error
    with file, walls.provisioning(), facing(PLATFORM):
        report("Vérification du fichier…")
        Opener(file, key).check_all()
        told = _towns_told(MemberReader(Opener(file, key)))
        wanted = _wanted(told, wish)
        numbers = {str(one["town"]["pk"]): _uid(one) for one in told}
        return _restore_all(MemberReader(Opener(file, key)), wanted, numbers, wish, report)


def _sections(reader: MemberReader) -> Iterator[Label]:
    """The members that begin something: a town, the platform's own rows. Raises BackupError on another format."""
    first = reader.next_label()
    if first is None or first.get("kind") != "backup":
        raise BackupError(DAMAGED)
    if first["format"] > FORMAT:
        raise BackupError("Cette sauvegarde vient d’une version plus récente de Palier : mettez Palier à jour.")
    while (label := reader.next_label()) is not None:
        if label["kind"] in {"town", "shared"}:
            yield label


def _towns_told(reader: MemberReader) -> list[Label]:
    """The towns that a file holds, without their definitions."""
    return [{"town": one["town"], "domains": one["domains"]} for one in _sections(reader) if one["kind"] == "town"]


def _uid(section: Label) -> str:
    return section["town"]["fields"]["uid"]


def _wanted(told: list[Label], wish: Wish) -> set[str]:
    """The uids of the towns to restore. Raises BackupError if the file lacks the one that is asked for."""
    if wish.town:
        told_here = [one for one in told if _answers_to(one, wish.town)]
        if not told_here:
            held = ", ".join(sorted(_address(one) for one in told)) or "aucune ville"
            raise BackupError(f"Cette sauvegarde ne contient pas « {wish.town} » : elle contient {held}.")
        told = told_here
    if wish.label and len(told) != 1:
        raise BackupError("--as nomme une seule ville : dites laquelle avec --town.")
    return {_uid(one) for one in told}


def _answers_to(section: Label, asked: str) -> bool:
    return any(asked in {one["domain"], one["domain"].partition(".")[0]} for one in section["domains"])


def _address(section: Label) -> str:
    return section["domains"][0]["domain"] if section["domains"] else section["town"]["fields"]["name"]


def _restore_all(
    reader: MemberReader, wanted: set[str], numbers: dict[str, str], wish: Wish, report: Report
) -> Restored:
    outcome = Restored()
    for section in _sections(reader):
        if section["kind"] == "town" and _uid(section) in wanted:
            try:
                done = _restore_town(reader, section, wish)
            except BackupError as error:
                if len(wanted) == 1:
                    raise
                outcome.refused[_address(section)] = str(error)
                report(str(error))
            else:
                outcome.towns.append(done)
                report(f"{done.name} : {done.tables} tables, {done.rows} lignes, {done.files} fichiers, conformes")
        elif section["kind"] == "shared" and not wish.town and not wish.label:
            told = reader.content()
            outcome.shared_rows = write_shared(section, told, towns_of_file=numbers, drill=wish.drill)
    return outcome


def _restore_town(reader: MemberReader, section: Label, wish: Wish) -> TownRestored:
    started = time.perf_counter()
    name = section["town"]["fields"]["name"]
    schema = opaque_name("t_")
    is_kept = False
    try:
        with transaction.atomic(durable=True):
            _hold_openings()
            domains = [] if wish.drill else _domains_for(section, wish)
            check_communes(section)
            check_migrations(section)
            walls.create_town_role(schema)
            held = rebuild(reader, section, schema)
            if wish.drill:
                transaction.set_rollback(True)
            else:
                register(section, schema, domains, is_copy=bool(wish.label))
        is_kept = not wish.drill
    except (DjangoDatabaseError, psycopg.Error) as error:
        # Neither the message nor the chain: PostgreSQL quotes the row that it refuses.
        code = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None)
        raise BackupError(f"PostgreSQL a refusé de reprendre {name} (code {code}) : rien n’en est restauré.") from None
    except OSError as error:
        raise BackupError(f"Les fichiers de {name} n’ont pas pu être écrits : {error.strerror}.") from None
    finally:
        if not is_kept:
            files.erase(schema)
    domain = domains[0]["domain"] if domains else _address(section)
    return TownRestored(name, domain, schema, seconds=time.perf_counter() - started, **held)


def _hold_openings() -> None:
    """Openings sweep the files of schemas that nobody sees yet: they wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [OPENING_LOCK])


def _domains_for(section: Label, wish: Wish) -> list[dict[str, Any]]:
    """Where the town will answer. Raises BackupError if it, or another, answers there already."""
    if wish.label:
        try:
            label = addresses.check_chosen(wish.label)
        except addresses.AddressError as error:
            raise BackupError(str(error)) from error
        return [{"domain": addresses.domain_of(label), "is_primary": True}]
    name, domains = section["town"]["fields"]["name"], section["domains"]
    taken = Domain.objects.filter(domain__in=[one["domain"] for one in domains]).order_by("-is_primary").first()
    if taken is not None or Town.objects.filter(uid=_uid(section)).exists():
        where = f" à {taken.domain}" if taken else ""
        raise BackupError(
            f"{name} n’est pas restaurée : une ville répond déjà{where}. Effacez-la d’abord, ou restaurez à côté, "
            "avec --as."
        )
    return domains
