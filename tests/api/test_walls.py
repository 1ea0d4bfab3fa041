"""Every address of the API, with every token: another town's opens nothing, one without the scope nothing more."""

import logging
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from accounts import throttles
from accounts.models import Account
from accounts.scopes import Scope
from aid.help_requests.models import HelpRequest
from harness.addresses import addresses_of
from harness.applications import API, an_application, caller, send, signed_in
from harness.databases import SECOND_TOWN
from harness.loop import jeanne, open_request, visits
from harness.requests import tomorrow
from tenants.context import facing

NOT_CALLED = {"api:schema"}


@pytest.fixture(autouse=True)
def _calls_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttles, "BY_ADDRESS", 10_000)
    monkeypatch.setattr(throttles, "BY_APPLICATION", 10_000)


def endpoints() -> Iterator[tuple[str, str, str, Any]]:
    """Name, method, path and view of each thing that may be called."""
    for one in addresses_of("config.urls_town"):
        if one.path.startswith(API) and one.name not in NOT_CALLED:
            for method, action in list(one.view.actions.items()):
                # A view that was called has HEAD too, which is its GET.
                if method != "head":
                    yield one.name, method, one.path, (one.view.cls, action)


def status(client: Client, method: str, path: str) -> int:
    kwargs = {"content_type": "application/json"} if method == "post" else {}
    return getattr(client, method)(path, **kwargs).status_code


def test_another_town_s_token_opens_nothing_anywhere(town, other_town):
    with facing(other_town):
        _, foreign = an_application(*Scope)
    told = {(method, path): status(caller(foreign), method, path) for _, method, path, _ in endpoints()}
    assert len(told) > 20
    assert set(told.values()) == {401}


def test_strangers_read_what_is_open_and_are_asked_who_they_are_elsewhere(town):
    for _, method, path, (cls, _) in endpoints():
        told = status(caller(), method, path)
        # Nothing has the sample's name or number.
        assert told in ({200, 404} if cls.is_open else {401}), (method, path, told)


@pytest.mark.parametrize("scope", Scope)
def test_a_scope_opens_its_own_addresses_and_no_other(town, scope):
    _, token = an_application(scope, name=f"Logiciel {scope}")
    for _, method, path, (cls, action) in endpoints():
        told = status(caller(token), method, path)
        if cls.is_open or cls.opens_to_software or cls.scopes.get(action) == scope:
            assert told in {200, 400, 404}, (method, path, told)
        else:
            assert told == 403, (method, path, told)


def test_another_town_s_session_opens_nothing(town, other_town):
    """The cookie of one town, on the host of the other."""
    her = jeanne()
    account = Account.objects.create_account(email="jeanne@exemple.example")
    type(her).objects.filter(pk=her.pk).update(account=account)
    asked = open_request(her)
    here = signed_in(account)
    assert here.get(f"{API}moi/demandes/{asked.uid}/").status_code == 200
    there = Client(headers={"host": SECOND_TOWN})
    there.cookies = here.cookies
    for _, method, path, (cls, _) in endpoints():
        assert status(there, method, path.replace(str(uuid.UUID(int=1)), str(asked.uid))) in (
            {200, 404} if cls.is_open else {401}
        ), path


def test_the_platform_has_no_api(db):
    for path in ("/api/", f"{API}aides/", f"{API}schema/"):
        assert Client(headers={"host": "localhost"}).get(path).status_code == 404


def test_nothing_of_anybody_nor_a_token_is_logged(town, caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    _, token = an_application(*Scope)
    body = {
        "kind": visits().slug,
        "day": tomorrow().isoformat(),
        "commune": "00000",
        "first_name": "Zanzibarprénom",
        "phone": "06 39 98 77 66",
        "consent": "spoken",
        "details": "Zanzibarmots",
    }
    client = caller(token)
    assert send(client, "demandes/", **body).status_code == 400
    assert send(client, "demandes/", **body | {"commune": "60509"}).status_code == 201
    assert send(caller(token + "x"), "demandes/", **body).status_code == 401
    assert HelpRequest.objects.count() == 1
    assert [one for one in ("Zanzibar", "39987766", "39 98 77 66", token) if one in caplog.text] == []
