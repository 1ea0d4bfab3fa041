"""Two hundred yes at once over forty connections: one winner, a polite answer for each other, no error."""

import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest, RequestStep
from aid.notifications.models import Message
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal
from aid.proposals.services import ask_volunteers
from aid.proposals.texts import answer_path
from harness import databases
from harness.loop import jeanne, open_request, volunteer
from harness.towns import entry_of
from tenants.context import town_context

HEADING = re.compile(r"<h1>(.*?)</h1>")


@pytest.fixture
def links(own_database: str, many: int):
    """The paths where so many volunteers answer one request."""
    town = entry_of(databases.FIRST_TOWN)
    with town_context(town):
        before = Person.objects.count()
        for number in range(many):
            volunteer(f"Voisine{number}", f"+33639981{number:03}")
        asked = open_request(jeanne())
        assert ask_volunteers(asked.pk) == many
        paths = [answer_path(proposal) for proposal in Proposal.objects.filter(request=asked)]
    yield town, asked, paths
    with town_context(town):
        Message.objects.all().delete()
        Proposal.objects.all().delete()
        assert Person.objects.count() == before + many + 1
        Volunteer.objects.update(state=VolunteerState.LEFT)


@pytest.mark.parametrize(("many", "at_once"), [(24, 8), pytest.param(200, 40, marks=pytest.mark.long)])
def test_one_yes_wins_however_many_at_once(links, many, at_once):
    town, asked, paths = links
    start = threading.Barrier(at_once)
    share = many // at_once

    def say_yes(number: int) -> Counter[str]:
        client = Client(headers={"host": databases.FIRST_TOWN}, raise_request_exception=False)
        start.wait(timeout=60)
        try:
            headings: Counter[str] = Counter()
            for path in paths[number * share : (number + 1) * share]:
                answer = client.post(path, {"answer": "yes"}, follow=True)
                headings[HEADING.search(answer.content.decode()).group(1)] += 1
            return headings
        finally:
            connections.close_all()

    with ThreadPoolExecutor(at_once) as pool:
        headings = sum(pool.map(say_yes, range(at_once)), Counter())

    assert headings == {"Merci, vous y allez\u00a0!": 1, "Déjà pourvu, merci\u00a0!": many - 1}
    with town_context(town):
        answers = Counter(Proposal.objects.filter(request=asked).values_list("answer", flat=True))
        assert answers == {Answer.YES: 1, Answer.TOO_LATE: many - 1}
        kept = HelpRequest.objects.get(pk=asked.pk)
        assert kept.state == RequestState.AGREED
        assert kept.volunteer == Proposal.objects.get(request=asked, answer=Answer.YES).volunteer
        assert RequestStep.objects.filter(request=asked, name="agree").count() == 1
        assert [Message.objects.filter(kind=kind).count() for kind in ("agreed", "mission")] == [1, 1]
