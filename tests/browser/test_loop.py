"""The loop, as people play it in their browsers: by the site without JavaScript, then by telephone with a keyboard.

What time and the worker do, the test does: in a thread, since chromium's own loop runs in this one.
"""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from aid.help_requests.models import HelpRequest
from aid.people.models import Person
from aid.people.services import confirm_phone
from core.phones import normalise_phone
from harness.databases import FIRST_TOWN
from harness.desk import make_account
from harness.jobs import run_worker
from harness.loop import let_the_hour_pass, somebody, volunteer
from harness.requests import tomorrow
from harness.scene import session_of, sign_in
from harness.towns import entry_of
from tenants.context import town_context

pytestmark = pytest.mark.browser

FATOU, BRUNO, KARIM, SOLANGE = "06 39 98 30 01", "06 39 98 30 02", "06 39 98 30 05", "06 39 98 30 03"
ODILE, ODILE_SPOKEN = "+33639983004", "06\u00a039\u00a098\u00a030\u00a004"
# Somebody who types slowly, three keys a second, has entered a call in a minute.
MOST_KEYS = 180
COUNT_POINTERS = """
addEventListener('pointerdown', () => sessionStorage.pointers = 1 + Number(sessionStorage.pointers ?? 0), true);
"""


@pytest.fixture(scope="module")
def neighbours(live_server_url) -> dict[str, str]:
    """Three neighbours who help, somebody known to the town, and the session of an agent, in the first town."""
    with town_context(entry_of(FIRST_TOWN)):
        for name, phone in (("Fatou", FATOU), ("Bruno", BRUNO), ("Karim", KARIM)):
            volunteer(name, "+33" + phone.replace(" ", "")[1:])
        confirm_phone(somebody("Odile", ODILE, last_name="Lefèvre", address="3 rue du Moulin"))
        agent = make_account("agent.de.la.boucle@exemple.example", "Agents", first_name="Nadia", last_name="Benali")
        return {"agent": session_of(sign_in(FIRST_TOWN, agent))}


@pytest.fixture
def go(visit, address) -> Callable[..., Page]:
    """A page of the town, in a browser of its own; without JavaScript unless told."""
    return lambda path, javascript=False, **how: visit(address(FIRST_TOWN) + path, javascript=javascript, **how)


def work() -> None:
    """What the worker of the installation does meanwhile."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(run_worker, 3).result()


def last_letter(outbox: Page, number: str) -> Locator:
    """The last message that a number got: on the outbox of its reader, since others may have got many since."""
    with town_context(entry_of(FIRST_TOWN)):
        reader = Person.objects.get(phone=normalise_phone(number))
    outbox.goto(f"{outbox.url.partition('?')[0]}?personne={reader.pk}")
    return outbox.locator("article").first


def answer_path(letter: Locator) -> str:
    """The personal link of a letter."""
    return urlsplit(letter.locator("a[href*='/reponse/']").first.get_attribute("href")).path


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def choose(page: Page, words: str) -> None:
    """Press a card."""
    page.locator("label", has_text=words).first.click()


def test_solange_asks_fatou_comes_without_any_javascript(go, neighbours):
    solange, outbox = go("/", width=390, text_size="lg"), go("/boite-d-envoi/")
    solange.locator("main").get_by_role("link", name="Demander un coup de main").first.click()
    choose(solange, "Une visite")
    press(solange, "Continuer")
    choose(solange, "Demain")
    choose(solange, "À une heure précise")
    solange.get_by_label("L’heure précise").fill("14:30")
    solange.get_by_label("Votre adresse").fill("12 rue des Lilas")
    press(solange, "Continuer")
    press(solange, "Envoyer ma demande")
    expect(solange.locator(".ds-error-summary")).to_contain_text("Écrivez votre prénom")
    solange.get_by_label("Votre prénom").fill("Solange")
    solange.get_by_label("Votre téléphone").fill("06 39 98 30 03")
    press(solange, "Envoyer ma demande")
    expect(solange.locator("h1")).to_have_text("Votre code par SMS")

    work()
    solange.get_by_label("Votre code").fill(re.search(r"\b\d{6}\b", last_letter(outbox, SOLANGE).inner_text()).group())
    press(solange, "Valider")
    expect(solange.locator("h1")).to_have_text("Nous cherchons un voisin")

    work()
    links = {name: answer_path(last_letter(outbox, number)) for name, number in (("fatou", FATOU), ("bruno", BRUNO))}
    fatou, bruno = go(links["fatou"], width=390), go(links["bruno"], width=390)
    for page in (fatou, bruno):
        assert "Solange" not in page.content(), "whom it is for is said once they have said yes"
    press(fatou, "Oui, j’y vais")
    expect(fatou.locator("h1")).to_contain_text("Merci, vous y allez")
    expect(fatou.locator("main")).to_contain_text("12 rue des Lilas")
    press(bruno, "Oui, j’y vais")
    expect(bruno.locator("h1")).to_contain_text("Déjà pourvu, merci")
    assert "Solange" not in bruno.content()

    solange.reload()
    expect(solange.locator("h1")).to_have_text("Fatou vient vous aider")
    work()
    expect(last_letter(outbox, SOLANGE)).to_contain_text("Fatou")
    expect(last_letter(outbox, KARIM)).to_contain_text("pourvu")

    with town_context(entry_of(FIRST_TOWN)):
        let_the_hour_pass(HelpRequest.objects.get(person__first_name="Solange"))
    fatou.reload()
    choose(fatou, "1 h")
    press(fatou, "C’est fait")
    expect(fatou.locator("h1")).to_have_text("Merci\u00a0!")
    solange.reload()
    solange.get_by_label("Un petit mot").fill("Quelle belle après-midi !")
    press(solange, "Dire merci")
    expect(solange.locator("h1")).to_have_text("Merci à vous")
    fatou.reload()
    expect(fatou.locator("blockquote")).to_have_text("Quelle belle après-midi !")


def date_as_typed(page: Page) -> str:
    """How this chromium takes a date, by its own language: the day first, or the month."""
    probe = page.context.new_page()
    probe.set_content("<input type=date autofocus>")
    probe.locator("input").focus()
    probe.keyboard.type("02031999")
    is_day_first = probe.locator("input").input_value() == "1999-03-02"
    probe.close()
    page.bring_to_front()
    return "%d%m%Y" if is_day_first else "%m%d%Y"


class Keyboard:
    """Fingers on the keys, and none on the mouse."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, 0

    def press(self, *keys: str) -> None:
        """One key after the other."""
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1

    def write(self, words: str) -> None:
        """Type."""
        self.page.keyboard.type(words)
        self.keys += len(words)

    def tab_to(self, selector: str) -> None:
        """Tab on, until there."""
        for _ in range(30):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            self.press("Tab")
        pytest.fail(f"Tab never comes to {selector}")


def test_an_agent_enters_a_call_with_the_keyboard_alone(go, neighbours):
    page = go("/bureau/", javascript=True, session=neighbours["agent"])
    page.add_init_script(COUNT_POINTERS)
    page.reload()
    keyboard = Keyboard(page)
    keyboard.tab_to("a[href='/bureau/demande/nouvelle/']")
    keyboard.press("Enter")
    expect(page.locator("input[type=search]")).to_be_focused()
    keyboard.write("odil lefevr")
    expect(page.locator("#trouvees a").first).to_contain_text("Odile Lefèvre")
    keyboard.press("ArrowDown", "Enter")
    expect(page.locator(".desk-chosen")).to_contain_text(ODILE_SPOKEN)
    # The screen goes on where she does: at the first thing to ask.
    expect(page.locator("[name=kind]").first).to_be_focused()
    keyboard.press("Space")
    keyboard.tab_to("[name=day]")
    keyboard.write(tomorrow().strftime(date_as_typed(page)))
    keyboard.tab_to("[name=hour]")
    keyboard.write("1030")
    keyboard.tab_to("[name=details]")
    keyboard.write("Sonner deux fois.")
    keyboard.tab_to("[name=consent]")
    keyboard.press("Space")
    keyboard.tab_to("form[data-entry] button[type=submit]")
    keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("pour Odile Lefèvre")
    expect(page.locator("main")).to_contain_text("3 rue du Moulin")
    expect(page.locator("main")).to_contain_text("saisi par Nadia Benali pour Odile Lefèvre")
    assert page.evaluate("() => sessionStorage.pointers ?? null") is None
    assert keyboard.keys < MOST_KEYS


def test_an_agent_enters_a_call_without_javascript(go, neighbours):
    page = go("/bureau/demande/nouvelle/", session=neighbours["agent"])
    page.get_by_role("searchbox").fill("06 39 98 30 04")
    press(page, "Chercher")
    page.get_by_role("link", name="C’est elle").click()
    expect(page.locator(".desk-chosen")).to_contain_text("Odile Lefèvre")
    press(page, "Enregistrer la demande")
    expect(page.locator(".ds-error-summary")).to_contain_text("accord")
    choose(page, "Les courses")
    page.locator("[name=day]").fill(tomorrow().isoformat())
    choose(page, "de vive voix")
    press(page, "Enregistrer la demande")
    expect(page.locator("h1")).to_have_text("Les courses pour Odile Lefèvre")
    expect(page.locator("main")).to_contain_text("en recherche")


def test_somebody_new_is_written_down_as_she_calls(go, neighbours):
    """What was searched in vain is not typed again."""
    page = go("/bureau/demande/nouvelle/", javascript=True, session=neighbours["agent"])
    keyboard = Keyboard(page)
    keyboard.write("Huguette Vasseur")
    expect(page.locator("[name=last_name]")).to_have_value("Vasseur")
    expect(page.locator("[name=first_name]")).to_have_value("Huguette")
