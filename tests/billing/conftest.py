"""The books, from the operator's side."""

from collections.abc import Iterator

import pytest

from billing.models import Seller
from harness.billing import a_seller
from tenants.context import PLATFORM, facing
from tenants.registry import TownEntry


@pytest.fixture
def books(town: TownEntry) -> Iterator[TownEntry]:
    """On the platform's shared tables; the town whose contract is signed here."""
    with facing(PLATFORM):
        yield town


@pytest.fixture
def seller(books: TownEntry) -> Seller:
    """The operator, which adds VAT."""
    return a_seller()
