"""What this room holds about a person."""

from aid.privacy import register as processing
from aid.privacy.enums import LegalBasis
from aid.privacy.holdings import Holding, declare
from aid.proposals.merging import merge_proposals
from aid.proposals.models import Proposal


def register() -> None:
    """Declare it."""
    processing.declare(
        processing.Processing(
            app="proposals",
            title="Proposer aux bénévoles",
            persons="Les bénévoles.",
            recipients="Les agents de la ville. Chaque bénévole sollicité : l’aide, le jour et le quartier, sans nom.",
            kept=(
                "requests",
                "persons",
                "words_back",
            ),
        )
    )
    declare(
        Holding(
            model=Proposal,
            path="volunteer__person",
            title="Ce que nous vous avons proposé",
            purpose="Ne pas vous demander deux fois la même chose.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("asked_at", "request__kind", "answer", "answered_at", "minutes", "words_back"),
            on_merge=merge_proposals,
        ),
    )
