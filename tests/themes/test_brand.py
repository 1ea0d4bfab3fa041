"""Who speaks on a page, and what its menus hold."""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from themes.brand import (
    PLATFORM_BRAND,
    Brand,
    brand_of,
    format_telephone,
    register_brand_provider,
    unregister_brand_provider,
)
from themes.context_processors import page
from themes.menus import (
    MenuItem,
    Slot,
    menu_of,
    register_menu_entry,
    register_menu_provider,
    unregister_menu_provider,
)

TOWN = Brand(name="Val-de-Lune", brand_colour="#FFC20E", telephone="+33199001234")


@pytest.fixture
def platform_request(rf: RequestFactory) -> HttpRequest:
    """A request to the platform's own domain, that no town answers."""
    return rf.get("/", HTTP_HOST="localhost")


@pytest.fixture
def a_town_on_one_host() -> Iterator[None]:
    """A provider that knows one host only."""

    def provide(request: HttpRequest) -> Brand | None:
        return TOWN if request.get_host() == "lune.localhost" else None

    register_brand_provider(provide)
    yield
    unregister_brand_provider(provide)


@pytest.mark.parametrize(
    ("number", "display"),
    [
        ("+33344720001", "03\u00a044\u00a072\u00a000\u00a001"),
        ("+32470123456", "+32470123456"),
        ("", ""),
    ],
)
def test_a_french_number_is_written_in_pairs(number: str, display: str) -> None:
    assert format_telephone(number) == display


@pytest.mark.usefixtures("a_town_on_one_host")
def test_each_host_has_its_own_brand_and_palier_speaks_elsewhere(rf: RequestFactory) -> None:
    town_request = rf.get("/", HTTP_HOST="lune.localhost")
    assert page(town_request)["brand"] == TOWN
    assert brand_of(rf.get("/", HTTP_HOST="localhost")) == PLATFORM_BRAND
    assert TOWN.telephone_display == "01\u00a099\u00a000\u00a012\u00a034"
    assert TOWN.initial == "V"


def test_a_menu_is_ordered_marks_this_page_and_leaves_out_doors_of_other_hosts(
    platform_request: HttpRequest,
) -> None:
    own_page = register_menu_entry(Slot.FOOTER, "Plan du site", "themes:robots", order=2)
    elsewhere = register_menu_entry(Slot.FOOTER, "Ailleurs", "no-such-place:home", order=1)

    def pages(request: HttpRequest) -> list[MenuItem]:
        return [MenuItem("Accueil", "/", order=0)]

    register_menu_provider(Slot.FOOTER, pages)
    try:
        items = menu_of(platform_request, Slot.FOOTER)
    finally:
        for provider in (own_page, elsewhere, pages):
            unregister_menu_provider(Slot.FOOTER, provider)
    shown = [(item.label, item.is_current) for item in items if item.label in {"Accueil", "Plan du site", "Ailleurs"}]
    assert shown == [("Accueil", True), ("Plan du site", False)]
