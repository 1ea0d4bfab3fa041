"""Applications, their tokens, and who calls the API."""

import datetime
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import Account
from accounts.scopes import OF_PARTNERS, Scope
from aid.partners.models import PartnerContact
from api.models import Application
from api.services import let_in
from harness.browsers import browser_at
from harness.databases import FIRST_TOWN
from harness.partners import a_contact

API = "/api/v1/"


def who_decides() -> Account:
    """An administrator's account, as far as the journal goes."""
    return Account.objects.get_or_create(email="decide@exemple.example")[0]


def an_application(
    *scopes: Scope, name: str = "Site de la mairie", contact: PartnerContact | None = None, days: int = 30
) -> tuple[Application, str]:
    """One that was let in, and its token; with a contact of a partner's where its rights ask for one."""
    if contact is None and set(scopes) & set(OF_PARTNERS):
        contact = a_contact(email=f"{len(Application.objects.all())}@logiciel.example")
    return let_in(
        name=name,
        scopes=scopes or [Scope.REQUESTS_READ],
        ends_on=timezone.localdate() + datetime.timedelta(days=days),
        contact=contact,
        by_account=who_decides(),
    )


def caller(token: str = "", *, host: str = FIRST_TOWN) -> Client:
    """A software, with its token or without."""
    headers = {"host": host} | ({"authorization": f"Bearer {token}"} if token else {})
    return Client(headers=headers, raise_request_exception=False, enforce_csrf_checks=True)


def signed_in(account: Account, *, host: str = FIRST_TOWN) -> Client:
    """A page of the site, in the browser of somebody who signed in."""
    return browser_at(host, account)


def send(client: Client, path: str, **data: Any) -> Any:
    """Send JSON to an address of the API."""
    return client.post(API + path, data, content_type="application/json")
