"""Operators' support, from the platform's side: who may still, and which town they enter.

What is kept of an access is in the town's schema: the platform keeps nothing of it.
"""

import zoneinfo
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from django.http import Http404
from django.utils import timezone

from accounts.models import Account
from tenants.context import platform_context, town_context
from tenants.enums import ANSWERING_STATES
from tenants.models import Town


def is_operator(number: int) -> bool:
    """Whether an account of the platform is an operator's now: asked by a town, at each request of support."""
    with platform_context():
        return Account.objects.filter(pk=number, is_superuser=True, is_active=True).exists()


def town_of(schema: str) -> Town:
    """An open town. Raises Http404 for one that is not there, or does not answer."""
    town = Town.objects.with_schema().filter(schema_name=schema, state__in=ANSWERING_STATES).first()
    if town is None:
        raise Http404
    return town


@contextmanager
def in_town(town: Town) -> Iterator[None]:
    """Run a block in a town, at its own hours."""
    with town_context(town), hours_of(town):
        yield


def hours_of(town: Town) -> AbstractContextManager[None]:
    """Tell hours as a town does."""
    return timezone.override(zoneinfo.ZoneInfo(town.time_zone))
