"""Whatever is sent to the API, by whoever, it answers as its schema says, and never fails."""

import datetime
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import schemathesis
import yaml
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from werkzeug.test import Client

from accounts import limits
from accounts.models import Account
from accounts.roles import ADMINISTRATORS
from accounts.scopes import Scope
from aid.people.models import Person
from aid.proposals.services import ask_volunteers
from harness.applications import an_application, signed_in
from harness.databases import FIRST_TOWN
from harness.desk import make_account
from harness.directory import a_referent
from harness.loop import jeanne, open_request, volunteer
from harness.partners import a_flag
from harness.towns import entry_of
from tenants.context import town_context

CSRF = "a" * 32
ROLES = ("anonymous", "software", "resident", "volunteer", "administrator")
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
schema = schemathesis.openapi.from_dict(
    yaml.safe_load((Path(__file__).parent / "openapi.yaml").read_text()), config=SchemathesisConfig()
)
schema.app = WSGIHandler()


@dataclass(frozen=True)
class Way:
    """What somebody sends along with each call."""

    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def ways(own_database: str) -> dict[str, Way]:
    """How each role calls, in a town with a row of each thing."""
    with town_context(entry_of(FIRST_TOWN)):
        made, token = an_application(*Scope)
        her, alice = jeanne(), volunteer("Alice", "+33639980002")
        asked = open_request(her)
        ask_volunteers(asked.pk)
        type(asked).objects.filter(pk=open_request(her, days=3).pk).update(entered_by=made.account)
        a_flag(made.contact)
        a_referent(alice.person)
        people = {"administrator": make_account("nour@ccas.example", ADMINISTRATORS)}
        for role, person in (("resident", her), ("volunteer", alice.person)):
            people[role] = Account.objects.create_account(email=f"{role}@exemple.example")
            Person.objects.filter(pk=person.pk).update(account=people[role])
        keys = {role: signed_in(account).cookies["sessionid"].value for role, account in people.items()}
    signed = {role: Way({"X-CSRFToken": CSRF}, {"sessionid": key, "csrftoken": CSRF}) for role, key in keys.items()}
    return signed | {"anonymous": Way(), "software": Way({"Authorization": f"Bearer {token}"})}


def call(case: schemathesis.Case, way: Way) -> schemathesis.Response:
    browser = Client(schema.app)
    for name, value in way.cookies.items():
        browser.set_cookie(name, value, domain=FIRST_TOWN)
    return case.call(base_url=f"http://{FIRST_TOWN}", headers=way.headers, session=browser)


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_each_role_comes_in(ways: dict[str, Way], role: str):
    """Without this, the test below could meet closed doors only."""
    told = call(schema["/api/v1/moi/"]["GET"].Case(), ways[role])
    assert told.status_code == (401 if role == "anonymous" else 200)


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
@schema.parametrize()
@settings(
    max_examples=4,
    deadline=datetime.timedelta(minutes=1),
    suppress_health_check=list(HealthCheck),
    database=None,
)
def test_it_answers_as_its_schema_says(case: schemathesis.Case, ways: dict[str, Way], role: str):
    case.headers, case.cookies = {}, {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "hit", lambda **_: True)
        case.validate_response(call(case, ways[role]), checks=CHECKS)
