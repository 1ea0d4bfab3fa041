"""The places of a one-off offer: each yes to an answer holds one, as it holds one of its request.

Read under the lock of the volunteer (aid.proposals.services): answers to what they offered come one after the other.
"""

from aid.offers.models import OneOffOffer
from aid.proposals.models import Proposal


def taken(offer: OneOffOffer) -> set[int]:
    """The places that somebody has."""
    return set(Proposal.objects.filter(offer=offer, place__isnull=False).values_list("place", flat=True))


def next_place(offer: OneOffOffer) -> int | None:
    """The first free place; None where nobody can have one any more, as it was called off or is full."""
    if offer.called_off_at is not None:
        return None
    held = taken(offer)
    return next((number for number in range(1, offer.places + 1) if number not in held), None)


def is_closed(proposal: Proposal) -> bool:
    """Whether it answers an offer that has no place for it any more."""
    return proposal.offer is not None and next_place(proposal.offer) is None
