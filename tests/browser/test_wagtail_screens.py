"""Wagtail's own screens, as an administrator sees them: held to the WCAG rules of axe, less what is known."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Account
from cms.pages.models import HomePage
from harness.addresses import addresses_of
from harness.browsing import axe_findings
from harness.databases import FIRST_TOWN
from harness.scene import session_of, sign_in
from harness.towns import entry_of
from tenants.context import town_context

pytestmark = pytest.mark.browser

WCAG_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
BACK_OFFICE = "/gestion/"
# What ends the session, what asks for one, and the page that fails on purpose.
NOT_SCREENS = ("log", "password", "error_test", "failwhale")


def _known() -> set[tuple[str, str]]:
    spec = spec_from_file_location("wagtail_known", Path(__file__).with_name("wagtail_known.py"))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.KNOWN


@pytest.fixture(scope="module")
def administrator(live_server_url) -> Client:
    """The first town's."""
    with town_context(entry_of(FIRST_TOWN)):
        return sign_in(FIRST_TOWN, Account.objects.get(email="administration@pont-sainte-maxence.example"))


def screens(client: Client) -> list[str]:
    """The screens that a link of the back-office leads to: those without arguments, and the edition of a page."""
    paths = [
        address.path
        for address in addresses_of("config.urls_town")
        if address.path.startswith(BACK_OFFICE) and not any(word in address.name for word in NOT_SCREENS)
    ]
    with town_context(entry_of(FIRST_TOWN)):
        home = HomePage.objects.get()
    paths += [
        reverse("wagtailadmin_pages:edit", args=(home.pk,)),
        reverse("wagtailadmin_explore", args=(home.pk,)),
        reverse("wagtailadmin_pages:add_subpage", args=(home.pk,)),
        reverse("wagtailadmin_pages:history", args=(home.pk,)),
        reverse("wagtailsettings:edit", args=("configuration", "identity", 1)),
        reverse("wagtailsettings:edit", args=("configuration", "rules", 1)),
    ]
    return [path for path in dict.fromkeys(paths) if _is_a_screen(client, path)]


def _is_a_screen(client: Client, path: str) -> bool:
    answer = client.get(path)
    return (
        answer.status_code == 200
        and answer.headers.get("Content-Type", "").startswith("text/html")
        and b"<html" in answer.content[:2000]
    )


def test_wagtail_is_held_to_wcag_less_what_is_known(browser, live_server_url, administrator, address, axe_source):
    known, used, unknown = _known(), set(), {}
    paths = screens(administrator)
    assert len(paths) > 20
    # Its own scripts write to the console: nothing here watches it.
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(administrator)}
    context.add_cookies([cookie | {"domain": FIRST_TOWN, "path": "/"}])
    page = context.new_page()
    for path in paths:
        page.goto(address(FIRST_TOWN) + path)
        for rule, where in axe_findings(page, axe_source, WCAG_TAGS):
            match = next((one for one in known if one[0] == rule and one[1] in where), None)
            if match:
                used.add(match)
            else:
                unknown.setdefault((rule, where), path)
    context.close()
    assert unknown == {}
    assert known - used == set(), "known findings that are gone: take them off the list"
