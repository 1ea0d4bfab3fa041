"""The pages that people come for, by keyboard alone, enlarged twice, and in the colours that a system forces."""

import pytest
from playwright.sync_api import Page

from harness.browsing import Screen
from harness.databases import FIRST_TOWN

pytestmark = pytest.mark.browser

PAGES = [
    ("/", "anonymous"),
    ("/demander/", "anonymous"),
    ("/demander/quand/", "asking_when"),
    ("/demander/vous/", "asking_you"),
    ("/demander/code/", "asked"),
    ("/suivi/{follow_agreed}/", "anonymous"),
    ("/reponse/{answer_to_answer}/", "anonymous"),
    ("/reponse/{answer_to_close}/", "anonymous"),
    ("/referents/", "anonymous"),
    ("/devenir-benevole/candidature/", "anonymous"),
    ("/devenir-benevole/candidature/aides/", "applying_words"),
    ("/mon-espace/", "resident"),
    ("/mon-espace/benevole/", "candidate"),
    ("/mon-espace/benevole/ce-que-je-propose/", "volunteer"),
    ("/bureau/", "agent"),
    ("/bureau/demande/nouvelle/", "agent"),
]
each_page = pytest.mark.parametrize(("path", "role"), PAGES, ids=[path for path, _ in PAGES])
FONT_SIZE = "e => parseFloat(getComputedStyle(e).fontSize)"
THINNEST_BORDER = 1  # CSS pixels


@pytest.fixture
def open_page(open_context, scenes, address):
    """One of the pages, as its role."""

    def opened(path: str, role: str, width: int = 1280) -> Page:
        scene, host = scenes[FIRST_TOWN], address(FIRST_TOWN)
        page = open_context(host, Screen(width), session=scene.sessions[role]).new_page()
        page.goto(host + scene.in_town(path))
        return page

    return opened


@each_page
def test_the_keyboard_alone_goes_everywhere(open_page, assert_keyboard, path, role):
    assert_keyboard(open_page(path, role))


@each_page
def test_text_twice_as_large_is_not_cut(open_page, path, role):
    page = open_page(path, role)
    usual = page.locator("main").evaluate(FONT_SIZE)
    chromium = page.context.new_cdp_session(page)
    # Chosen in the browser's own settings, for all sites.
    chromium.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    page.reload()
    assert page.locator("main").evaluate(FONT_SIZE) == 2 * usual
    assert cut(page) == []
    # By Ctrl and +: there is half as much room.
    chromium.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    page.set_viewport_size({"width": 640, "height": 450})
    assert cut(page) == []


def cut(page: Page) -> list[str]:
    """What does not fit in a page, or in its box; not names at the edge of a map, which shows a part of a country."""
    return page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(e => e.checkVisibility()
          && !e.closest('svg, .ds-sr-only, .ds-skip-link, .table-frame, .map-dot, select')
          && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
        .filter(e => e.getBoundingClientRect().right > innerWidth + 1
          || (getComputedStyle(e).overflow !== 'visible' && e.scrollWidth > e.clientWidth + 1))
        .map(e => e.outerHTML.slice(0, 120))
        .concat(document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [])"""
    )


@each_page
def test_forced_colours_leave_an_edge_to_what_can_be_pressed(open_page, path, role):
    page = open_page(path, role, width=390)
    page.emulate_media(forced_colors="active")
    assert page.locator("h1").is_visible()
    edgeless = page.evaluate(
        """thinnest => [...document.querySelectorAll('.ds-button, .ds-input, .choice')]
        .filter(e => e.checkVisibility() && !(e.dataset.variant === 'tertiary'))
        .filter(e => parseFloat(getComputedStyle(e).borderTopWidth) < thinnest).map(e => e.outerHTML.slice(0, 120))""",
        THINNEST_BORDER,
    )
    assert edgeless == []
