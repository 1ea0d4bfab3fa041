"""What this room holds about a person."""

from aid.notifications.models import Message, Reply
from aid.privacy.enums import LegalBasis
from aid.privacy.holdings import Holding, declare


def register() -> None:
    """Declare it."""
    declare(
        Holding(
            model=Message,
            path="person",
            title="Les messages que nous vous avons écrits",
            purpose="Vous prévenir, et savoir si le message est bien parti.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("created_at", "channel", "recipient", "subject", "body", "state"),
            opens_doors=True,
        ),
        Holding(
            model=Reply,
            path="message__person",
            title="Vos réponses par SMS",
            purpose="Tenir compte de ce que vous avez répondu.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("received_at", "text"),
        ),
    )
