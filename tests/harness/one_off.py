"""What volunteers offer for one day, and who answers, for the tests of every room that it goes through."""

from typing import Any

from aid.help_requests.known_askers import ask_oneself
from aid.help_requests.models import HelpRequest
from aid.nearby.one_off import Answered, Proposed, answer, propose
from aid.offers.models import OneOffOffer
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.proposals.direct import send_messages
from aid.proposals.models import Proposal
from aid.territory.models import CoveredCommune
from harness.loop import visits
from harness.requests import tomorrow

MARKET = "Je vais au marché en voiture."


def an_offer(volunteer: Volunteer, **changes: Any) -> OneOffOffer:
    """Two places to the market tomorrow morning: a visit of the town's, whatever its mode."""
    usual = {
        "kind": visits(),
        "day": tomorrow(),
        "moment": "morning",
        "commune": CoveredCommune.objects.first(),
        "places": 2,
        "words": MARKET,
    }
    return propose(volunteer, Proposed(**usual | changes))


def answered(offer: OneOffOffer, person: Person, **said: Any) -> HelpRequest:
    """Somebody who has signed in is interested."""
    where = Answered(**{"commune": CoveredCommune.objects.first(), "details": "Volontiers\xa0!"} | said)
    return answer(offer, where, person=person, ask=lambda need: ask_oneself(person, need=need)).request


def received(request: HelpRequest) -> Proposal:
    """What the worker does next, and what the volunteer was then sent."""
    send_messages(request.pk)
    return Proposal.objects.with_page_related_data().get(request=request, offer__isnull=False)
