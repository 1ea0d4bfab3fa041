"""What this room holds about a person."""

from aid.offers.merging import merge_offers
from aid.offers.models import Offer
from aid.privacy.enums import LegalBasis
from aid.privacy.holdings import Holding, declare


def register() -> None:
    """Declare it."""
    declare(
        Holding(
            model=Offer,
            path="volunteer__person",
            title="Les aides que vous proposez",
            purpose="Ne vous proposer que ce que vous avez choisi.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("kinds", "communes"),
            on_merge=merge_offers,
        ),
    )
