"""What this room holds about a person."""

from aid.onboarding.merging import merge_volunteers
from aid.onboarding.models import Volunteer
from aid.privacy import register as processing
from aid.privacy.enums import LegalBasis
from aid.privacy.holdings import Holding, declare


def register() -> None:
    """Declare it."""
    processing.declare(
        processing.Processing(
            app="onboarding",
            title="Accueillir les bénévoles",
            persons="Les bénévoles.",
            recipients="Les agents de la ville.",
            kept=("persons",),
        )
    )
    declare(
        Holding(
            model=Volunteer,
            path="person",
            title="Votre place de bénévole",
            purpose="Savoir à qui proposer une demande.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("state", "admitted_on"),
            on_merge=merge_volunteers,
        ),
    )
