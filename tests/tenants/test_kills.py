"""kill -9 at every statement of an opening: the next command finishes or cleans up, and no other town noticed."""

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from harness.databases import FIRST_TOWN
from tenants import files, templates, walls
from tenants.lifecycle import erase_town
from tenants.models import BlueprintBuild, Town
from tenants.opening import Request, open_town, sweep_files
from tenants.registry import registry

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("own_database")]

KILLED = -signal.SIGKILL
ASKED = Request(blueprint="bip-pop", name="Morlaix", communes=["29151"], admin_email="a@morlaix.example")


def in_a_child(work: Callable[[], None]) -> int:
    """Run it in a forked process; answer its exit status, or minus the signal that killed it."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def dying_at(statement: int, work: Callable[[], Any]) -> Callable[[], None]:
    """`work`, killed when it is about to send its nth statement over the provisioning connection."""

    def run() -> None:
        sent = 0

        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            nonlocal sent
            sent += 1
            if sent == statement:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(sql, params, many, context)

        with walls.provisioning(), connection.execute_wrapper(count):
            work()

    return run


def whole() -> tuple[set[str], set[str], set[str]]:
    """Schemas of towns, their roles, and their rows: the three must always be the same set."""
    with walls.provisioning(), connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 't\\_%%'")
        schemas = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", [walls.role("t_")])
        roles = {name.rpartition("__")[2] for (name,) in cursor.fetchall()}
        return schemas, roles, set(Town.objects.values_list("schema_name", flat=True))


def test_an_opening_killed_at_any_statement_leaves_nothing():
    statement = 1
    while in_a_child(dying_at(statement, lambda: open_town(ASKED))) == KILLED:
        schemas, roles, rows = whole()
        assert schemas == roles == rows, f"killed at statement {statement}"
        assert len(rows) == 2
        statement += 1 if statement < 20 else 3
        assert Client(headers={"host": FIRST_TOWN}).get("/").status_code == 200
    assert statement > 20, "the opening was not interrupted often enough to prove anything"
    # The last one was let through.
    assert Client(headers={"host": "morlaix.localhost"}).get("/").status_code == 200
    with walls.provisioning():
        sweep_files()
        erase_town(Town.objects.get(name="Morlaix"))


def test_files_of_a_killed_opening_are_swept_by_the_next(tmp_path, settings):
    # Both are this test's own: towns of other modules have left files in those of the session.
    settings.MEDIA_ROOT, settings.PRIVATE_ROOT = tmp_path / "media", tmp_path / "private"
    with walls.provisioning():
        template = BlueprintBuild.objects.get(slug="bip-pop").schema_name
    files.folder_of(template, "MEDIA_ROOT").mkdir(parents=True)
    (files.folder_of(template, "MEDIA_ROOT") / "photo.jpg").write_bytes(b"photo")
    (settings.MEDIA_ROOT / "t_leftbehind").mkdir()
    town = open_town(ASKED).town
    assert files.schemas_with_files() == {template, town.schema_name}
    assert (files.folder_of(town.schema_name, "MEDIA_ROOT") / "photo.jpg").read_bytes() == b"photo"
    erase_town(town)
    assert files.schemas_with_files() == {template}


def test_an_erasure_killed_at_any_statement_is_finished_by_the_next():
    town = open_town(ASKED).town
    statement = 1
    while in_a_child(dying_at(statement, lambda: erase_town(town))) == KILLED:
        schemas, roles, rows = whole()
        assert schemas == roles == rows
        statement += 1
    assert statement > 5
    registry.clear()
    assert Client(headers={"host": "morlaix.localhost"}).get("/").status_code == 404


def test_a_build_of_templates_killed_leaves_the_old_ones_and_no_stray():
    with walls.provisioning():
        before = set(BlueprintBuild.objects.values_list("schema_name", flat=True))
    for statement in (30, 400, 3000, 6000):
        in_a_child(dying_at(statement, lambda: templates.build_blueprints(force=True)))
        with walls.provisioning():
            kept = set(BlueprintBuild.objects.values_list("schema_name", flat=True))
        assert len(kept) == len(before)
        town = open_town(ASKED).town
        assert Client(headers={"host": "morlaix.localhost"}).get("/").status_code == 200
        erase_town(town)
    templates.build_blueprints()
    with walls.provisioning(), connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'tpl\\_%%'")
        assert {name for (name,) in cursor.fetchall()} == set(
            BlueprintBuild.objects.values_list("schema_name", flat=True)
        )
