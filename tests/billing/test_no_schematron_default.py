"""No call of factur-x leaves its checks to its defaults: one posts the invoice to a local port (requirement 12)."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

SOURCES = [
    path for room in ("billing", "platform", "cms", "themes") for path in (Path(settings.ROOT) / room).rglob("*.py")
]
# What of the library writes or reads a document, and whose default checks it.
CHECKING = {
    "generate_cii_xml",
    "generate_ubl_xml",
    "generate_xml",
    "generate_from_binary",
    "generate_from_file",
    "get_facturx_xml_from_pdf",
    "get_xml_from_pdf",
    "parse_ubl_cii_xml",
}


def faults(source):
    """Lines that ask factur-x for anything without « check_schematron=False », or for its own check."""
    found = []
    if not any(name in source for name in (*CHECKING, "xml_check_schematron")):
        return found
    for node in ast.walk(ast.parse(source)):
        name = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "name", None)
        if name == "xml_check_schematron":
            found.append(node.lineno)
        if (
            isinstance(node, ast.Call)
            and (getattr(node.func, "id", None) or getattr(node.func, "attr", "")) in CHECKING
        ):
            said = {keyword.arg: keyword.value for keyword in node.keywords}
            value = said.get("check_schematron")
            if not (isinstance(value, ast.Constant) and value.value is False):
                found.append(node.lineno)
    return found


def test_every_call_says_no():
    assert {path: lines for path in SOURCES if (lines := faults(path.read_text()))} == {}


def test_there_is_a_call_to_read():
    assert any("generate_cii_xml(" in path.read_text() for path in SOURCES)


@pytest.mark.parametrize(
    "line",
    [
        "generate_cii_xml(d, level='en16931')",
        "facturx.generate_from_binary(p, x, check_schematron='base')",
        "generate_cii_xml(d, check_schematron=ask)",
        "from facturx import xml_check_schematron",
        "facturx.xml_check_schematron(x)",
    ],
)
def test_the_reading_finds_each_of_them(line):
    assert faults(line)


def test_it_lets_the_right_one_pass():
    assert faults("generate_cii_xml(d, check_schematron=False)") == []
