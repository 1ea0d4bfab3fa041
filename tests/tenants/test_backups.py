"""Backups, taken and restored for real: what comes back is what was there, or nothing is."""

import datetime
import errno
import json
import os
import threading
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from accounts.models import Account
from aid.facts.enums import FactKind
from aid.facts.services import record_fact
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.towns import entry_of
from tenants import dump, files, walls
from tenants.backups import rebuilding, rows, taking
from tenants.backups.keys import VARIABLE, load_key
from tenants.backups.members import MemberReader
from tenants.backups.rows import counters_of, tables_of, tally_of
from tenants.backups.sealing import CUT_SHORT, DAMAGED, NOT_A_BACKUP, WRONG_KEY, Opener
from tenants.context import PLATFORM, facing, platform_context, town_context
from tenants.lifecycle import erase_town, town_named
from tenants.models import Domain, Town
from tenants.registry import registry

pytestmark = pytest.mark.usefixtures("own_database", "_keepsakes")
CANARY, OTHER_CANARY = "jeanne-canari", "alice-rossignol"


@pytest.fixture(autouse=True)
def _folders(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT, settings.PRIVATE_ROOT = tmp_path / "media", tmp_path / "private"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    call_command("backup", new_key=str(tmp_path / "key"), stdout=StringIO())
    return tmp_path / "key"


@pytest.fixture(scope="module")
def _keepsakes(own_database: str) -> None:
    """In each town somebody, a fact, and tables such as rooms may have one day: generated, counted, without a key."""
    for host, canary in ((FIRST_TOWN, CANARY), (SECOND_TOWN, OTHER_CANARY)):
        town = entry_of(host)
        with walls.provisioning(), facing(town), connection.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE keepsake (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text, "
                "shout text GENERATED ALWAYS AS (upper(name)) STORED, weight float8, at timestamptz DEFAULT now())"
            )
            cursor.execute("CREATE TABLE keyless (name text)")
            cursor.execute(
                "INSERT INTO keepsake (name, weight) SELECT 'l’été\n' || n, n / 3.0 FROM generate_series(1, 50) n"
            )
            cursor.execute("DELETE FROM keepsake WHERE id > 40")
            cursor.execute("INSERT INTO keyless VALUES ('é'), ('\\.'), (NULL), (''), ('z')")
        with town_context(town):
            Account.objects.create_account(email=f"{canary}@exemple.fr", first_name=canary)
            record_fact(kind=FactKind.SERVICE_DONE, happened_on=datetime.date(2026, 11, 2), minutes=45)
    with platform_context():
        Account.objects.create_account(email="operatrice@palier.example", first_name="Opératrice")


@pytest.fixture
def backup(tmp_path: Path, key_file: Path) -> Callable[..., dict]:
    """Run `manage.py backup` and read its answer."""

    def run(**options: Any) -> dict:
        out = StringIO()
        defaults = {"to": tmp_path / "kept", "key_file": key_file, "json": True}
        call_command("backup", stdout=out, **defaults | options)
        return json.loads(out.getvalue())

    (tmp_path / "kept").mkdir()
    return run


@pytest.fixture
def restore(key_file: Path) -> Iterator[Callable[..., dict]]:
    """Run `manage.py restore` and read its answer."""

    def run(path: str | Path, **options: Any) -> dict:
        out = StringIO()
        try:
            call_command("restore", path, stdout=out, **{"key_file": key_file, "json": True} | options)
        finally:
            registry.clear()
        return json.loads(out.getvalue())

    return run


def put_files(host: str, word: str) -> None:
    schema = entry_of(host).schema_name
    for place in taking.PLACES:
        path = files.folder_of(schema, place) / "documents" / f"{word}.pdf"
        path.parent.mkdir(parents=True)
        path.write_bytes(f"{place} of {word}".encode() * 9000)


def content_of(schema: str) -> tuple[dict, list, dict]:
    """Everything a schema holds: rows by table, counters, files."""
    with walls.provisioning(), transaction.atomic():
        rows.fix_form()
        tables = {table.name: tally_of(schema, table) for table in tables_of(schema)}
        counters = counters_of(schema)
    found = {
        (place, str(path.relative_to(files.folder_of(schema, place)))): path.read_bytes()
        for place in taking.PLACES
        for path in files.folder_of(schema, place).rglob("*")
        if path.is_file()
    }
    return tables, counters, found


def footprint() -> tuple[set, set, set, set]:
    """What a failed restoration could leave: schemas, roles, domains, folders."""
    with walls.provisioning(), facing(PLATFORM), connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_temp%'")
        schemas = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", [walls.role("")])
        roles = {name for (name,) in cursor.fetchall()}
        domains = set(Domain.objects.values_list("domain", "tenant__schema_name"))
    return schemas, roles, domains, files.schemas_with_files()


def clear_text(path: str | Path, key_file: Path) -> bytes:
    """All that a backup holds, opened."""
    with Path(path).open("rb") as file:
        reader = MemberReader(Opener(file, load_key(key_file)))
        told = []
        while (label := reader.next_label()) is not None:
            told += [json.dumps(label, ensure_ascii=False).encode(), *reader.content()]
    return b"\n".join(told)


def test_an_erased_town_comes_back_as_it_was(backup, restore):
    put_files(SECOND_TOWN, "charte")
    before = entry_of(SECOND_TOWN)
    with platform_context():
        uid, communes = (town := town_named("lormes")).uid, list(town.communes.values_list("pk", flat=True))
    held = content_of(before.schema_name)
    assert len(held[2]) == 2

    taken = backup(town="lormes")
    with walls.provisioning():
        erase_town(town_named("lormes"))
    registry.clear()
    assert Client(headers={"host": SECOND_TOWN}).get("/").status_code == 404

    answer = restore(taken["path"])
    after = entry_of(SECOND_TOWN)
    assert content_of(after.schema_name) == held
    assert after.schema_name != before.schema_name
    assert answer["towns"][0] | {"seconds": 0} == {
        "name": "Lormes",
        "domain": SECOND_TOWN,
        "schema": after.schema_name,
        "tables": len(held[0]),
        "rows": sum(one["rows"] for one in held[0].values()),
        "files": 2,
        "migrated": False,
        "seconds": 0,
    }
    with platform_context():
        town = town_named("lormes")
        assert (town.uid, list(town.communes.values_list("pk", flat=True))) == (uid, communes)
    assert Client(headers={"host": SECOND_TOWN}).get("/").status_code == 200


def test_a_restored_town_has_the_walls_of_an_opened_one(backup, restore):
    path = backup(town="lormes")["path"]
    restore(path, label="lormes-murs")
    copy, other = entry_of("lormes-murs.localhost"), entry_of(FIRST_TOWN)
    with town_context(copy), connection.cursor() as cursor:
        record_fact(kind=FactKind.SERVICE_DONE, happened_on=datetime.date(2026, 11, 3), minutes=5)
        cursor.execute("INSERT INTO keepsake (name) VALUES ('neuf') RETURNING id, shout")
        assert cursor.fetchone() == (51, "NEUF")
    for refused in (
        "UPDATE facts_fact SET minutes = 1",
        "DELETE FROM facts_fact",
        f'SELECT 1 FROM "{other.schema_name}".accounts_account',
    ):
        with pytest.raises(DatabaseError, match="permission denied"), town_context(copy), connection.cursor() as cursor:
            cursor.execute(refused)


def test_under_another_name_it_is_another_town_beside_the_first(backup, restore):
    path = backup(town="lormes")["path"]
    restore(path, label="lormes-bis")
    with platform_context():
        first, copy = town_named("lormes"), town_named("lormes-bis")
    assert first.uid != copy.uid
    for host in (SECOND_TOWN, "lormes-bis.localhost"):
        with town_context(entry_of(host)), connection.cursor() as cursor:
            cursor.execute("SELECT hostname FROM wagtailcore_site")
            assert cursor.fetchall() == [(host,)]
        assert Client(headers={"host": host}).get("/").status_code == 200
    untouched = footprint()
    with pytest.raises(CommandError, match="déjà pris"):
        restore(path, label="lormes-bis")
    with pytest.raises(CommandError, match=r"une ville répond déjà à lormes\.localhost"):
        restore(path)
    assert footprint() == untouched


def test_a_drill_proves_and_leaves_nothing(backup, restore, monkeypatch):
    put_files(SECOND_TOWN, "charte")
    path = backup(town="lormes")["path"]
    untouched = footprint()
    answer = restore(path, drill=True)
    assert answer["drill"]
    assert [(one["name"], one["files"]) for one in answer["towns"]] == [("Lormes", 2)]
    assert footprint() == untouched

    def lose_a_row(schema: str, table: str, columns: list[str], pieces: Iterator[bytes]) -> None:
        content = b"".join(pieces)
        kept = content.split(b"\n", 1)[1] if table == "keepsake" else content
        rows.write_rows(schema, table, columns, iter([kept]))

    monkeypatch.setattr(rebuilding, "write_rows", lose_a_row)
    with pytest.raises(CommandError, match="la table keepsake"):
        restore(path, drill=True)
    assert footprint() == untouched


def test_a_missing_file_or_a_refusal_of_the_server_leaves_nothing_and_quotes_nobody(backup, restore, monkeypatch):
    put_files(FIRST_TOWN, "charte")
    path = backup(town="pont-sainte-maxence")["path"]
    untouched = footprint()
    with monkeypatch.context() as patch:
        patch.setattr(rebuilding, "_write_file", lambda path, pieces: path.parent.mkdir(parents=True, exist_ok=True))
        with pytest.raises(CommandError, match="un fichier"):
            restore(path, label="sans-fichier")

    def twice(schema: str, table: str, columns: list[str], pieces: Iterator[bytes]) -> None:
        rows.write_rows(schema, table, columns, iter([b"".join(pieces) * (2 if table == "accounts_account" else 1)]))

    monkeypatch.setattr(rebuilding, "write_rows", twice)
    with pytest.raises(
        CommandError, match=r"PostgreSQL a refusé de reprendre Pont-Sainte-Maxence \(code 23505\)"
    ) as no:
        restore(path, label="en-double")
    assert CANARY not in str(no.value)
    assert no.value.__cause__.__suppress_context__
    assert footprint() == untouched


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda whole: whole[: len(whole) // 3], CUT_SHORT),
        (lambda whole: whole[:-1], CUT_SHORT),
        (lambda whole: whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:], DAMAGED),
        (lambda whole: b"SQLite format 3\x00" + whole, NOT_A_BACKUP),
        (lambda whole: b"", NOT_A_BACKUP),
    ],
)
def test_a_spoiled_file_makes_nothing(backup, restore, tmp_path, spoil, sentence):
    whole = Path(backup(town="lormes")["path"]).read_bytes()
    (tmp_path / "spoiled").write_bytes(spoil(whole))
    untouched = footprint()
    with pytest.raises(CommandError) as refusal:
        restore(tmp_path / "spoiled", label="abimee")
    assert str(refusal.value) == sentence
    assert footprint() == untouched


def test_only_its_key_opens_it(backup, restore, tmp_path, monkeypatch, key_file):
    path = backup(town="lormes")["path"]
    call_command("backup", new_key=str(tmp_path / "other"), stdout=StringIO())
    with pytest.raises(CommandError, match=WRONG_KEY):
        restore(path, drill=True, key_file=tmp_path / "other")
    with pytest.raises(CommandError, match="Aucune clé"):
        restore(path, drill=True, key_file=None)
    monkeypatch.setenv(VARIABLE, "too-short")
    with pytest.raises(CommandError, match="n’est pas une clé"):
        restore(path, drill=True, key_file=None)
    monkeypatch.setenv(VARIABLE, key_file.read_text())
    assert restore(path, drill=True, key_file=None)["towns"]


def test_a_key_is_its_owners_and_is_never_replaced(key_file, backup):
    kept = key_file.read_text()
    assert key_file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="ne se remplace pas"):
        call_command("backup", new_key=str(key_file), stdout=StringIO())
    assert key_file.read_text() == kept
    key_file.chmod(0o644)
    with pytest.raises(CommandError, match="chmod 600"):
        backup(town="lormes")


def test_a_backup_holds_its_town_and_no_other_and_shows_nothing(backup, key_file):
    put_files(FIRST_TOWN, "photo-de-jeanne")
    taken = backup(town="pont-sainte-maxence")
    told = clear_text(taken["path"], key_file)
    other = entry_of(SECOND_TOWN).schema_name
    assert CANARY.encode() in told
    assert b"photo-de-jeanne" in told
    for stranger in (OTHER_CANARY.encode(), SECOND_TOWN.encode(), other.encode(), b"operatrice@"):
        assert stranger not in told
    sealed = Path(taken["path"]).read_bytes()
    for secret in (CANARY.encode(), b"photo-de-jeanne", b"accounts_account", b"Pont-Sainte-Maxence"):
        assert secret not in sealed
    assert CANARY not in json.dumps(taken)
    assert Path(taken["path"]).stat().st_mode & 0o777 == 0o600


def test_a_full_disk_or_a_name_already_there_leaves_no_file(backup, tmp_path, monkeypatch):
    taken = backup(town="lormes")
    with pytest.raises(CommandError, match="existe déjà"):
        call_command("backup", town="lormes", to=Path(taken["path"]), key_file=tmp_path / "key", stdout=StringIO())

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    kept = sorted((tmp_path / "kept").iterdir())
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CommandError, match="n’a pas pu être écrite"):
        call_command("backup", town="lormes", to=tmp_path / "kept" / "x", key_file=tmp_path / "key", stdout=StringIO())
    assert sorted((tmp_path / "kept").iterdir()) == kept


def test_it_is_one_instant_whatever_is_written_meanwhile(backup, restore, key_file, monkeypatch):
    definitions = dump.definitions

    def write_meanwhile(schema: str, **options: Any) -> dict[str, tuple[str, str]]:
        def write() -> None:
            with town_context(entry_of(SECOND_TOWN)):
                Account.objects.create_account(email="venue-trop-tard@exemple.fr")
            connection.close()

        writer = threading.Thread(target=write)
        writer.start()
        writer.join()
        return definitions(schema, **options)

    monkeypatch.setattr(dump, "definitions", write_meanwhile)
    taken = backup(town="lormes")
    with town_context(entry_of(SECOND_TOWN)):
        assert Account.objects.filter(email="venue-trop-tard@exemple.fr").exists()
    told = clear_text(taken["path"], key_file)
    assert b"venue-trop-tard" not in told
    assert OTHER_CANARY.encode() in told
    assert restore(taken["path"], drill=True)["towns"]


def test_an_older_backup_is_migrated_and_a_newer_one_refused(backup, restore):
    town = entry_of(SECOND_TOWN)
    with walls.provisioning(), facing(town):
        MigrationExecutor(connection).migrate([("facts", "0001_initial")])
    older = backup(town="lormes")["path"]
    answer = restore(older, label="lormes-jadis")
    assert answer["towns"][0]["migrated"]
    with walls.provisioning(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgname = 'beat_pulse' AND tgrelid = %s::regclass",
            [f"{answer['towns'][0]['schema']}.facts_fact"],
        )
        assert cursor.fetchone() == (1,)

    with walls.provisioning(), facing(town):
        MigrationExecutor(connection).migrate([("facts", "0002_pulse")])
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('facts', '0999_later', now())")
    newer = backup(town="lormes", to=Path(older).with_name("newer"))["path"]
    with walls.provisioning(), facing(town), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '0999_later'")
    untouched = footprint()
    with pytest.raises(CommandError, match=r"version plus récente de Palier \(facts.0999_later\)"):
        restore(newer, label="lormes-demain")
    assert footprint() == untouched


@pytest.mark.long
def test_the_whole_platform_comes_back(backup, restore):
    put_files(FIRST_TOWN, "accueil")
    path = backup(all=True)["path"]
    with platform_context():
        everyone = {town.name: town.schema_name for town in Town.objects.all()}
        hosts = set(Domain.objects.values_list("domain", flat=True))
    held = content_of(entry_of(FIRST_TOWN).schema_name)
    with pytest.raises(CommandError, match="ne contient pas « nulle-part »"):
        restore(path, town="nulle-part")
    with pytest.raises(CommandError, match="--as nomme une seule ville"):
        restore(path, label="toutes")

    # One town and the accounts are lost: what is still there is refused, and untouched.
    with walls.provisioning():
        erase_town(town_named("pont-sainte-maxence"))
        operator = Account.objects.get()
        # The ORM would look for what a town's models hold of an account.
        Account.objects.all()._raw_delete("default")
    untouched = footprint()[2]
    with pytest.raises(CommandError, match=r"ville\(s\) non restaurée\(s\)"):
        restore(path)
    assert footprint()[2] > untouched
    with platform_context():
        assert {town.name for town in Town.objects.all()} == set(everyone)
        assert set(Domain.objects.values_list("domain", flat=True)) == hosts
        again = Account.objects.get()
        assert (again.email, again.uid, again.password) == (operator.email, operator.uid, operator.password)
        Account.objects.create_account(email="deuxieme@palier.example")
    assert content_of(entry_of(FIRST_TOWN).schema_name) == held
    drill = restore(path, town="pont-sainte-maxence", drill=True)
    assert [one["name"] for one in drill["towns"]] == ["Pont-Sainte-Maxence"]
