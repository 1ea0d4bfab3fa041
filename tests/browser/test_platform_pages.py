"""The platform's own page, as seniors, small screens, keyboards and screen readers meet it."""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest

from themes.brand import Brand, Link, register_brand_provider, unregister_brand_provider

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

SCREENS = [
    {"width": width, "text_size": text_size, "scheme": scheme}
    for width, text_size in [(1280, "md"), (390, "lg")]
    for scheme in ["light", "dark"]
]


@pytest.mark.parametrize("path", ["/", "/composants/"])
def test_a_keyboard_reaches_everything(live_server_url, visit, assert_keyboard, path) -> None:
    assert_keyboard(visit(live_server_url + path))


def test_large_type_is_chosen_without_javascript_and_stays(live_server_url, visit) -> None:
    page = visit(live_server_url + "/", javascript=False)
    before = page.locator("main p").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    page.get_by_role("link", name="Grand", exact=True).click()
    assert page.url == live_server_url + "/"
    page.reload()
    body = page.locator("body").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert before < 24 <= body
    assert page.locator("html").get_attribute("data-size") == "lg"


def test_a_refused_form_takes_the_reader_to_its_errors(live_server_url, visit) -> None:
    page = visit(live_server_url + "/composants/?erreurs=1")
    assert page.locator(".ds-error-summary").evaluate("e => e === document.activeElement")
    page.locator(".error-summary__link").nth(1).click()
    assert page.locator("#id_name").evaluate("e => e === document.activeElement")


def test_a_first_visit_weighs_little(live_server_url, visit) -> None:
    page = visit(live_server_url + "/")
    page.wait_for_load_state("networkidle")
    downloads = page.evaluate("() => performance.getEntriesByType('resource').length")
    assert 1 + downloads <= 15


@pytest.fixture
def a_yellow_town() -> Iterator[None]:
    """The same pages, spoken by a town with everything that a brand may hold."""

    def provide(_request: HttpRequest) -> Brand:
        return Brand(
            name="Saint-Hilaire-sous-Charlieu",
            tagline="L’entraide entre voisins, par le centre intercommunal d’action sociale",
            brand_colour="#FFC20E",
            telephone="+33199001234",
            opening_hours="Du lundi au vendredi\n9\u00a0h à 12\u00a0h",
            email="entraide-entre-voisins@saint-hilaire.example",
            address="Place de la Mairie\n42190 Saint-Hilaire",
            accessibility_url="/accessibilite/",
            legal_links=(Link("Mentions légales", "/mentions/"), Link("Données personnelles", "/donnees/")),
        )

    register_brand_provider(provide)
    yield
    unregister_brand_provider(provide)


@pytest.mark.usefixtures("a_yellow_town")
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: "-".join(map(str, screen.values())))
def test_a_full_header_and_footer_pass_too(live_server_url, visit, assert_accessible, assert_reflows, screen) -> None:
    page = visit(live_server_url + "/composants/?erreurs=1", **screen)
    telephone = page.locator("header a[href='tel:+33199001234']").inner_text()
    assert telephone.endswith("01\u00a099\u00a000\u00a012\u00a034")
    assert page.get_by_text("Accessibilité\u00a0: non conforme").is_visible()
    assert_accessible(page)
    assert_reflows(page)
