"""What this room holds about a person."""

from aid.offers.merging import merge_offers
from aid.offers.models import Offer
from aid.privacy import register as processing
from aid.privacy.enums import LegalBasis
from aid.privacy.holdings import Holding, declare


def register() -> None:
    """Declare it."""
    processing.declare(
        processing.Processing(
            app="offers",
            title="Savoir ce que chacun propose",
            persons="Les bénévoles.",
            recipients="Les agents de la ville.",
            kept=("persons",),
        )
    )
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
