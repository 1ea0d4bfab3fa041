"""The platform's console, as its operators see it."""

import pytest

from accounts.services import invite_operator
from harness.letters import caught
from harness.second_step import digits, give_application
from tenants.context import platform_context

pytestmark = pytest.mark.browser


def test_an_operator_signs_in_and_sees_the_towns(live_server_url, visit, django_db_blocker) -> None:
    with django_db_blocker.unblock(), platform_context():
        secret = give_application(invite_operator(email="operatrice@palier.example"))
    page = visit(live_server_url + "/console/", width=390)
    with caught() as letters:
        page.get_by_label("Votre adresse e-mail").fill("operatrice@palier.example")
        page.get_by_role("button", name="Recevoir mon code").click()
        page.wait_for_url("**/connexion/code/**")
        page.get_by_label("Votre code à six chiffres").fill(letters.left[0].code)
        page.get_by_role("button", name="Me connecter").click()
        page.wait_for_url("**/securite/verification/**")
        page.get_by_label("Votre code à six chiffres").fill(digits(secret))
        page.get_by_role("button", name="Continuer").click()
        page.wait_for_url("**/console/")
    assert page.get_by_text("pont-sainte-maxence.localhost").first.is_visible()
    page.get_by_role("link", name="Se déconnecter").click()
    page.get_by_role("button", name="Me déconnecter").click()
    page.goto(live_server_url + "/console/")
    assert page.url.endswith("/connexion/?next=/console/")
