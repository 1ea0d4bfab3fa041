"""A referent is found on the map by keyboard alone; without a script, the list says everything."""

import gzip
from pathlib import Path

import pytest
from django.conf import settings

from aid.directory.models import Referent
from harness.databases import FIRST_TOWN, SECOND_TOWN
from tenants.context import town_context

pytestmark = pytest.mark.browser
MOST_BYTES = 60_000
OPENED = ".leaflet-popup"


def test_a_referent_is_found_on_the_map_by_keyboard_alone(visit, address, scenes):
    page = visit(f"{address(FIRST_TOWN)}/referents/")
    names = []
    # From the top of the page, with Tab alone, as far as the map and through it.
    for _ in range(80):
        page.keyboard.press("Tab")
        label = page.evaluate("document.activeElement.getAttribute('aria-label') || ''")
        if page.evaluate("document.activeElement.classList.contains('map-marker')"):
            names.append(label)
        if label.startswith("Camille"):
            break
    assert names == [
        "Le Nord, 2 personnes\u00a0: Alice M., référente\u00a0; Nadia M., référente",
        "Camille, de la mairie, référente, Le Sud",
    ]
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Camille, de la mairie, référente"
    assert page.locator(OPENED).get_attribute("aria-label") == "Le Sud"
    page.keyboard.press("Escape")
    assert page.locator(OPENED).count() == 0
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Camille")
    # Opened again by the other key; closed by its button; focus is back.
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Fermer"
    page.keyboard.press("Enter")
    assert page.locator(OPENED).count() == 0
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Camille")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_url("**/referents/*-*/")
    assert page.locator("h1").text_content() == "Camille, de la mairie"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_of_it_is_inaccessible(visit, address, scenes, assert_accessible, scheme):
    page = visit(f"{address(FIRST_TOWN)}/referents/", scheme=scheme)
    assert_accessible(page)
    page.locator(".map-marker").first.focus()
    page.keyboard.press("Enter")
    assert_accessible(page)


def test_it_is_left_by_tab_and_its_buttons_are_large(visit, address, scenes):
    page = visit(f"{address(FIRST_TOWN)}/referents/", width=390)
    for name in ("Agrandir la carte", "Réduire la carte"):
        box = page.get_by_role("button", name=name).bounding_box()
        assert min(box["width"], box["height"]) >= 44
    page.get_by_role("button", name="Réduire la carte").focus()
    page.keyboard.press("Tab")
    assert not page.evaluate("document.querySelector('.map').contains(document.activeElement)"), "no trap"


def test_zoomed_out_what_stands_close_is_one_marker(visit, address, scenes):
    page = visit(f"{address(FIRST_TOWN)}/referents/")
    assert page.locator(".map-marker").count() == 2
    for _ in range(6):
        page.get_by_role("button", name="Réduire la carte").click()
        page.wait_for_timeout(300)
    assert page.locator(".map-marker").count() == 1
    assert page.locator(".map-marker").text_content() == "3"


def test_without_a_script_there_is_a_list_and_no_empty_box(visit, address, scenes):
    page = visit(f"{address(FIRST_TOWN)}/referents/", javascript=False)
    assert not page.locator(".map").is_visible()
    assert page.locator("#referents > li").count() == 3


def test_words_of_a_referent_are_words_on_the_map(visit, address, scenes):
    attack = "<img src=x onerror=document.title='pris'>"
    scene = scenes[SECOND_TOWN]
    with town_context(scene.town):
        referent = Referent.objects.get(uid=scene.tokens["referent_alice"])
        before = referent.name
        Referent.objects.filter(pk=referent.pk).update(name=attack)
    try:
        page = visit(f"{address(SECOND_TOWN)}/referents/")
        page.locator(".map-marker").first.click()
        assert attack in page.locator(OPENED).text_content()
        assert page.locator(f"{OPENED} img").count() == 0
        assert page.title() != "pris"
    finally:
        with town_context(scene.town):
            Referent.objects.filter(pk=referent.pk).update(name=before)


def test_what_a_map_loads_is_light():
    files = ("vendor/leaflet/leaflet.js", "vendor/leaflet/leaflet.css", "themes/map.js", "themes/map.css")
    static = Path(settings.ROOT) / "themes" / "static"
    assert sum(len(gzip.compress((static / name).read_bytes())) for name in files) <= MOST_BYTES


def test_the_map_of_neighbours_tells_counts_and_leads_to_a_list(visit, address, scenes):
    scene = scenes[FIRST_TOWN]
    page = visit(address(FIRST_TOWN) + scene.in_town("/pres-de-chez-moi/?aide={nearby_kind}"))
    markers = page.locator(".map-marker")
    markers.first.wait_for()
    names = sorted(marker.get_attribute("aria-label") for marker in markers.all())
    assert names == ["Au moins 3 voisins, Le Canal", "Quelques-uns, La Gare"]
    page.locator(".map-marker[aria-label='Quelques-uns, La Gare']").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_url(scene.in_town("**/?aide={nearby_kind}&lieu={nearby_place}"))
    assert page.locator("#voisins h3").first.text_content() == "Rose M."
