"""Codes of the sign-in used again, looked at, carried elsewhere, and asked for without end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Account, Limit
from harness.databases import FIRST_TOWN

EMAIL = "jeanne@exemple.example"
CODE = "/connexion/code/"


@pytest.fixture
def jeanne(town) -> Account:
    return Account.objects.create_account(email=EMAIL)


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_a_code_that_was_used_opens_nothing_again(jeanne, visit, ask, letters):
    client = visit(FIRST_TOWN)
    ask(client, login=EMAIL)
    code = letters.left[0].code
    ask(client, CODE, code=code)
    assert is_signed_in(client)
    ask(client, "/deconnexion/")
    assert ask(client, CODE, code=code)["Location"] == "/connexion/"
    assert not is_signed_in(client)


def test_a_code_that_was_forwarded_opens_nothing_in_another_browser(jeanne, visit, ask, letters):
    client, thief = visit(FIRST_TOWN), visit(FIRST_TOWN)
    ask(client, login=EMAIL)
    assert ask(thief, CODE, code=letters.left[0].code)["Location"] == "/connexion/"
    # Nor where that browser asked for one of its own.
    ask(thief, login=EMAIL)
    if letters.left[0].code != letters.left[1].code:
        ask(thief, CODE, code=letters.left[0].code)
    assert not is_signed_in(thief)
    ask(client, CODE, code=letters.left[0].code)
    assert is_signed_in(client)


def test_pages_that_are_fetched_ahead_use_nothing_up_and_send_nothing(jeanne, visit, ask, letters):
    client = visit(FIRST_TOWN)
    ask(client, login=EMAIL)
    code = letters.left[0].code
    for _ in range(8):
        client.get(CODE, {"code": code, "action": "verify"})
        client.head(CODE)
        client.get("/connexion/", {"login": EMAIL})
    assert not is_signed_in(client)
    assert len(letters.left) == 1
    ask(client, CODE, code=code)
    assert is_signed_in(client)


def test_twenty_codes_a_day_so_a_hundred_tries_whatever_the_browsers(jeanne, visit, ask, letters):
    for _ in range(20):
        assert ask(visit(FIRST_TOWN), login=EMAIL).status_code == 302
        # A quarter of an hour passes.
        Limit.objects.filter(kind="sign_in").update(ends_at=timezone.now() - timedelta(seconds=1))
    refused = ask(visit(FIRST_TOWN), login=EMAIL)
    assert refused.status_code == 200
    assert "Plusieurs codes" in refused.content.decode()
    assert len(letters.left) == 20
