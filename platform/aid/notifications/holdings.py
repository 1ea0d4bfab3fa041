"""What this room holds about a person."""

from aid.notifications.models import Message, Reply
from aid.privacy import register as processing
from aid.privacy.enums import LegalBasis
from aid.privacy.holdings import Empty, Holding, declare


def register() -> None:
    """Declare it."""
    processing.declare(
        processing.Processing(
            app="notifications",
            title="Prévenir",
            persons="Les habitants et les bénévoles à qui le site écrit.",
            recipients="Les entreprises qui portent les SMS et les e-mails. Les agents de la ville.",
            kept=("messages",),
        )
    )
    declare(
        Holding(
            model=Message,
            path="person",
            title="Les messages que nous vous avons écrits",
            purpose="Vous prévenir, et savoir si le message est bien parti.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("created_at", "channel", "recipient", "subject", "body", "state"),
            opens_doors=True,
            forgets=Empty(
                ("recipient", "subject", "body"), "On garde qu’un message est parti, sans son texte ni son numéro."
            ),
        ),
        Holding(
            model=Message,
            path="about",
            title="Les messages qu’un proche a reçus pour vous",
            purpose="Vous prévenir par la personne que vous avez choisie.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("created_at", "channel", "subject", "body", "state"),
            forgets=Empty(("subject", "body"), "On garde qu’un message est parti, sans son texte."),
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
