"""Applying without JavaScript, and without a mouse."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from aid.onboarding.models import Volunteer
from harness.databases import FIRST_TOWN
from harness.requests import code_sent_to
from harness.towns import entry_of
from tenants.context import town_context

pytestmark = pytest.mark.browser
APPLY, CONTACT, NUMBER = "/devenir-benevole/candidature/", "06 39 98 31 01", "+33639983101"
MOST_STOPS = 80


def in_town(work):
    """Chromium's loop runs in this thread: the database is asked from another."""

    def entered():
        try:
            with town_context(entry_of(FIRST_TOWN)):
                return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(entered).result()


def tab_to(page: Page, control: str) -> None:
    """Press Tab until it has the focus, as somebody without a mouse does."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("css => document.activeElement.matches(css)", control):
            return
    pytest.fail(f"Tab never reaches {control}")


def test_ines_applies_by_keyboard_alone(visit, address):
    page = visit(address(FIRST_TOWN) + f"{APPLY}?par=evenement", width=390, javascript=False)
    for field, words in (("first_name", "Inès"), ("last_name", "Roy"), ("contact", CONTACT)):
        tab_to(page, f"[name={field}]")
        page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Étape 2 sur 3")).to_be_visible()
    tab_to(page, "[name=kinds]")
    page.keyboard.press("Space")
    tab_to(page, "summary")
    page.keyboard.press("Enter")
    tab_to(page, '[value="6-morning"]')
    page.keyboard.press("Space")
    tab_to(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Étape 3 sur 3")).to_be_visible()
    tab_to(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre code")
    tab_to(page, "[name=code]")
    page.keyboard.type(in_town(lambda: code_sent_to(NUMBER)))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Merci")
    volunteer = in_town(lambda: Volunteer.objects.select_related("offer").get(person__phone=NUMBER))
    assert (volunteer.source, volunteer.offer.slots) == ("event", ["6-morning"])
