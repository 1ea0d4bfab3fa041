"""How long cards, and what was asked of them, are kept."""

from datetime import datetime

from django.db.models import Q, QuerySet

from aid.cards.models import Card, CardScan
from aid.privacy.retention import Part, Retention, declare

CARDS, SCANS = "cards", "card_scans"


def old_cards(before: datetime) -> QuerySet[Card]:
    """Cards that have been worth nothing for long."""
    return Card.objects.select_related(None).filter(Q(void_at__lt=before) | Q(expires_on__lt=before.date()))


def register() -> None:
    """Declare them."""
    declare(
        Retention(
            key=CARDS,
            title="Une carte de bénévole qui ne vaut plus rien",
            counted_from="son annulation, ou sa dernière date",
            outcome="Elle est effacée.",
            because="Assez longtemps pour comprendre une carte perdue ou copiée.",
            months=24,
            least=3,
            most=36,
            parts=(Part(old_cards, lambda numbers: Card.objects.filter(pk__in=numbers).delete()),),
        ),
        Retention(
            key=SCANS,
            title="Les vérifications d’une carte",
            counted_from="la vérification",
            outcome="Elles sont effacées.",
            because="Assez longtemps pour remarquer une carte copiée.",
            months=12,
            least=1,
            most=36,
            journal=CardScan,
        ),
    )
