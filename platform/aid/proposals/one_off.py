"""Once an offer of one day is full or called off: those who answered it and go with nobody are told, and look again."""

from aid.help_requests import transitions
from aid.help_requests.enums import AGREE, CANCEL, GIVE_UP, RequestState
from aid.help_requests.models import HelpRequest
from aid.offers.models import OneOffOffer
from aid.proposals import jobs
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal
from aid.proposals.offer_places import next_place
from aid.proposals.services import decline, withdraw


def register() -> None:
    """Called when the app is ready."""
    transitions.listen(AGREE, _settle_later)
    for transition in (CANCEL, GIVE_UP):
        transitions.listen(transition, _free)


def settle(offer_id: int) -> None:
    """Tell those who wait for an answer to an offer that is full or called off; then, who was to go goes not.

    One request after the other, each with its own lock. Twice is once.
    """
    offer = OneOffOffer.objects.filter(pk=offer_id).first()
    if offer is None or next_place(offer) is not None:
        return
    theirs = Proposal.objects.filter(offer=offer).with_page_related_data().order_by("pk")
    for one in theirs.asked():
        decline(one, because=Answer.NOT_CHOSEN if offer.called_off_at is None else Answer.NO)
    if offer.called_off_at is not None:
        # What is under way may have been done by now: who goes says so on its own page.
        for one in theirs.engaged().exclude(request__state=RequestState.UNDER_WAY):
            withdraw(one)


def _settle_later(request: HelpRequest) -> None:
    """The last place may just have been taken: the job looks."""
    for offer in request.proposals.yes().exclude(offer=None).values_list("offer", flat=True):
        jobs.settle_offer.defer(offer=offer)


def _free(request: HelpRequest) -> None:
    """Nothing is needed any more: somebody else may have the place."""
    request.proposals.exclude(place=None).update(place=None)
