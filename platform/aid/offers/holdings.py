"""What this room holds about a person."""

from aid.offers.merging import merge_offers, merge_one_off_offers
from aid.offers.models import Absence, Offer, OneOffOffer
from aid.privacy import register as processing
from aid.privacy.enums import LegalBasis
from aid.privacy.holdings import Holding, declare


def register() -> None:
    """Declare it."""
    processing.declare(
        processing.Processing(
            app="offers",
            title="Savoir ce que chacun propose",
            persons="Les bénévoles, et qui demande à le devenir.",
            recipients="Les agents de la ville.",
            kept=("persons", "one_off_offers"),
        )
    )
    declare(
        Holding(
            model=Offer,
            path="volunteer__person",
            title="Ce que vous proposez",
            purpose="Ne vous proposer que ce que vous avez choisi.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=(
                "kinds",
                "communes",
                "radius_km",
                "centre__commune",
                "slots",
                "monthly_limit",
                "at_once_limit",
                "means",
                "languages",
                "limits",
            ),
            on_merge=merge_offers,
        ),
        Holding(
            model=Absence,
            path="offer__volunteer__person",
            title="Vos absences",
            purpose="Ne rien vous proposer ces jours-là.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("starts_on", "ends_on"),
        ),
        Holding(
            model=OneOffOffer,
            path="volunteer__person",
            title="Ce que vous avez proposé pour un jour",
            purpose="Que des voisins vous répondent.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("created_at", "kind", "day", "hour", "commune__commune", "district", "places", "words"),
            on_merge=merge_one_off_offers,
        ),
    )
