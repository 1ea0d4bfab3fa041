"""Entering a town: the only way to reach its tables.

To be in a town is to be in a transaction of that town. Never `with town:` nor a decorator: both were measured to mix
towns up between threads (docs/decisions/2026-11-21-walls-last-one-transaction.md).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from django.db import connection, transaction
from django_tenants.postgresql_backend.base import FakeTenant


class HasSchema(Protocol):
    """What can be entered: a Town, a registry entry."""

    schema_name: str


PLATFORM = FakeTenant(schema_name="public")


@contextmanager
def facing(town: HasSchema) -> Iterator[None]:
    """Point the connection at a town without a statement: no table can be read yet.

    Who nests comes back to the town that was there before, whatever happened inside.
    """
    previous = connection.tenant
    connection.set_tenant(town)
    try:
        yield
    finally:
        connection.set_tenant(previous)


@contextmanager
def town_context(town: HasSchema) -> Iterator[None]:
    """Run a block in a town, in one transaction: all of it is kept, or nothing.

    Querysets are lazy: evaluate them inside.
    """
    with facing(town), transaction.atomic():
        yield


@contextmanager
def platform_context() -> Iterator[None]:
    """Run a block on the platform's shared tables, in one transaction."""
    with town_context(PLATFORM):
        yield
