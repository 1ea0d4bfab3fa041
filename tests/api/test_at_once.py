"""The same thing sent twice at the same instant is one, whoever calls."""

import uuid

import pytest

from accounts.models import Account
from accounts.scopes import Scope
from aid.help_requests.models import HelpRequest
from aid.partners import grids
from aid.partners.models import Flag
from aid.people.models import Person
from aid.territory.models import CoveredCommune
from harness.applications import an_application, caller, send, signed_in
from harness.at_once import all_at_once
from harness.databases import FIRST_TOWN
from harness.loop import jeanne, visits
from harness.requests import tomorrow
from harness.towns import entry_of
from tenants.context import town_context
from tenants.registry import TownEntry

TWICE = 4


@pytest.fixture
def town_apart(own_database: str) -> TownEntry:
    return entry_of(FIRST_TOWN)


def need() -> dict[str, str]:
    commune = CoveredCommune.objects.get().commune_id
    return {"uid": str(uuid.uuid4()), "kind": visits().slug, "day": tomorrow().isoformat(), "commune": commune}


def test_a_request_filed_at_once_by_a_software_is_one(town_apart):
    with town_context(town_apart):
        _, token = an_application(Scope.REQUESTS_WRITE)
        body = need() | {"first_name": "Berthe", "phone": "0639981999", "consent": "spoken"}
    told = all_at_once([lambda: send(caller(token), "demandes/", **body)] * TWICE)
    assert [one.status_code for one in told] == [201] * TWICE
    with town_context(town_apart):
        assert HelpRequest.objects.filter(uid=body["uid"]).count() == 1
        assert Person.objects.filter(first_name="Berthe").count() == 1


def test_a_request_asked_at_once_for_oneself_is_one(town_apart):
    with town_context(town_apart):
        her, body = jeanne(), need()
        account = Account.objects.create_account(email="jeanne.deux.fois@exemple.example")
        Person.objects.filter(pk=her.pk).update(account=account)
        browsers = [signed_in(account) for _ in range(TWICE)]
    told = all_at_once([lambda one=one: send(one, "moi/demandes/", **body) for one in browsers])
    assert [one.status_code for one in told] == [201] * TWICE
    with town_context(town_apart):
        assert HelpRequest.objects.filter(person=her).count() == 1


def test_a_flag_sent_at_once_is_one(town_apart):
    with town_context(town_apart):
        made, token = an_application(Scope.FLAGS_WRITE, name="Logiciel du CLIC")
        version = grids.current()
        body = need() | {
            "grid": version.number,
            "answers": {
                grids.key_of(number): grids.UNKNOWN if one.options else ""
                for number, one in enumerate(grids.grid_of(version).questions, 1)
            },
            "consent": "not_asked",
            "why_not_asked": "Elle dort.",
            "urgency": "week",
        }
    told = all_at_once([lambda: send(caller(token), "signalements/", **body)] * TWICE)
    assert [one.status_code for one in told] == [201] * TWICE
    with town_context(town_apart):
        assert Flag.objects.filter(contact=made.contact).count() == 1
