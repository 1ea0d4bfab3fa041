"""The books of a backup, on another platform, where the same towns have other numbers."""

import json

import pytest

from billing.models import Contract, DocumentFile, Invoice, Quote
from console.models import TownFigures
from harness.billing import an_invoice, quoted
from harness.console import figures
from harness.databases import FIRST_TOWN, SECOND_TOWN, copy_of_template, using
from harness.towns import entry_of
from tenants import walls
from tenants.backups.shared import read_shared, write_shared
from tenants.context import PLATFORM, facing, platform_context
from tenants.models import Town
from tenants.registry import registry

PONT, LORMES = "60509", "58145"


@pytest.fixture(scope="module")
def told(own_database):
    """What is read of a platform whose two towns have books, and figures of the night; and the instant of invoices."""
    with platform_context():
        for host, commune in ((FIRST_TOWN, PONT), (SECOND_TOWN, LORMES)):
            an_invoice(entry_of(host), {commune: 640})
            figures(entry_of(host))
        quoted(None, {PONT: 640})
        instants = set(Invoice.objects.values_list("issued_at", flat=True))
    with walls.provisioning(), read_shared() as (towns, lines):
        return towns, list(lines), instants


def in_lines(towns, lines):
    """As it is told now, in blocks that cut lines anywhere."""
    whole = b"".join(lines)
    return {"towns": towns}, [whole[start : start + 777] for start in range(0, len(whole), 777)], {}


def in_a_document(towns, lines):
    """As the first format told it: one document, with the towns beside."""
    return {}, [json.dumps({"towns": towns, "rows": [json.loads(line) for line in lines]}).encode()], {}


def in_a_list(towns, lines):
    """As it told it at first: the rows alone; the towns are those of the other members."""
    return {}, [json.dumps([json.loads(line) for line in lines]).encode()], towns


@pytest.mark.parametrize("told_as", [in_lines, in_a_document, in_a_list])
def test_books_follow_their_town(told, told_as):
    """On a platform where Lormes has the number of Pont, and Pont is not there."""
    *rows, instants = told
    label, pieces, towns_of_file = told_as(*rows)
    with copy_of_template("restored") as name, using(name):
        registry.clear()
        first, second = entry_of(FIRST_TOWN).id, entry_of(SECOND_TOWN).id
        with walls.provisioning(), facing(PLATFORM):
            lormes = Town.objects.get(pk=second).uid
            Town.objects.filter(pk=second).delete()
            Town.objects.filter(pk=first).update(uid=lormes)
            # Less the figures of Pont, which has to be there.
            for kept in (len(rows[1]) - 1, None):
                assert write_shared(label, iter(pieces), towns_of_file=towns_of_file) == kept, "only where nobody lives"
        with platform_context():
            towns = dict(Contract.objects.values_list("memberships__commune", "town"))
            assert towns == {PONT: None, LORMES: first}
            assert set(Invoice.objects.values_list("issued_at", flat=True)) == instants
            assert set(DocumentFile.objects.values_list("invoice__contract__town", flat=True)) == {None, first}
            assert Quote.objects.get().town is None
            assert list(TownFigures.objects.values_list("town", flat=True)) == [first]
    registry.clear()
