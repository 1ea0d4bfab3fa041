"""What this room holds about a person."""

from aid.notes.models import Note
from aid.privacy import register as processing
from aid.privacy.enums import LegalBasis
from aid.privacy.holdings import Holding, declare


def register() -> None:
    """Declare it."""
    processing.declare(
        processing.Processing(
            app="notes",
            title="Accompagner, en confiance",
            persons="Les personnes accompagnées.",
            recipients="Les agents de la ville. Les notes sont scellées avec la clé de la ville.",
            kept=("persons",),
        )
    )
    declare(
        Holding(
            model=Note,
            path="person",
            title="Les notes confidentielles",
            purpose="Bien vous accompagner, sans vous faire répéter.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("written_at", "sealed"),
        ),
    )
