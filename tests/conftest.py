"""What every test stands on: a copy of the template database, two towns, and a hostile house.

Ordinary tests roll back. A test that must commit (openings, jobs, pulses, threads) asks for `own_database`: a copy of
its module's own, dropped at its end.
"""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import caches
from django.template import base as template_base
from django.test import Client, override_settings
from hypothesis import settings as hypothesis_settings
from procrastinate.periodic import PeriodicDeferrer
from pytest_socket import socket_allow_hosts

from harness import databases, second_step  # noqa: F401 (its receiver)
from harness.towns import entry_of
from tenants.context import facing
from tenants.registry import TownEntry, registry

ROOT = Path(__file__).resolve().parents[1]
# A busy machine makes any example slow once: that is no fault of the product's.
hypothesis_settings.register_profile("palier", deadline=None)
hypothesis_settings.load_profile("palier")


@pytest.fixture(autouse=True)
def _no_network() -> None:
    """Nothing leaves the machine; PostgreSQL is a file, a browser's server is on loopback."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """A copy of the template for this worker, in place of Django's own creation of test databases."""
    label = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with django_db_blocker.unblock(), databases.copy_of_template(label) as name, databases.using(name):
        yield


@pytest.fixture(scope="module")
def own_database(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of this module's own, where tests really commit."""
    label = f"own_{abs(hash(request.module.__name__)) % 100_000}"
    with django_db_blocker.unblock(), databases.copy_of_template(label) as name, databases.using(name):
        registry.clear()
        try:
            yield name
        finally:
            registry.clear()


@pytest.fixture(autouse=True, scope="session")
def _no_round_of_the_night() -> Iterator[None]:
    """A worker runs what its test asked for: within minutes of 1:37, the machine's clock would add a round."""

    async def leave_the_clock_alone(self: PeriodicDeferrer) -> None:
        """Never look at the hour."""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PeriodicDeferrer, "worker", leave_the_clock_alone)
        yield


@pytest.fixture(autouse=True, scope="session")
def _an_ordinary_day() -> Iterator[None]:
    """Nothing that comes again meets a holiday, whatever day the tests are run on: a test of holidays says which."""
    from aid.help_requests import series

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(series, "public_holidays", SimpleNamespace(between=lambda *_: set()))
        yield


@pytest.fixture(autouse=True, scope="session")
def _own_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Each worker keeps its towns' files apart: from the other worker's, and from the demo's."""
    folder = tmp_path_factory.mktemp("files")
    with override_settings(MEDIA_ROOT=folder / "media", PRIVATE_ROOT=folder / "private"):
        yield


@pytest.fixture(autouse=True)
def _fresh_caches() -> Iterator[None]:
    """No test finds what another one cached: rolled back rows keep the version that they were cached under."""
    yield
    for cache in caches.all(initialized_only=True):
        cache.clear()


@pytest.fixture
def town(db: None) -> Iterator[TownEntry]:
    """Pont-Sainte-Maxence (bip-pop), entered: the test's transaction is in it."""
    entry = entry_of(databases.FIRST_TOWN)
    with facing(entry):
        yield entry


@pytest.fixture
def other_town(db: None) -> TownEntry:
    """Lormes (faire-compagnie), not entered."""
    return entry_of(databases.SECOND_TOWN)


@pytest.fixture
def visit() -> Callable[..., Client]:
    """A browser on a host: `visit("lormes.localhost").get("/")`."""

    def on(host: str) -> Client:
        return Client(headers={"host": host})

    return on


class _UndefinedVariable(str):
    """Stands for `string_if_invalid`: a variable that one of our templates does not define is a mistake."""

    def __contains__(self, item: object) -> bool:
        return item == "%s"

    def __mod__(self, name: object) -> str:
        frame = sys._getframe()
        while frame is not None:
            node = frame.f_locals.get("self")
            origin = getattr(node, "origin", None)
            if isinstance(node, template_base.Node) and origin is not None:
                if Path(str(origin.name)).is_relative_to(ROOT) and ".venv" not in str(origin.name):
                    pytest.fail(f"undefined template variable {name} in {origin.name}")
                break
            frame = frame.f_back
        return ""


@pytest.fixture(autouse=True, scope="session")
def _undefined_variables_fail() -> None:
    from django.template import engines

    engines["django"].engine.string_if_invalid = _UndefinedVariable()
