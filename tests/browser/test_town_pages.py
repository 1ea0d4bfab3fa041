"""A town's pages and its back-office, as people see them."""

import pytest
from playwright.sync_api import Page

from accounts.models import Account
from accounts.services import reset_second_step
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.letters import caught
from harness.second_step import digits, give_application
from harness.towns import entry_of
from tenants.context import town_context

pytestmark = pytest.mark.browser


def test_large_letters_without_javascript(visit, address):
    page = visit(address(FIRST_TOWN), javascript=False)
    page.get_by_role("link", name="Grand").click()
    assert page.locator("html").get_attribute("data-size") == "lg"
    page.get_by_role("link", name="Accessibilité").click()
    assert page.locator("html").get_attribute("data-size") == "lg"
    assert page.locator("h1").inner_text() == "Accessibilité"


@pytest.fixture
def administrator() -> str:
    """The e-mail address of somebody who administers the first town."""
    return "administration@pont-sainte-maxence.example"


def _application_of(email: str) -> str:
    """Another application of codes for an account; its secret."""
    with town_context(entry_of(FIRST_TOWN)):
        account = Account.objects.get(email=email)
        reset_second_step(account, by_account=None)
        return give_application(account)


def _sign_in(page: Page, email: str) -> None:
    secret = _application_of(email)
    with caught() as letters:
        page.get_by_label("Votre e-mail ou votre téléphone").fill(email)
        page.get_by_role("button", name="Recevoir mon code").click()
        page.wait_for_url("**/connexion/code/**")
        page.get_by_label("Votre code à six chiffres").fill(letters.left[0].code)
        page.get_by_role("button", name="Me connecter").click()
        page.wait_for_url("**/securite/verification/**")
        page.get_by_label("Votre code à six chiffres").fill(digits(secret))
        page.get_by_role("button", name="Continuer").click()
        page.wait_for_url("**/gestion/**")
        page.wait_for_load_state("networkidle")


def test_an_administrator_changes_the_telephone_and_every_page_follows(visit, address, administrator):
    page = visit(address(FIRST_TOWN) + "/gestion/")
    _sign_in(page, administrator)
    page.get_by_role("link", name="Nom, couleur, téléphone").click()
    field = page.get_by_label("Téléphone")
    field.fill("12")
    page.get_by_role("button", name="Sauvegarder").click()
    assert "Écrivez un numéro à dix chiffres" in page.locator("main").inner_text()
    assert field.input_value() == "12"
    field.fill("03.44.72.11.22")
    page.get_by_role("button", name="Sauvegarder").click()
    page.wait_for_load_state("networkidle")
    other = visit(address(FIRST_TOWN))
    assert other.locator('header a[href="tel:+33344721122"]').count() == 1
    assert visit(address(SECOND_TOWN)).locator('a[href="tel:+33344721122"]').count() == 0


def test_an_administrator_edits_the_home_page_and_sees_it_before_it_is_published(visit, address, administrator):
    page = visit(address(FIRST_TOWN) + "/gestion/")
    _sign_in(page, administrator)
    page.get_by_role("link", name="Écrire la page d’accueil").click()
    page.wait_for_load_state("networkidle")
    page.get_by_label("Grand titre").fill("Bonjour, voisins")
    page.locator('[data-side-panel-toggle="preview"]').click()
    frame = page.frame_locator("iframe[title]").first
    frame.locator("h1", has_text="Bonjour, voisins").wait_for(timeout=15_000)
    assert "Bonjour, voisins" not in visit(address(FIRST_TOWN)).locator("h1").inner_text()


def test_a_wrong_code_is_said_and_nothing_typed_is_lost(visit, address):
    page = visit(address(FIRST_TOWN) + "/connexion/", width=390, scheme="dark", text_size="lg", javascript=False)
    page.get_by_label("Votre e-mail ou votre téléphone").fill("06 39 98")
    page.get_by_role("button", name="Recevoir mon code").click()
    assert page.get_by_label("Votre e-mail ou votre téléphone").input_value() == "06 39 98"
    page.get_by_label("Votre e-mail ou votre téléphone").fill("personne@exemple.example")
    with caught() as letters:
        page.get_by_role("button", name="Recevoir mon code").click()
        page.wait_for_url("**/connexion/code/")
    assert letters.left == []
    page.get_by_label("Votre code à six chiffres").fill("123456")
    page.get_by_role("button", name="Me connecter").click()
    page.locator(".ds-error-summary").wait_for()


def test_an_administrator_of_a_town_is_nobody_next_door(visit, address, administrator):
    page = visit(address(SECOND_TOWN) + "/gestion/")
    page.get_by_label("Votre e-mail ou votre téléphone").fill(administrator)
    with caught() as letters:
        page.get_by_role("button", name="Recevoir mon code").click()
        page.wait_for_url("**/connexion/code/**")
    assert letters.left == []
