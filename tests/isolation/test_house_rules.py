"""Ways of entering a town that were measured to mix towns up: nobody writes them outside `tenants`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django_tasks import task_backends
from django_tasks.backends.immediate import ImmediateBackend

ROOT = Path(settings.ROOT)
ROOMS = ("billing", "cms", "platform", "tenants", "tests", "themes")
# `TenantMixin.__enter__` keeps one list for all threads; a decorator is one object for all calls.
FORBIDDEN_NAMES = {"tenant_context", "schema_context"}
FORBIDDEN_METHODS = {"set_tenant", "set_schema", "set_schema_to_public", "set_session"}
# Caches of the process that no town can reach: none holds a row, an id of a row, or a text that a town wrote.
CACHED_FUNCTIONS = {
    # SQL that names no schema (core.written), some of it for a day.
    "platform/accounts/roles.py:_group_names",
    "platform/accounts/sessions.py:_open_session",
    "platform/aid/cards/services.py:_holding",
    "platform/aid/cards/services.py:_keeping",
    "platform/aid/cards/services.py:_standing",
    "platform/aid/desk/access.py:_cards",
    "platform/aid/desk/lists.py:_asked",
    "platform/aid/desk/lists.py:_followups",
    "platform/aid/desk/lists.py:_latest",
    "platform/aid/desk/lists.py:_messages",
    "platform/aid/desk/volunteer_lists.py:_lines",
    "platform/aid/onboarding/in_bulk.py:_asked_steps",
    "platform/aid/onboarding/progress.py:_missing",
    "platform/aid/onboarding/progress.py:_expires_on",
    "platform/aid/personal/access.py:_states",
    "billing/documents/evidence.py:_counts",
    "billing/drafting.py:_approved",
    "billing/engagements.py:_given",
    "billing/documents/cii.py:_schema",  # files of a library
    "billing/reckoning.py:_every",  # a question that is not asked yet, of the platform's own tables
    "platform/core/printing.py:_fonts",  # files of the repository
    "platform/aid/desk/views/frame.py:_address",  # of the code's own screens
    "platform/api/views.py:_lines",  # what the code answers, the same in every town
    "tenants/blueprints/__init__.py:load",  # files of the repository
    "tenants/templates.py:append_only_tables",  # names of models
    "themes/context_processors.py:_addresses",  # of the code's own views
    "themes/stylesheet.py:render_stylesheet",  # by colour
    "themes/stylesheet.py:compute_version",
    "themes/tokens.py:compute_palette",
    "tests/harness/databases.py:template_name",  # files of the repository
}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if path.is_relative_to(ROOT / "tests" / "benchmarks"):
                continue  # the bare project that we are measured against lives by its own rules
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def faults(tree: ast.AST) -> Iterator[str]:
    """What of this code may put a thread in another's town."""
    for node in ast.walk(tree):
        match node:
            case ast.withitem(context_expr=ast.Name(id=name) | ast.Attribute(attr=name)) if _is_a_town(name):
                yield f"with {name}:"
            case ast.Name(id=name) | ast.alias(name=name) if name.rpartition(".")[2] in FORBIDDEN_NAMES:
                yield name
            case ast.Attribute(attr=name) if name in FORBIDDEN_NAMES | FORBIDDEN_METHODS:
                yield f".{name}"
            # The driver's own transactions end without the wrapper knowing.
            case ast.Attribute(attr="connection", value=ast.Name(id="connection") | ast.Attribute(attr="connection")):
                yield "connection.connection"


def _is_a_town(name: str) -> bool:
    return name.lower().split("_")[-1] in {"town", "tenant"}


def test_no_town_is_entered_otherwise_than_by_its_contexts():
    found = {path: list(faults(tree)) for path, tree in sources() if not path.startswith("tenants/")}
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
    assert len(found) > 50


@pytest.mark.parametrize(
    "code",
    [
        "with town: pass",
        "with request.town, other: pass",
        "with self.first_town as t: pass",
        "from django_tenants.utils import tenant_context",
        "with schema_context('x'): pass",
        "@utils.tenant_context(town)\ndef f(): pass",
        "connection.set_tenant(town)",
        "connections['default'].set_schema('x')",
        "connection.connection.rollback()",
        "x = self.connection.connection",
    ],
)
def test_the_rule_sees_each_of_them(code):
    assert list(faults(ast.parse(code)))


def test_the_rule_lets_the_right_ways_pass():
    right = "with town_context(town), facing(other_town), self.connection.cursor() as c: c.connection.info"
    assert list(faults(ast.parse(right))) == []


def test_no_function_keeps_rows_for_the_life_of_the_process():
    """`lru_cache` and `cache` know nothing of towns: what is new here is looked at before it is added to the list."""
    cached = {
        f"{path}:{node.name}"
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for decorator in node.decorator_list
        if {"cache", "lru_cache"} & {getattr(one, "id", getattr(one, "attr", "")) for one in ast.walk(decorator)}
    }
    assert cached == CACHED_FUNCTIONS


def test_wagtail_s_forms_which_cache_content_types_of_the_first_town_are_not_installed():
    assert not apps.is_installed("wagtail.contrib.forms")


def test_tasks_of_libraries_run_at_once_in_the_town_that_asked():
    """Wagtail gives work to django-tasks: its default backend runs it in place. A queue would not know the town."""
    assert isinstance(task_backends["default"], ImmediateBackend)


def test_what_is_the_platform_s_alone_is_not_asked_when_a_town_erases_an_account():
    """Django looks for rows that point to what it erases: in a town, the platform's own tables are behind the wall.

    PostgreSQL refuses by itself to erase what they point to, on the platform.
    """
    shared_only = set(settings.SHARED_APPS) - set(settings.TENANT_APPS)
    asked = [
        f"{model._meta.label}.{field.name}"
        for config in apps.get_app_configs()
        if config.name in shared_only
        for model in config.get_models()
        for field in model._meta.concrete_fields
        if field.remote_field is not None
        and field.related_model._meta.app_config.name in settings.TENANT_APPS
        and field.remote_field.on_delete is not models.DO_NOTHING
    ]
    assert asked == []
