"""Two towns live the same minute: the same people and numbers, answers at the same instant; nothing crosses."""

import re
from collections import Counter

import pytest
from django.db import connections
from django.test import Client

from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.notifications.models import Message
from aid.notifications.services import receive_reply
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal
from aid.proposals.services import ask_volunteers
from aid.proposals.texts import answer_path
from harness import databases
from harness.at_once import all_at_once
from harness.loop import jeanne, open_request, volunteer
from harness.messages import deliver_all
from harness.towns import entry_of
from tenants.context import town_context

HOSTS = (databases.FIRST_TOWN, databases.SECOND_TOWN)
MANY, NEEDED = 6, 2
PHONES = [f"+3363998030{number}" for number in range(MANY)]
HEADING = re.compile(r"<h1>(.*?)</h1>")


@pytest.fixture
def asked(own_database: str) -> dict[str, tuple[HelpRequest, list[str]]]:
    """In each town, Jeanne needs two people, and the same six are asked: the request, and their links."""
    made = {}
    for host in HOSTS:
        with town_context(entry_of(host)):
            for number, phone in enumerate(PHONES):
                volunteer(f"Voisine {number}", phone)
            request = open_request(jeanne(), people_needed=NEEDED)
            assert ask_volunteers(request.pk) == MANY
            made[host] = (request, [answer_path(one) for one in request.proposals.order_by("pk")])
    return made


def answer(host: str, path: str) -> str:
    """Somebody says yes by their link; what their page then says."""
    page = Client(headers={"host": host}, raise_request_exception=False).post(path, {"answer": "yes"}, follow=True)
    return HEADING.search(page.content.decode()).group(1).replace("\u00a0", " ")


def test_two_towns_at_once(asked):
    works = [lambda host=host, path=path: answer(host, path) for host, (_, paths) in asked.items() for path in paths]
    said = all_at_once(works)
    assert Counter(said) == {"Merci, vous y allez !": 2 * NEEDED, "Déjà pourvu, merci !": 2 * (MANY - NEEDED)}
    for host in HOSTS:
        each_town_has_its_own(host, asked[host][0])
    links_open_nothing_elsewhere(asked)
    an_sms_is_read_by_the_town_that_it_came_to(asked)


def each_town_has_its_own(host: str, request: HelpRequest) -> None:
    """Two yeses, two places, one journal, and messages that lead to this town."""
    with town_context(entry_of(host)):
        kept = HelpRequest.objects.get(pk=request.pk)
        yeses = list(Proposal.objects.filter(request=kept).yes().order_by("seat"))
        assert (kept.state, [one.seat for one in yeses]) == (RequestState.AGREED, list(range(1, NEEDED + 1)))
        assert kept.volunteer_id == yeses[0].volunteer_id
        assert Counter(kept.steps.values_list("name", flat=True)) == {"confirm": 1, "join": 1, "agree": 1}
        assert Counter(Message.objects.filter(kind__in=["mission", "agreed"]).values_list("kind", flat=True)) == {
            "mission": NEEDED,
            "agreed": 1,
        }
        (other,) = set(HOSTS) - {host}
        assert not [one for one in Message.objects.all() if other in one.body]


def links_open_nothing_elsewhere(asked: dict[str, tuple[HelpRequest, list[str]]]) -> None:
    """The link of one town is no link of the other, though the numbers are the same."""
    for host, (_, paths) in asked.items():
        (other,) = set(HOSTS) - {host}
        assert {Client(headers={"host": other}).get(path).status_code for path in paths} == {404}
        assert {Client(headers={"host": host}).get(path).status_code for path in paths} == {200}


def an_sms_is_read_by_the_town_that_it_came_to(asked: dict[str, tuple[HelpRequest, list[str]]]) -> None:
    """« Non » to a new request of one town leaves that of the other as it is."""
    requests = {}
    for host in HOSTS:
        with town_context(entry_of(host)):
            requests[host] = open_request(asked[host][0].person, days=5)
            ask_volunteers(requests[host].pk)
    with town_context(entry_of(HOSTS[0])):
        deliver_all()
        receive_reply(sender=PHONES[0], text="Non")
    for host, answers in zip(HOSTS, ({Answer.NO: 1, Answer.ASKED: MANY - 1}, {Answer.ASKED: MANY}), strict=True):
        with town_context(entry_of(host)):
            kept = Counter(Proposal.objects.filter(request=requests[host]).values_list("answer", flat=True))
            assert kept == answers
    connections.close_all()
