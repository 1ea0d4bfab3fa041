"""Screenshots, not committed."""

import pytest

from harness import pages
from harness.browsing import Screen, axe_findings, overflows, small_targets, small_type
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.rooms import partners, worries

pytestmark = pytest.mark.browser
MINE = [(n, s) for room in (partners, worries) for n, lines in room.PAGES.items() for s in lines]
ALSO = [
    ("home", pages.Seen("/mon-espace/", "volunteer")),
    ("known", pages.Seen("/mon-espace/mes-informations/", "resident")),
    ("board", pages.Seen("/bureau/", "administrator")),
    ("person", pages.Seen("/bureau/personne/{person_jeanne}/", "agent")),
    ("personknown", pages.Seen("/bureau/personne/{person_jeanne}/informations/", "agent")),
    ("mission", pages.Seen("/reponse/{answer_accepted}/")),
    ("followups", pages.Seen("/bureau/suites/", "agent")),
]


@pytest.mark.parametrize(
    ("host", "screen"),
    [
        (FIRST_TOWN, Screen(1280, "light", "md")),
        (SECOND_TOWN, Screen(390, "light", "md")),
        (SECOND_TOWN, Screen(390, "dark", "lg")),
        (FIRST_TOWN, Screen(320, "light", "md")),
    ],
)
def test_shots(open_context, scenes, address, axe_source, host, screen):
    scene = scenes[host]
    wrong = {}
    seen_pages = {}

    def role(r):
        if r not in seen_pages:
            seen_pages[r] = open_context(address(host), screen, session=scene.sessions[r]).new_page()
        return seen_pages[r]

    def look(page, name):
        found = [*axe_findings(page, axe_source), *small_type(page)]
        if page.locator("h1").count() != 1:
            found.append("h1")
        if screen.width < 400:
            found += [*small_targets(page), *overflows(page)]
        if found:
            wrong[name] = found
        if screen.text_size == "md":
            page.screenshot(path=f"/tmp/shots/partners/{screen.width}-{name}.png", full_page=True)

    for i, (n, s) in enumerate(MINE + ALSO):
        page = role(s.role)
        a = page.goto(address(host) + scene.in_town(s.path))
        name = f"{n.replace(':', '_')}-{i}"
        if a.status != s.status:
            wrong[name] = [f"status {a.status} {page.url}"]
            continue
        if s.press:
            for label, words in s.typed.items():
                page.get_by_label(label).first.fill(words)
            page.get_by_role("button", name=s.press, exact=True).click()
            page.locator(".ds-error-summary").first.wait_for()
        look(page, name)
    page = role("partner")
    page.goto(address(host) + "/partenaires/signaler/")
    page.get_by_label("Oui, un proche me l’a confirmé").check()
    look(page, "step1-relative")
    page.get_by_label("Oui, elle me l’a dit").check()
    page.get_by_label("Dans la semaine").check()
    page.get_by_role("button", name="Continuer", exact=True).click()
    page.get_by_text("Étape 2 sur 3").wait_for()
    look(page, "step2")
    page.get_by_role("button", name="Continuer", exact=True).click()
    page.locator(".ds-error-summary").wait_for()
    look(page, "step2-errors")
    page.get_by_label("Son prénom").fill("Raymonde")
    page.get_by_label("Son téléphone").fill("01 99 00 12 12")
    page.get_by_role("button", name="Continuer", exact=True).click()
    page.get_by_text("Étape 3 sur 3").wait_for()
    look(page, "step3")
    page.get_by_role("button", name="Envoyer", exact=True).click()
    page.locator(".ds-error-summary").wait_for()
    look(page, "step3-errors")
    print("\n".join(f"{k}: {v}" for k, v in wrong.items()))
    assert not wrong
