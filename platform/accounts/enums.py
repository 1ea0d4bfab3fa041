"""What the journal of the door names."""

from django.db.models import TextChoices


class DoorAct(TextChoices):
    """What was done to somebody's door."""

    FACTOR_ADDED = "factor_added", "deuxième étape ajoutée"
    FACTOR_REMOVED = "factor_removed", "deuxième étape retirée"
    FACTORS_RESET = "factors_reset", "deuxième étape remise à zéro"
    RESCUE_USED = "rescue_used", "code de secours utilisé"
    LETTER_PRINTED = "letter_printed", "lettre imprimée"
    LETTER_USED = "letter_used", "code de la lettre utilisé"
    RESCUE_RENEWED = "rescue_renewed", "codes de secours refaits"
