"""What happens twice at the same instant happens once: real commits, from several connections."""

import uuid
from functools import partial

import pytest
from django.test import Client

from aid.facts.enums import FactKind
from aid.facts.models import Fact
from aid.help_requests import services
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.people.models import Person
from harness import requests as make
from harness.at_once import all_at_once
from harness.databases import FIRST_TOWN
from harness.loop import agree
from harness.requests import OTHER_MOBILE
from tenants.context import town_context
from tenants.registry import TownEntry, registry

AT_ONCE = 8


@pytest.fixture
def town(own_database: str) -> TownEntry:
    return registry.find(FIRST_TOWN)[0]


def test_sent_many_times_at_once_is_one_request(town):
    uid = uuid.uuid4()

    def send() -> int:
        with town_context(town):
            return make.asked_online(uid=uid, internet_address="192.0.2.1").pk

    answers = all_at_once([send] * AT_ONCE)
    with town_context(town):
        request = HelpRequest.objects.get(uid=uid)
        assert answers == [request.pk] * AT_ONCE
        assert Person.objects.filter(phone=request.person.phone).count() == 1
        assert request.steps.count() == 1


def test_a_person_helped_twice_at_once_is_one_person_helped(town):
    with town_context(town):
        make.a_known_person(phone=OTHER_MOBILE)
        alice = make.a_volunteer(phone="+33639980003")
        done = [agree(make.asked_online(phone=OTHER_MOBILE), alice) for _ in range(4)]
        before = Fact.objects.filter(kind=FactKind.PERSON_HELPED).count()

    def finish(number: int) -> str:
        with town_context(town):
            return services.finish(done[number % 4], minutes=30).state

    answers = all_at_once([partial(finish, number) for number in range(AT_ONCE)])
    with town_context(town):
        assert answers.count(RequestState.DONE) == 4
        assert [type(answer).__name__ for answer in answers].count("NotAllowedError") == 4
        assert Fact.objects.filter(kind=FactKind.PERSON_HELPED).count() == before + 1
        assert Fact.objects.filter(kind=FactKind.SERVICE_DONE).count() >= 4


def test_the_last_page_sent_many_times_at_once_shows_no_error(town):
    client = Client(headers={"host": FIRST_TOWN})
    kind = client.get("/demander/").context["form"].fields["kind"].queryset
    with town_context(town):
        slug = kind.first().slug
        before = HelpRequest.objects.count()
    client.post("/demander/", {"kind": slug})
    client.post("/demander/quand/", {"day_choice": "tomorrow", "moment": "any"})
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}

    def send() -> tuple[int, str | None]:
        twin = Client(headers={"host": FIRST_TOWN})
        twin.cookies.load(cookies)
        answer = twin.post("/demander/vous/", {"first_name": "Odette", "phone": "01 99 00 00 09"})
        return answer.status_code, answer.get("Location")

    answers = all_at_once([send] * AT_ONCE)
    assert len(set(answers)) == 1, answers
    assert answers[0][0] == 302
    with town_context(town):
        assert HelpRequest.objects.count() == before + 1
