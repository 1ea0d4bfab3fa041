"""The house is in order: what a reader guesses of a folder is true."""

import ast
import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.template.loader import get_template

from aid.privacy.holdings import declared
from core.models import AppendOnly

ROOT = Path(settings.ROOT)
ROOMS = ("platform", "tenants", "cms", "billing", "themes")
LONGEST_FILE = 450
# The project that ours is measured against: it is as bare as can be.
BARE = "tests/benchmarks/bare/"


def tracked(pattern: str) -> list[Path]:
    """Files of the repository, as git knows them; migrations and vendored files apart."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", pattern],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    ours = (name for name in listed if "vendor" not in name and not name.startswith(BARE))
    return [ROOT / name for name in ours if (ROOT / name).exists()]


def test_platform_is_a_source_root_and_never_a_package():
    """With an `__init__.py`, it would hide Python's own `platform`."""
    import platform

    assert not (ROOT / "platform" / "__init__.py").exists()
    assert platform.python_version()


def test_tests_mirror_the_rooms_without_packages():
    assert not (ROOT / "tests" / "__init__.py").exists()
    assert not (ROOT / "tests" / "platform").exists()
    packages = [path.parent.name for path in tracked("tests/**/__init__.py")]
    assert set(packages) <= {"harness", "rooms", "benchmarks", "column", "migrations"}


def test_top_level_is_as_announced():
    announced = {
        "README.md", "pyproject.toml", "Makefile", "manage.py", "platform", "tenants", "cms", "billing", "themes",
        "deploy", "tests", "requirements", "docs", ".ci", ".gitignore", ".dockerignore", ".yamllint",
    }  # fmt: skip
    assert {path.relative_to(ROOT).parts[0] for path in tracked("*")} <= announced


def test_files_are_read_in_one_sitting():
    long = {
        str(path.relative_to(ROOT)): count
        for path in tracked("*.py")
        if "migrations" not in path.parts and (count := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert long == {}


@pytest.mark.parametrize("room", ROOMS)
def test_public_functions_say_what_they_promise(room):
    silent = []
    for path in tracked(f"{room}/**/*.py"):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                if node.name in {"Meta", "Migration"} or _is_inner(node, path):
                    continue
                if not ast.get_docstring(node):
                    silent.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert silent == []


def _is_inner(node: ast.AST, path: Path) -> bool:
    """A function inside another is not public."""
    return getattr(node, "col_offset", 0) > 4 or (
        isinstance(node, ast.FunctionDef) and node.col_offset == 4 and not _is_method(node, path)
    )


def _is_method(node: ast.FunctionDef, path: Path) -> bool:
    tree = ast.parse(path.read_text())
    return any(
        isinstance(parent, ast.ClassDef) and any(getattr(child, "lineno", 0) == node.lineno for child in parent.body)
        for parent in ast.walk(tree)
    )


def templates() -> list[str]:
    """Names of our templates."""
    return sorted(str(path).split("/templates/", 1)[1] for path in tracked("*.html") if "/templates/" in str(path))


@pytest.mark.parametrize("name", templates())
def test_every_template_compiles(name):
    get_template(name)


def test_every_template_is_used():
    """By name, in a view, a block, another template, or by Django's own habit."""
    by_habit = {"404.html", "403.html", "403_csrf.html", "500.html", "400.html"}
    sources = "\n".join(path.read_text() for path in [*tracked("*.py"), *tracked("*.html")])
    unused = [
        name
        for name in templates()
        if name not in by_habit
        and not name.startswith("wagtailadmin/")
        and not name.startswith("cms/pages/legal/")
        and not re.search(rf"[\"']{re.escape(name)}[\"']", sources)
    ]
    assert unused == []


NARROW = re.compile("\u202f")
ORPHAN = re.compile(r"[a-zà-ÿ»] [?!:;»]|« [^\W\d_]")
# The same in a string of Python, where braces hold words.
LOOSE = re.compile(r"(?<=[\w»…)’}%]) [?!;:](?=[\s»\"'{]|\\n|$)|« | »")
# Words of models are in migrations, those of documents and the API stay as they were given; the rest is a terminal's.
APART = re.compile(
    r"/(migrations|models|management|config|documents|demo|api)/|/(models|enums|kinds|gsm|law|api|consents)\.py$"
)


def test_texts_hold_together_at_the_end_of_a_line():
    """A plain space before « ? ! : ; » lets the sign fall alone on the next line; the narrow one is not in the font."""
    wrong = []
    for path in [*tracked("*.html"), *tracked("*.toml")]:
        if path.name == "pyproject.toml":
            continue
        text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}|<[^>]*>", "", _without_comments(path.read_text()), flags=re.DOTALL)
        wrong += [
            f"{path.relative_to(ROOT)}: {line.strip()[:80]}"
            for line in text.splitlines()
            if (ORPHAN.search(line) or NARROW.search(line)) and not line.strip().startswith(("type =", "kind ="))
        ]
    assert wrong == []


def test_strings_that_people_read_hold_together_too():
    """What a terminal shows, what is frozen on documents, and what migrations hold, is apart."""
    wrong = []
    for path in tracked("*.py"):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(("platform/", "billing/", "cms/")) or APART.search(f"/{name}"):
            continue
        source = path.read_text()
        told = {node.lineno for node in _docstrings(ast.parse(source))}
        strings = (
            token
            for token in tokenize.generate_tokens(io.StringIO(source).readline)
            if token.type == tokenize.STRING and token.start[0] not in told and not token.string.startswith("r")
        )
        wrong += [f"{name}:{one.start[0]}: {one.string[:80]}" for one in strings if LOOSE.search(one.string)]
    assert wrong == []


def _docstrings(tree: ast.Module) -> Iterator[ast.Expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            yield node.body[0]


def _without_comments(text: str) -> str:
    return re.sub(r"{% comment %}.*?{% endcomment %}", "", text, flags=re.DOTALL)


def test_append_only_models_are_in_towns_or_on_the_platform():
    """Where both hold a room, a town's grants are written and the platform's are not: it has nothing of value there."""
    both = set(settings.SHARED_APPS) & set(settings.TENANT_APPS)
    found = [model for model in apps.get_models() if issubclass(model, AppendOnly)]
    assert [model._meta.label for model in found if apps.get_app_config(model._meta.app_label).name in both] == [
        "accounts.DoorStep"
    ]


def test_every_constraint_speaks_french():
    ours = [model for model in apps.get_models() if not model.__module__.startswith(("django", "wagtail", "taggit"))]
    silent = [
        f"{model.__name__}.{constraint.name}"
        for model in ours
        if "site-packages" not in str(apps.get_app_config(model._meta.app_label).path)
        for constraint in model._meta.constraints
        if constraint.violation_error_message == constraint.default_violation_error_message
    ]
    assert silent == []


def test_nothing_is_left_for_later():
    words = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    here = Path(__file__)
    left = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*tracked("*.py"), *tracked("*.html"), *tracked("*.css"), *tracked("*.sh")]
        if path != here
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if words.search(line)
    ]
    assert left == []


# Services that look for people: whom they may find is said by who asks.
SEARCHES = {"search_people", "possible_duplicates"}


def test_the_desk_reads_people_only_through_its_access():
    """Whom an account may see is said in one file: a view, a list or a form never begins from a whole table."""
    of_people = {holding.model.__name__ for holding in declared()} | {"Person", "PeopleImport", "Account"}
    desk = ROOT / "platform" / "aid" / "desk"
    # Lists that administrators sent are of no sector: their screen shows all of them.
    views = [path for path in (desk / "views").glob("*.py") if path.name != "imports.py"]
    begins_elsewhere = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in [*views, *(desk / "forms").glob("*.py"), desk / "lists.py"]
        for node in ast.walk(ast.parse(path.read_text()))
        if _is_whole_table(node, of_people) or _is_search_of_everybody(node)
    ]
    assert begins_elsewhere == []


def _is_whole_table(node: ast.AST, models: set[str]) -> bool:
    """`Person.objects`, but for nobody's rows (`none`) and those `about` somebody whom the access gave."""
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr in {"objects", "_default_manager", "_base_manager"}
        and isinstance(node.value.value, ast.Name)
        and node.value.value.id in models
        and node.attr not in {"none", "about"}
    )


def _is_search_of_everybody(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in SEARCHES
        and "among" not in {keyword.arg for keyword in node.keywords}
    )


def test_the_first_of_a_month_is_a_day_that_templates_say_as_french_does():
    """« le 1er décembre »: by the filter `day`, since Django's own `date` says « le 1 décembre »."""
    told = {
        str(path.relative_to(ROOT))
        for path in tracked("*.html")
        if re.search(r"""(\|date:|% now )["'][^"']*\bj F""", path.read_text())
    }
    assert told == set()
