"""A passkey made and used in a real browser, whose authenticator chromium plays; and the pages without script."""

import uuid

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from accounts.models import Account
from accounts.roles import AGENTS
from harness.browsing import Screen
from harness.databases import FIRST_TOWN
from harness.scene import session_of, sign_in
from harness.second_step import forget_it
from harness.towns import entry_of
from tenants.context import town_context

pytestmark = pytest.mark.browser
# What a telephone does by itself once its owner touched it.
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def half_signed_in(scenes):
    """The cookie of an agent who only wrote the code of an e-mail, as often as one is asked for."""
    with town_context(entry_of(FIRST_TOWN)):
        account = Account.objects.create_account(email=f"{uuid.uuid4()}@exemple.example", first_name="Sam")
        account.groups.add(Group.objects.get(name=AGENTS))

    def cookie() -> str:
        with town_context(entry_of(FIRST_TOWN)):
            client = sign_in(FIRST_TOWN, account)
            forget_it(client)
        return session_of(client)

    return cookie


def open_page(open_context, address, cookie: str):
    context = open_context(address(FIRST_TOWN), Screen(width=390), session=cookie)
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    number = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]
    return page, devtools, number


def test_a_passkey_is_made_then_opens_the_desk(open_context, address, half_signed_in):
    page, devtools, number = open_page(open_context, address, half_signed_in())
    page.goto(f"{address(FIRST_TOWN)}/bureau/")
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    page.get_by_label("Comment l’appeler").fill("Mon téléphone")
    page.get_by_role("button", name="Faire ma clé d’accès").click()
    expect(page.get_by_role("heading", name="Vos codes de secours")).to_be_visible()
    page.get_by_role("button", name="C’est noté, continuer").click()
    expect(page).to_have_url(f"{address(FIRST_TOWN)}/bureau/")
    kept = devtools.send("WebAuthn.getCredentials", {"authenticatorId": number})["credentials"]

    # Another day, the same telephone.
    page, devtools, number = open_page(open_context, address, half_signed_in())
    for credential in kept:
        devtools.send("WebAuthn.addCredential", {"authenticatorId": number, "credential": credential})
    page.goto(f"{address(FIRST_TOWN)}/bureau/personnes/")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page).to_have_url(f"{address(FIRST_TOWN)}/bureau/personnes/")
    page.goto(f"{address(FIRST_TOWN)}/securite/")
    expect(page.get_by_text("Clé d’accès «\u00a0Mon téléphone\u00a0»")).to_be_visible()

    # Another telephone holds none of them.
    page, devtools, number = open_page(open_context, address, half_signed_in())
    page.goto(f"{address(FIRST_TOWN)}/bureau/")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.get_by_text("La clé d’accès n’a pas répondu")).to_be_visible()
    expect(page.get_by_label("Votre code à six chiffres")).to_be_visible()


def test_without_script_an_application_is_taken(visit, address, half_signed_in):
    page = visit(f"{address(FIRST_TOWN)}/securite/cle/", session=half_signed_in(), javascript=False)
    assert "ne sait pas faire de clé d’accès" in page.inner_text("main")
    assert not page.get_by_role("button", name="Faire ma clé d’accès").is_visible()
    page.get_by_role("link", name="Prendre une application de codes").click()
    assert page.get_by_label("Votre code à six chiffres").is_visible()
