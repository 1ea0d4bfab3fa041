"""What this room holds about a person."""

from aid.privacy import register as processing
from aid.privacy.enums import LegalBasis
from aid.privacy.holdings import Holding, declare
from aid.profiles.merging import merge_profiles
from aid.profiles.models import Profile


def register() -> None:
    """Declare it."""
    processing.declare(
        processing.Processing(
            app="profiles",
            title="Présenter les voisins qui le souhaitent",
            persons="Les bénévoles et les habitants qui l’ont demandé.",
            recipients="Les bénévoles : tout le monde. Les autres, et les coordonnées : qui s’est connecté.",
            kept=("persons",),
        )
    )
    declare(
        Holding(
            model=Profile,
            path="person",
            title="Votre présentation",
            purpose="Faire connaissance entre voisins, par ce que vous aimez.",
            basis=LegalBasis.CONSENT,
            fields=("published_at", "words", "interests", "shows_phone", "shows_email", "state", "reason"),
            on_merge=merge_profiles,
        ),
    )
