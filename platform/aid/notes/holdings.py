"""What this room holds about a person."""

from aid.notes.models import Note
from aid.privacy.enums import LegalBasis
from aid.privacy.holdings import Holding, declare


def register() -> None:
    """Declare it."""
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
