"""The pages of a town's books: each address tried with the neighbour's rows, as each role; and one door to the rows."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.roles import ADMINISTRATORS, AGENTS, COORDINATORS
from billing import models
from billing.access import for_current_town
from billing.models import TownAct
from harness.addresses import addresses_of
from harness.browsers import browser_at
from harness.rooms.books import ADDRESSES
from harness.support import a_link, an_access
from harness.town_books import Books, colleague, town_books
from tenants.context import facing, platform_context

ROOT = Path(settings.ROOT)
# What a town reads or says of its books.
TOWN_SIDE = [*sorted((ROOT / "billing" / "town_books").glob("*.py")), ROOT / "billing" / "back_office.py"]
# Of each address with a row, the rows of the neighbour's that it could show.
ROWS = {
    "other_contract": ("contract",),
    "count": ("counted", "proposed"),
    "contest": ("counted", "proposed"),
    "invoice": ("invoice", "credit_note"),
    "invoice_pdf": ("invoice", "credit_note"),
    "invoice_xml": ("invoice", "credit_note"),
    "quote": ("accepted", "offered"),
    "quote_pdf": ("accepted", "offered"),
    "signed_quote": ("accepted", "offered"),
}
# Not made yet, or never sent back.
MISSING_FILES = {("invoice_pdf", "credit_note"), ("signed_quote", "offered")}


@pytest.fixture
def both(town, other_town) -> tuple[Books, Books]:
    """The books of two towns; we are in the first."""
    return town_books(town), town_books(other_town)


@pytest.fixture
def mayor(town) -> Client:
    return browser_at(town.domain, colleague(ADMINISTRATORS))


def asked(name: str, row: object) -> str:
    return reverse(f"books:{name}", kwargs={"pk": row.pk}, urlconf="config.urls_town")


def pairs() -> Iterator[tuple[str, str]]:
    for name, rows in ROWS.items():
        for row in rows:
            yield name, row


def test_every_address_with_a_row_is_tried():
    found = {one.name for one in addresses_of("config.urls_town") if one.name.startswith("books:")}
    assert found == set(ADDRESSES)
    assert {name for name in found if ADDRESSES[name].kwargs} == {f"books:{name}" for name in ROWS}


@pytest.mark.parametrize(("name", "row"), list(pairs()))
def test_the_neighbour_s_row_is_absent(both, mayor, name, row):
    mine, theirs = both
    assert getattr(mine, row).pk != getattr(theirs, row).pk
    expected = 404 if (name, row) in MISSING_FILES else 200
    assert mayor.get(asked(name, getattr(mine, row))).status_code == expected
    stolen = asked(name, getattr(theirs, row))
    assert mayor.get(stolen).status_code == 404
    assert mayor.post(stolen, {"words": "Ce n’est pas à nous."}).status_code in {404, 405}
    with platform_context():
        assert not TownAct.objects.exists()


@pytest.mark.parametrize("page", ["contract", "counts", "documents", "numbers"])
def test_a_page_says_nothing_of_the_neighbour(both, mayor, other_town, page):
    text = mayor.get(reverse(f"books:{page}", urlconf="config.urls_town")).content.decode()
    for secret in (other_town.name, "EJ-58145", "FLUX-58145", "58145"):
        assert secret not in text


@pytest.mark.parametrize(("row", "kind"), [("invoice", "pdf"), ("invoice", "xml"), ("accepted", "pdf")])
def test_files_are_the_town_s_own_though_numbers_are_the_same(both, mayor, row, kind):
    mine, theirs = (getattr(one, row) for one in both)
    assert mine.number == theirs.number
    with platform_context():
        stored, other = (bytes(one.files.get(kind=kind).content) for one in (mine, theirs))
    assert stored != other
    assert mayor.get(asked(f"{mine._meta.model_name}_{kind}", mine)).content == stored


def test_a_signed_paper_is_the_town_s_own(both, mayor):
    with platform_context():
        mine, theirs = (bytes(one.accepted.acceptance.content) for one in both)
    assert mine != theirs
    assert mayor.get(asked("signed_quote", both[0].accepted)).content == mine


def test_a_row_of_no_town_and_a_number_too_big_are_absent(both, mayor):
    with platform_context():
        models.Contract.objects.filter(pk=both[1].contract.pk).update(town=None)
    for name, rows in ROWS.items():
        # Of its own kind: a number of another kind may be that of a row of ours.
        for number in (*(getattr(both[1], row).pk for row in rows), 0, 10**9, 10**30):
            assert mayor.get(reverse(f"books:{name}", args=(number,), urlconf="config.urls_town")).status_code == 404


@pytest.mark.parametrize("group", [AGENTS, COORDINATORS])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_else_of_the_town_has_these_pages(both, town, group, method):
    client = browser_at(town.domain, colleague(group))
    for name, row in pairs():
        assert getattr(client, method)(asked(name, getattr(both[0], row))).status_code == 404
    for name in ("contract", "counts", "documents", "numbers", "give_number"):
        assert getattr(client, method)(reverse(f"books:{name}", urlconf="config.urls_town")).status_code == 404
    assert "Contrat et factures" not in client.get("/bureau/").content.decode()


@pytest.mark.parametrize("acts", [False, True])
def test_support_reads_and_never_answers_in_the_town_s_name(both, town, acts):
    client = browser_at(town.domain)
    assert client.post(a_link(an_access(acts=acts))).status_code == 302
    assert client.get("/bureau/contrat/").status_code == 200
    for name, row in pairs():
        if name == "contest":
            assert client.get(asked(name, getattr(both[0], row))).status_code == 404
            assert client.post(asked(name, getattr(both[0], row)), {"words": "Non."}).status_code in {403, 404}
    assert client.get("/bureau/contrat/engagement/donner/").status_code == 404
    with platform_context():
        assert not TownAct.objects.exists()


def test_who_may_open_them_is_led_there(mayor):
    assert 'href="/bureau/contrat/"' in mayor.get("/bureau/").content.decode()
    assert "/bureau/contrat/" in mayor.get("/gestion/").content.decode()


# --- One door


def asks_of_models(tree: ast.AST, names: set[str]) -> Iterator[tuple[int, bool]]:
    """Each place that begins a query from a model of the books: its line, and whether it is within the window."""

    def walk(node: ast.AST, is_inside: bool) -> Iterator[tuple[int, bool]]:
        if isinstance(node, ast.With) and any(_opens_the_window(item) for item in node.items):
            is_inside = True
        if (
            isinstance(node, ast.Attribute)
            and node.attr in {"objects", "_default_manager", "_base_manager"}
            and isinstance(node.value, ast.Name)
            and node.value.id in names
        ):
            yield node.lineno, is_inside
        for child in ast.iter_child_nodes(node):
            yield from walk(child, is_inside)

    yield from walk(tree, False)


def _opens_the_window(item: ast.withitem) -> bool:
    call = item.context_expr
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "for_current_town"


def test_no_row_of_the_books_is_asked_out_of_the_window():
    names, count = set(models.__all__), 0
    for path in TOWN_SIDE:
        source = path.read_text()
        asked_of = list(asks_of_models(ast.parse(source), names))
        assert [line for line, is_inside in asked_of if not is_inside] == [], path.name
        assert "platform_context" not in source, path.name
        assert "raw(" not in source, path.name
        assert "cursor" not in source, path.name
        count += len(asked_of)
    assert count > 10


def test_the_rule_sees_what_it_forbids():
    wrong = "def f():\n    with for_current_town():\n        pass\n    return Invoice.objects.all()"
    right = "with for_current_town():\n    found = list(Invoice.objects.all())"
    assert list(asks_of_models(ast.parse(wrong), {"Invoice"})) == [(4, False)]
    assert list(asks_of_models(ast.parse(right), {"Invoice"})) == [(2, True)]


def test_pages_leave_the_town_where_it_was(both, town, mayor):
    """After a page, the connection is the town's again: nothing of the window is left open."""
    mayor.get("/bureau/contrat/factures/")
    with facing(town), for_current_town():
        assert models.Invoice.objects.count() == 2
