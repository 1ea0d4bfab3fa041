"""« C’est peut-être elle »: Enter never chooses somebody in the agent's place, a button does."""

import pytest
from playwright.sync_api import expect

from harness.browsing import Screen
from harness.databases import FIRST_TOWN
from harness.pages import RESEMBLES_JEANNE

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("path", "button"),
    [("/bureau/benevole/nouveau/", "Admettre"), ("/bureau/demande/nouvelle/", "Enregistrer la demande")],
)
def test_enter_chooses_nobody_and_the_button_keeps_what_was_typed(open_context, scenes, address, path, button):
    scene = scenes[FIRST_TOWN]
    page = open_context(address(FIRST_TOWN), Screen(), session=scene.sessions["agent"]).new_page()
    page.goto(address(FIRST_TOWN) + path)
    for label, words in RESEMBLES_JEANNE.items():
        page.get_by_label(label).first.fill(words)
    page.get_by_role("button", name=button, exact=True).click()
    page.locator(".ds-error-summary").wait_for()
    page.locator(".ds-error-summary").get_by_role("link", name="C’est peut-être elle").click()
    expect(page.get_by_role("button", name="C’est elle : Jeanne Dubois")).to_be_focused()
    page.get_by_label("Nom (facultatif)").press("Enter")
    page.wait_for_load_state()
    expect(page.get_by_role("heading", name="C’est peut-être elle")).to_be_visible()
    page.get_by_label("Adresse (facultatif)").fill("7 rue des Lilas")
    page.get_by_role("button", name="C’est elle : Jeanne Dubois").click()
    expect(page.get_by_text("Choisir quelqu’un d’autre")).to_be_visible()
    if "demande" in path:
        expect(page.get_by_label("Adresse (facultatif)")).to_have_value("7 rue des Lilas")
