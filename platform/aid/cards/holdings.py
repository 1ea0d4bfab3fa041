"""What this room holds about a person."""

from aid.cards.merging import merge_cards, merge_words
from aid.cards.models import Card, CardScan, SpokenWord
from aid.cards.retained import CARDS, SCANS
from aid.privacy import register as processing
from aid.privacy.enums import LegalBasis
from aid.privacy.holdings import Holding, Keep, declare


def register() -> None:
    """Declare it."""
    processing.declare(
        processing.Processing(
            app="cards",
            title="Savoir qui vient à la porte",
            persons="Les bénévoles qui ont une carte. Les personnes qui ont choisi un mot.",
            recipients="Les agents de la ville. Qui lit le code d’une carte valable : le prénom et la photo. Le "
            "bénévole qui vient : le mot, le temps du rendez-vous. Les mots sont scellés avec la clé de la ville.",
            kept=(CARDS, SCANS, "persons"),
        )
    )
    declare(
        Holding(
            model=Card,
            path="volunteer__person",
            title="Vos cartes de bénévole",
            purpose="Montrer que la ville vous envoie.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("number", "issued_at", "expires_on", "void_at", "void_reason"),
            on_merge=merge_cards,
        ),
        Holding(
            model=CardScan,
            path="card__volunteer__person",
            title="Quand votre carte a été vérifiée",
            purpose="Remarquer une carte perdue ou copiée.",
            basis=LegalBasis.PUBLIC_TASK,
            fields=("at", "outcome"),
            forgets=Keep("On garde qu’une carte a été vérifiée, et quand : jamais la carte de qui."),
        ),
        Holding(
            model=SpokenWord,
            path="person",
            title="Votre mot convenu",
            purpose="Vous assurer que la personne à votre porte vient de notre part.",
            basis=LegalBasis.CONSENT,
            fields=("chosen_at", "sealed"),
            opens_doors=True,
            on_merge=merge_words,
        ),
    )
