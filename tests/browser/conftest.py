"""Drives Debian's chromium over real pages: accessibility, reflow, targets, keyboard, policy, network.

`visit` opens a page as somebody would (screen, colours, text size, with or without JavaScript) and fails the
test when that page writes an error to the console, breaks the content security policy or asks anything of another host.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import Account
from accounts.services import invite_biller, invite_operator
from harness import books, console
from harness.browsing import (
    AXE,
    Screen,
    Watch,
    axe_findings,
    keyboard_findings,
    overflows,
    small_targets,
    small_type,
)
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.scene import Scene, play, session_of, sign_in
from harness.towns import entry_of
from tenants.context import platform_context

# Debian's, without a window where that package is there: it draws the same, a quarter sooner.
PROGRAMS = [Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium")]
# Chromium calls nobody by itself.
CHROMIUM_ARGUMENTS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SLOWEST = 15_000  # milliseconds
GREEN, YELLOW = "#0B6E4F", "#FFC20E"
# Playwright's event loop runs in this thread; Django would otherwise refuse its own ORM here.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

Visit = Callable[..., Page]
OpenContext = Callable[..., BrowserContext]
Check = Callable[[Page], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Look at every page first, which takes minutes: begun last, it would leave the other worker with nothing to do."""
    items.sort(key=lambda item: getattr(item, "originalname", "") != "test_every_page_of_a_town")


@pytest.fixture(scope="session")
def live_server_url(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Address of the platform's own site, served from a thread for the whole session.

    Not pytest-django's `live_server`: that one empties every table, towns included, after each test.
    """
    with django_db_blocker.unblock():
        server = LiveServer("localhost:0")
        yield server.url
        server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium, started once."""
    program = next((path for path in PROGRAMS if path.exists()), None)
    if program is None:
        pytest.fail("chromium is missing: apt-get install chromium-headless-shell fonts-dejavu-core")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(program), args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_context(browser: Browser) -> Iterator[OpenContext]:
    """A browser of somebody's own, of a size, with the cookies of a host: `open_context(url, screen, session="…")`.

    At the end of the test, fails on an error in the console, a breach of the content security policy (which is one),
    or a request to another host, on any of its pages.
    """
    contexts = []
    watch = Watch()

    def open_one(url: str, screen: Screen, *, session: str = "", javascript: bool = True) -> BrowserContext:
        context = browser.new_context(
            viewport={"width": screen.width, "height": 900},
            color_scheme=screen.scheme,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            java_script_enabled=javascript,
        )
        contexts.append(context)
        cookies = {"taille_du_texte": screen.text_size, settings.SESSION_COOKIE_NAME: session}
        ours = {"domain": urlsplit(url).hostname, "path": "/", "sameSite": "Lax"}
        context.add_cookies([{"name": name, "value": value} | ours for name, value in cookies.items() if value])
        context.set_default_timeout(SLOWEST)
        watch.follow(context, urlsplit(url).netloc)
        return context

    yield open_one
    for context in contexts:
        context.close()
    assert watch.breaches == []


@pytest.fixture
def visit(open_context: OpenContext) -> Visit:
    """Open a page: `visit(url, width=390, scheme="dark", text_size="lg", javascript=False)`; watched likewise."""

    def open_page(url: str, *, javascript: bool = True, session: str = "", **screen: object) -> Page:
        page = open_context(url, Screen(**screen), javascript=javascript, session=session).new_page()
        page.goto(url)
        return page

    return open_page


@pytest.fixture(scope="session")
def address(live_server_url: str) -> Callable[[str], str]:
    """The address of a town on the test's server: chromium takes `*.localhost` for this machine."""
    port = urlsplit(live_server_url).port
    return lambda host: f"http://{host}:{port}"


@pytest.fixture(scope="session")
def scenes(live_server_url: str) -> dict[str, Scene]:
    """Both towns with something in every state, a green one and a yellow one; written once, for the whole session."""
    return {
        host: play(entry_of(host), host, brand_colour=colour)
        for host, colour in ((FIRST_TOWN, GREEN), (SECOND_TOWN, YELLOW))
    }


@pytest.fixture(scope="session")
def platform_sessions(live_server_url: str) -> dict[str, str]:
    """Cookies of who signs in on the platform, of an operator, of who bills, and of an account that is nobody there."""
    host = urlsplit(live_server_url).netloc
    with platform_context():
        operator = invite_operator(email="operatrice.de.la.scene@palier.example")
        stranger = Account.objects.create_account(email="personne.de.la.scene@palier.example")
        billing = invite_biller(email="facturation.de.la.scene@palier.example")
        sessions = {
            role: session_of(sign_in(host, account))
            for role, account in (("operator", operator), ("billing", billing), ("stranger", stranger))
        }
    client = Client(headers={"host": host})
    client.post("/connexion/", {"login": operator.email})
    return {"anonymous": "", "signing_in": session_of(client)} | sessions


@pytest.fixture(scope="session")
def platform_tokens(live_server_url: str) -> dict[str, object]:
    """What the addresses of the console hold between braces."""
    with platform_context():
        return console.play(entry_of(FIRST_TOWN), entry_of(SECOND_TOWN)) | books.play(None)


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The script of axe."""
    return AXE.read_text()


@pytest.fixture(scope="session")
def assert_accessible(axe_source: str) -> Check:
    """Fail on any violation that axe finds (WCAG 2.2 AA, good practice, and the rules tied to RGAA 4)."""

    def check(page: Page) -> None:
        assert axe_findings(page, axe_source) == []

    return check


@pytest.fixture(scope="session")
def assert_reflows() -> Check:
    """Fail when a page as wide as a telephone of 320 px scrolls sideways, even with text spaced out."""

    def check(page: Page) -> None:
        assert overflows(page) == []

    return check


@pytest.fixture(scope="session")
def assert_large_targets() -> Check:
    """Fail on a button, field or link smaller than 44 px; links inside a sentence may be."""

    def check(page: Page) -> None:
        assert small_targets(page) == []

    return check


@pytest.fixture(scope="session")
def assert_readable_type() -> Check:
    """Fail on visible text under 18 px."""

    def check(page: Page) -> None:
        assert small_type(page) == []

    return check


@pytest.fixture(scope="session")
def assert_keyboard() -> Check:
    """Fail unless Tab starts at the skip link, reaches every control in order, and shows where it is."""

    def check(page: Page) -> None:
        assert keyboard_findings(page) == []

    return check
