"""What this room holds about a person. What they gave is told by requests (aid.help_requests)."""

from aid.privacy import register as processing
from aid.privacy.enums import LegalBasis
from aid.privacy.holdings import Holding, declare
from aid.recognition.merging import merge_birthdays
from aid.recognition.models import Birthday, Certificate


def register() -> None:
    """Declare it."""
    processing.declare(
        processing.Processing(
            app="recognition",
            title="Remercier les bénévoles",
            persons="Les bénévoles.",
            recipients="Les agents de la ville. Qui reçoit une attestation de la main du bénévole.",
            kept=("persons", "certificates"),
        )
    )
    declare(
        Holding(
            model=Birthday,
            path="person",
            title="Votre anniversaire",
            purpose="Vous souhaiter une belle journée, ce jour-là.",
            basis=LegalBasis.CONSENT,
            fields=("day", "month", "told_at"),
            on_merge=merge_birthdays,
        ),
        Holding(
            model=Certificate,
            path="person",
            title="Vos attestations de bénévolat",
            purpose="Confirmer, à qui la reçoit de vous, qu’elle est vraie.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("issued_on", "year", "services", "minutes"),
        ),
    )
