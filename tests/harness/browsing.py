"""What a page must be for everybody, asked of a page open in chromium. Each check lists what is wrong."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

AXE = Path(__file__).parents[1] / "browser" / "vendor" / "axe-core" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "RGAAv4"]
# The spacings of WCAG 1.4.12.
SPACED_TEXT = (
    "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}"
    "p{margin-bottom:2em!important}"
)
SMALLEST_SCREEN = 320
SMALLEST_TARGET = 44  # CSS pixels
SMALLEST_TYPE = 18
THINNEST_OUTLINE = 3
CONTROLS = "a[href], button, input, select, textarea, summary, [tabindex='0']"


@dataclass(frozen=True)
class Screen:
    """How somebody looks at pages."""

    width: int = 1280
    scheme: str = "light"
    text_size: str = "md"

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}-{self.text_size}"


@dataclass
class Watch:
    """Listens to pages: a line in `breaches` for what none may do, whatever is tried on it."""

    breaches: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext, host: str) -> None:
        """Listen to every page of a context, which never leaves its host (and port)."""

        def note_request(request: Request) -> None:
            wanted = urlsplit(request.url)
            if wanted.scheme in {"http", "https", "ws", "wss"} and wanted.netloc != host:
                self.breaches.append(f"request to another host: {request.url}")

        context.on("request", note_request)
        context.on("console", self._note_console)
        context.on("weberror", lambda one: self.breaches.append(f"script error on {one.page.url}: {one.error}"))

    def _note_console(self, message: ConsoleMessage) -> None:
        page = message.page.url if message.page else ""
        # A page that answers 404 or 422, as it should, is an error to the console.
        is_answer = "the server responded with a status of 4" in message.text
        if message.type == "error" and not (is_answer and same_page(message.location["url"], page)):
            self.breaches.append(f"console of {page}: {message.text}")


def same_page(one: str, other: str) -> bool:
    """Whether two addresses differ by their anchor at most."""
    return urldefrag(one).url == urldefrag(other).url


def axe_findings(page: Page, source: str, tags: Iterable[str] = AXE_TAGS) -> list[tuple[str, str]]:
    """What axe finds: (rule, where and why).

    Style sheets and films are not loaded once more beforehand: of these rules, only the one on films that play by
    themselves asks for it, and no page has any.
    """
    page.evaluate(source)
    found = page.evaluate(
        """async tags => (await axe.run(document, {
          preload: false, runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'],
        })).violations.flatMap(rule => rule.nodes.map(
          node => [rule.id, node.target.join(' ') + ': ' + node.failureSummary]))""",
        list(tags),
    )
    return [(rule, where) for rule, where in found]


def overflows(page: Page) -> list[str]:
    """What makes a page as narrow as a small telephone's scroll sideways, even with text spaced out."""
    usual = page.viewport_size
    page.set_viewport_size({"width": SMALLEST_SCREEN, "height": 700})
    wide = page.evaluate(
        """({css, most}) => {
          const wide = () => document.documentElement.scrollWidth <= most ? []
            : ['the page scrolls sideways', ...[...document.querySelectorAll('body *')]
              .filter(e => e.getBoundingClientRect().right > most + 1 && !e.closest('.table-frame *'))
              .map(e => e.outerHTML.slice(0, 90))];
          const found = wide();
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(css);
          document.adoptedStyleSheets = [sheet];
          found.push(...wide().map(line => 'text spaced out: ' + line));
          document.adoptedStyleSheets = [];
          return found;
        }""",
        {"css": SPACED_TEXT, "most": SMALLEST_SCREEN},
    )
    page.set_viewport_size(usual)
    return wide


def small_targets(page: Page) -> list[str]:
    """Buttons, fields and links smaller than a finger; links inside a sentence may be."""
    return page.evaluate(
        """({smallest, controls}) => [...document.querySelectorAll(controls)]
        .filter(e => e.checkVisibility() && !e.closest('p, li:has(> a + *), .rich-text, .ds-skip-link')
                     || e.matches('.ds-button'))
        .filter(e => e.checkVisibility() && e.type !== 'hidden')
        .map(e => {
          const after = getComputedStyle(e, '::after');
          const card = after.position === 'absolute' ? e.offsetParent : null;
          const box = (card || e.labels?.[0]?.parentElement || e).getBoundingClientRect();
          return [e.outerHTML.slice(0, 90), box.width, box.height];
        })
        .filter(([, width, height]) => width < smallest || height < smallest)
        .map(([html, width, height]) => `${html} (${width} × ${height})`)""",
        {"smallest": SMALLEST_TARGET, "controls": CONTROLS},
    )


def small_type(page: Page) -> list[str]:
    """Visible text that is hard to read."""
    return page.evaluate(
        """smallest => [...document.querySelectorAll('body *')].filter(e => e.checkVisibility()
          && !e.closest('svg, .ds-sr-only, .ds-skip-link')
          && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())
          && parseFloat(getComputedStyle(e).fontSize) < smallest).map(e => e.outerHTML.slice(0, 90))""",
        SMALLEST_TYPE,
    )


def keyboard_findings(page: Page) -> list[str]:
    """What Tab misses: it starts at the skip link, reaches every control in its order, and shows where it is."""
    # Back to the top, wherever the page itself put the focus.
    page.evaluate(
        """() => {
          document.body.tabIndex = -1;
          document.body.focus();
          document.body.removeAttribute('tabindex');
          window.scrollTo(0, 0);
        }"""
    )
    expected = page.evaluate(
        """controls => {
          const radios = new Set();
          const stops = [...document.querySelectorAll(controls)]
            .filter(e => e.checkVisibility() && e.type !== 'hidden' && !e.disabled && e.tabIndex >= 0)
            .filter(e => e.type !== 'radio' || (!radios.has(e.name) && radios.add(e.name)));
          return stops.map(e => e.type === 'radio' ? 'radio ' + e.name : e.outerHTML.slice(0, 120));
        }""",
        CONTROLS,
    )
    visited, wrong = [], []
    for _ in expected:
        page.keyboard.press("Tab")
        step = page.evaluate(
            """() => {
              const e = document.activeElement, style = getComputedStyle(e);
              const around = e.matches('input[type=radio], input[type=checkbox]') && e.closest('.ds-field');
              const ring = around ? getComputedStyle(around) : style;
              const box = e.getBoundingClientRect();
              return {html: e.type === 'radio' ? 'radio ' + e.name : e.outerHTML.slice(0, 120),
                      skip: e.matches('.ds-skip-link'),
                      ring: Math.max(...[style, ring].map(s => s.outlineStyle === 'none' ? 0
                                                               : parseFloat(s.outlineWidth))),
                      seen: e.labels?.length || (box.bottom > 0 && box.top < innerHeight)};
            }"""
        )
        visited.append(step["html"])
        if len(visited) == 1 and not step["skip"]:
            wrong.append(f"the first stop is not the skip link: {step['html']}")
        # A date has several stops: the later ones, to its calendar, are drawn by the browser.
        if step["ring"] < THINNEST_OUTLINE and step["html"] not in visited[:-1]:
            wrong.append(f"nothing shows that it has the focus: {step['html']}")
        if not step["seen"]:
            wrong.append(f"has the focus out of sight: {step['html']}")
    in_order = list(dict.fromkeys(visited))
    missed = [html for html in expected[: len(in_order)] if html not in in_order]
    wrong += [f"never reached: {html}" for html in missed]
    if in_order != [html for html in dict.fromkeys(expected) if html in in_order]:
        wrong.append(f"out of order: {in_order}")
    return wrong
