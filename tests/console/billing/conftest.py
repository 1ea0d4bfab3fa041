"""What the tests of the billing desk stand on."""

import pytest

from harness.databases import FIRST_TOWN
from harness.towns import entry_of
from tenants.registry import TownEntry


@pytest.fixture
def entry(db: None) -> TownEntry:
    """A town that is not entered: the desk is on the platform."""
    return entry_of(FIRST_TOWN)
