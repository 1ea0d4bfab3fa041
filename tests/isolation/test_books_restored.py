"""The books of a backup, on another platform, where the same towns have other numbers."""

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


@pytest.fixture
def told(own_database):
    """A platform whose two towns have books; and figures of the night."""
    with platform_context():
        for host, commune in ((FIRST_TOWN, PONT), (SECOND_TOWN, LORMES)):
            an_invoice(entry_of(host), {commune: 640})
            figures(entry_of(host))
        quoted(None, {PONT: 640})
    with walls.provisioning():
        return read_shared()


def test_books_follow_their_town(told):
    """On a platform where Lormes has the number of Pont, and Pont is not there."""
    with copy_of_template("restored") as name, using(name):
        registry.clear()
        first, second = entry_of(FIRST_TOWN).id, entry_of(SECOND_TOWN).id
        with walls.provisioning(), facing(PLATFORM):
            lormes = Town.objects.get(pk=second).uid
            Town.objects.filter(pk=second).delete()
            Town.objects.filter(pk=first).update(uid=lormes)
            assert write_shared(told, drill=False)
            assert write_shared(told, drill=False) is None, "a platform that is lived in is left alone"
        with platform_context():
            towns = dict(Contract.objects.values_list("memberships__commune", "town"))
            assert towns == {PONT: None, LORMES: first}
            assert Invoice.objects.count() == 2
            assert set(DocumentFile.objects.values_list("invoice__contract__town", flat=True)) == {None, first}
            assert Quote.objects.get().town is None
            assert list(TownFigures.objects.values_list("town", flat=True)) == [first]
    registry.clear()
