"""Every page of a town and of the platform, in every state, suits everybody: each way of looking at them in turn.

The lists are in `harness/pages.py`, what they show in `harness/scene.py`. A page of a URLconf, a page type or a section
that is in no list fails here.
"""

import functools
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import BrowserContext, Page, Route
from wagtail.models import Page as WagtailPage
from wagtail.models import get_page_models

from harness import pages
from harness.addresses import addresses_of
from harness.browsing import Screen, axe_findings, overflows, same_page, small_targets, small_type
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.scene import Scene
from harness.seen import Seen
from tenants.context import PLATFORM, facing, town_context

pytestmark = pytest.mark.browser

# Not the full product: each page is seen in both colours of brand, wide and narrow, light and dark, in two looks;
# every second page in the two others.
LOOKS = [
    pytest.param(FIRST_TOWN, Screen(1280, "light", "md"), 0, id="green-1280-light"),
    pytest.param(SECOND_TOWN, Screen(390, "dark", "lg"), 0, id="yellow-390-dark-large"),
    pytest.param(SECOND_TOWN, Screen(1280, "light", "md"), 1, id="yellow-1280-light"),
    pytest.param(FIRST_TOWN, Screen(390, "dark", "md"), 1, id="green-390-dark"),
]
PLATFORM_SCREENS = [Screen(1280, "dark"), Screen(390, "light", "lg")]
NARROW = 400


class Viewer:
    """Opens pages one after the other, in one browser a role, and keeps what is wrong with each."""

    def __init__(self, open_role: Callable[[str], BrowserContext], axe: str, screen: Screen) -> None:
        self.open_role = functools.cache(lambda role: open_role(role).new_page())
        self.axe, self.screen = axe, screen
        self.wrong: dict[str, list[object]] = {}

    def look(self, seen: Seen, address: str) -> None:
        """See a page as its role does."""
        page = self.open_role(seen.role)
        answer = page.goto(address)
        found: list[object] = []
        if answer.status != seen.status or not same_page(page.url, address):
            found.append(f"answers {answer.status} at {page.url}")
        elif seen.press:
            self._press(page, seen)
        found += self.findings(page)
        if found:
            self.wrong[str(seen)] = found

    def findings(self, page: Page) -> list[object]:
        """What is wrong with the page as it stands."""
        found = [*axe_findings(page, self.axe), *small_type(page)]
        if page.locator("h1").count() != 1:
            found.append("has no title, or several")
        if self.screen.width < NARROW:
            found += [*small_targets(page), *overflows(page)]
        return found

    def assert_nothing_is_wrong(self) -> None:
        """Fail with all that was found, page by page."""
        assert not self.wrong, "\n".join(
            f"{page}\n    " + "\n    ".join(map(str, found)) for page, found in self.wrong.items()
        )

    @staticmethod
    def _press(page: Page, seen: Seen) -> None:
        for label, words in seen.typed.items():
            page.get_by_label(label).first.evaluate("e => { e.removeAttribute('maxlength') }")
            page.get_by_label(label).first.fill(words)
        page.get_by_role("button", name=seen.press, exact=True).click()
        page.locator("[data-count]" if seen.leads_on else ".ds-error-summary").first.wait_for()


@pytest.mark.parametrize(("host", "screen", "turn"), LOOKS)
def test_every_page_of_a_town(open_context, scenes, address, axe_source, host, screen, turn):
    scene: Scene = scenes[host]
    viewer = Viewer(lambda role: open_context(address(host), screen, session=scene.sessions[role]), axe_source, screen)
    every_page = [*(one for lines in pages.TOWN.values() for one in lines), *editors_pages(scene)]
    for seen in every_page[turn::2]:
        viewer.look(seen, address(host) + scene.in_town(seen.path))
    viewer.assert_nothing_is_wrong()


def editors_pages(scene: Scene) -> list[Seen]:
    """Every live page of editors; each type of page and each section is among them."""
    with town_context(scene.town):
        live = list(WagtailPage.objects.live().filter(depth__gt=1).specific())
        assert {type(page) for page in live} == set(get_page_models()) - {WagtailPage}
        return [Seen(urlsplit(page.full_url).path) for page in live]


@pytest.mark.parametrize("screen", PLATFORM_SCREENS, ids=str)
def test_every_page_of_the_platform(
    open_context, live_server_url, platform_sessions, platform_tokens, axe_source, screen
):
    viewer = Viewer(
        lambda role: open_context(live_server_url, screen, session=platform_sessions[role]), axe_source, screen
    )
    for seen in (one for lines in pages.PLATFORM.values() for one in lines):
        viewer.look(seen, live_server_url + seen.path.format_map(platform_tokens))
    viewer.assert_nothing_is_wrong()


def answer_with(html: str, route: Route) -> None:
    """Answer a request with a page of no address."""
    route.fulfill(body=html, content_type="text/html")


# Pages that stand when little else does: no address leads to them.
STANDALONE = {
    "500.html": {},
    "403.html": {},
    "403_csrf.html": {},
    "tenants/unknown_host.html": {},
    "suspended.html": {
        "name": "Pont-Sainte-Maxence",
        "telephone": "+33344720000",
        "telephone_display": "03\u00a044\u00a072\u00a000\u00a000",
        "opening_hours": "Du lundi au vendredi\n9\u00a0h à 12\u00a0h",
    },
}


@pytest.mark.parametrize("screen", PLATFORM_SCREENS, ids=str)
def test_pages_of_bad_days(open_context, live_server_url, axe_source, screen):
    context = open_context(live_server_url, screen)
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    for template, words in STANDALONE.items():
        with facing(PLATFORM):
            html = render_to_string(template, words, request=request)
        context.route(f"**/{template}", functools.partial(answer_with, html))
    viewer = Viewer(lambda _role: context, axe_source, screen)
    for template in STANDALONE:
        viewer.look(Seen(f"/{template}"), f"{live_server_url}/{template}")
    viewer.assert_nothing_is_wrong()


def test_every_address_is_in_a_list():
    found = {one.name for one in addresses_of("config.urls_town") if not one.path.startswith("/gestion/")}
    assert found == set(pages.TOWN)
    assert {one.name for one in addresses_of("config.urls_platform")} == set(pages.PLATFORM)
