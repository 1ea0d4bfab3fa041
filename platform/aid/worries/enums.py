"""How worried somebody is, where their worry stands, and what was answered: as data."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import models


class Grade(models.TextChoices):
    """How worried somebody is, in their own words."""

    TALK = "talk", "je voudrais en parler"
    WORRIED = "worried", "cela m’inquiète"
    URGENT = "urgent", "c’est urgent"


# How long the town has before it is told on the board; nobody waits for what is urgent.
DUE_AFTER = {Grade.URGENT: timedelta(0), Grade.WORRIED: timedelta(hours=4), Grade.TALK: timedelta(hours=24)}
# An urgent one that nobody took by then is told again, to administrators.
ESCALATED_AFTER = timedelta(hours=4)


class WorryState(models.TextChoices):
    """Where a worry stands."""

    RECEIVED = "received", "reçue"
    TAKEN = "taken", "prise en charge"
    CLOSED = "closed", "close"


WAITING = (WorryState.RECEIVED, WorryState.TAKEN)


class WorryStepName(models.TextChoices):
    """What happened."""

    TOLD = "told", "Inquiétude reçue"
    TAKEN = "taken", "Prise en charge"
    TAKEN_OVER = "taken_over", "Reprise"
    GESTURE = "gesture", "Ce qui a été fait"
    ESCALATED = "escalated", "Rappelée aux administrateurs"
    CLOSED = "closed", "Close"


class WorryAnswer(models.TextChoices):
    """What came of it."""

    REASSURED = "reassured", "nous avons parlé à la personne, elle va bien"
    VISITED = "visited", "quelqu’un est passé la voir"
    FAMILY = "family", "la famille ou un proche prend le relais"
    SERVICE = "service", "un médecin ou un service social prend le relais"
    EMERGENCY = "emergency", "les secours ont été appelés"
    NOTHING = "nothing", "rien d’inquiétant, après vérification"
    REFUSED = "refused", "la personne ne veut pas d’aide, elle sait nous joindre"


@dataclass(frozen=True)
class WorryMove:
    """One step that a worry may take."""

    sources: tuple[WorryState, ...]
    target: WorryState


# From nobody, or from who had it.
TAKE = WorryMove(WAITING, WorryState.TAKEN)
CLOSE = WorryMove(WAITING, WorryState.CLOSED)
