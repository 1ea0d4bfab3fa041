"""The life of a card, and what is answered to who asks whether it is valid."""

from django.db import models


class VoidReason(models.TextChoices):
    """Why a card is worth nothing any more."""

    LOST = "lost", "perdue"
    STOLEN = "stolen", "volée"
    DAMAGED = "damaged", "abîmée"
    OTHER = "other", "autre raison"
    # Another one was made: nobody chooses it.
    REPLACED = "replaced", "remplacée par une autre"


CHOSEN = (VoidReason.LOST, VoidReason.STOLEN, VoidReason.DAMAGED, VoidReason.OTHER)


class Outcome(models.TextChoices):
    """What a card was worth when somebody asked. Who asks learns only whether it is valid; staff read why not."""

    VALID = "valid", "valable"
    VOID = "void", "carte annulée"
    EXPIRED = "expired", "date dépassée"
    NOT_ADMITTED = "no_longer", "bénévole pas en service"
