"""No binary fraction and one rounding, in the whole room: what a reader of an invoice's computation relies on."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

ROOM = Path(settings.ROOT) / "billing"
SOURCES = sorted(ROOM.rglob("*.py"))
# Where a number becomes binary, or is rounded by halves to even. `quantize` is in one function of money.py.
FORBIDDEN_NAMES = {"float", "FloatField", "round", "fsum", "complex"}
ROUNDS_ELSEWHERE = {"quantize", "to_integral_value", "ROUND_HALF_EVEN", "ROUND_HALF_UP", "ROUND_UP", "ROUND_DOWN"}


def faults(source: str, *, may_round: bool) -> list[str]:
    """What a file says that it must not."""
    forbidden = FORBIDDEN_NAMES if may_round else FORBIDDEN_NAMES | ROUNDS_ELSEWHERE
    found = []
    for node in ast.walk(ast.parse(source)):
        names = {getattr(node, "id", None), getattr(node, "attr", None), getattr(node, "name", None)}
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            found.append(f"{node.lineno}: {node.value}")
        if isinstance(node, ast.Name | ast.Attribute | ast.alias):
            found += [f"{node.lineno}: {name}" for name in names & forbidden]
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOM)))
def test_no_file_of_the_room_holds_a_float_or_a_rounding_of_its_own(path):
    assert faults(path.read_text(), may_round=path.name == "money.py") == []


def test_there_are_files_to_read():
    assert ROOM / "money.py" in SOURCES


@pytest.mark.parametrize(
    "line",
    ["a = 1.5", "a = float(b)", "a = round(b, 2)", "a: float = b", "a = b.quantize(c)", "a = models.FloatField()"],
)
def test_the_reading_finds_each_of_them(line):
    assert faults(line, may_round=False) != []
