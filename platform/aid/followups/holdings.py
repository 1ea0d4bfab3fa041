"""What this room holds about a person."""

from aid.followups.merging import merge_followups
from aid.followups.models import FollowUp
from aid.privacy import register as processing
from aid.privacy.enums import LegalBasis
from aid.privacy.holdings import Holding, declare


def register() -> None:
    """Declare it."""
    processing.declare(
        processing.Processing(
            app="followups",
            title="Ne rien oublier",
            persons="Les personnes à rappeler.",
            recipients="Les agents de la ville.",
            kept=("followups",),
        )
    )
    declare(
        Holding(
            model=FollowUp,
            path="person",
            title="Ce que nous devions faire pour vous",
            purpose="Ne rien oublier : un appel à passer, une demande sans réponse.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("created_at", "kind", "words", "done_at", "outcome"),
            opens_doors=True,  # the words of messages that did not leave
            on_merge=merge_followups,
        ),
    )
