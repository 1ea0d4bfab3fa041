"""Yeses at once to what was offered for one day, over real connections: never more of them than places."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.notifications.models import Message
from aid.offers.models import OneOffOffer
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer
from aid.proposals.enums import Answer, Outcome
from aid.proposals.models import Proposal
from aid.proposals.one_off import settle
from aid.proposals.services import accept
from harness import databases
from harness.loop import volunteer
from harness.nearby import a_confirmed
from harness.one_off import an_offer, answered, received
from harness.towns import entry_of
from tenants.context import town_context

ANSWERS, PLACES = 8, 2


@pytest.fixture
def offered(own_database: str):
    """What so many answered, and their proposals."""
    town = entry_of(databases.FIRST_TOWN)
    with town_context(town):
        offer = an_offer(volunteer("Alice", "+33639982000"), places=PLACES)
        proposals = [
            received(answered(offer, a_confirmed(f"Voisine{number}", f"+33639982{number + 1:03}")))
            for number in range(ANSWERS)
        ]
    yield town, offer, proposals
    with town_context(town):
        Message.objects.all().delete()
        Proposal.objects.all().delete()
        OneOffOffer.objects.all().delete()
        Volunteer.objects.update(state=VolunteerState.LEFT)


def test_no_more_yeses_than_places_however_many_at_once(offered):
    town, offer, proposals = offered
    start = threading.Barrier(ANSWERS)

    def say_yes(proposal: Proposal) -> Outcome:
        try:
            with town_context(town):
                start.wait(timeout=60)
                return accept(proposal)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(ANSWERS) as pool:
        outcomes = Counter(pool.map(say_yes, proposals))

    assert outcomes == {Outcome.ACCEPTED: PLACES, Outcome.NOT_CHOSEN: ANSWERS - PLACES}
    with town_context(town):
        settle(offer.pk)
        theirs = Proposal.objects.filter(offer=offer)
        assert Counter(theirs.values_list("answer", flat=True)) == {
            Answer.YES: PLACES,
            Answer.NOT_CHOSEN: ANSWERS - PLACES,
        }
        assert sorted(theirs.yes().values_list("place", flat=True)) == [1, 2]
        states = Counter(HelpRequest.objects.filter(proposals__offer=offer).values_list("state", flat=True))
        assert states == {RequestState.AGREED: PLACES, RequestState.OPEN: ANSWERS - PLACES}
