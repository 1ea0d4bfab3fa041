"""Who partners are, what they say of somebody, and the life of a flag, as data."""

from dataclasses import dataclass

from django.db import models


class PartnerKind(models.TextChoices):
    """What a partner is."""

    CARSAT = "carsat", "CARSAT"
    MSA = "msa", "MSA"
    CLIC = "clic", "CLIC"
    SSIAD = "ssiad", "SSIAD"
    DOCTOR = "doctor", "médecin"
    CARETAKER = "caretaker", "gardien d’immeuble"
    PHARMACY = "pharmacy", "pharmacie"
    ASSOCIATION = "association", "association"
    OTHER = "other", "autre"


class QuestionKind(models.TextChoices):
    """How a question of the grid is answered."""

    YES_NO = "yes_no", "oui ou non"
    CHOICE = "choice", "un choix dans une liste"
    TEXT = "text", "quelques mots"


class Level(models.TextChoices):
    """What the points of a grid come to."""

    LOW = "low", "isolement faible"
    MEDIUM = "medium", "isolement moyen"
    HIGH = "high", "isolement fort"


class Urgency(models.TextChoices):
    """How soon somebody should be called, as the partner sees it."""

    NOW = "now", "aujourd’hui ou demain"
    WEEK = "week", "dans la semaine"
    MONTH = "month", "dans le mois"
    LATER = "later", "quand ce sera possible"


class FlagConsent(models.TextChoices):
    """How the person agreed that the town be told of them."""

    SPOKEN = "spoken", "de vive voix"
    WRITTEN = "written", "par écrit"
    RELATIVE = "relative", "par un proche, qui le confirme"
    NOT_ASKED = "not_asked", "pas encore demandé"


# The answers that an agent may note afterwards, for a flag that came without the person's name.
GIVEN_LATER = (FlagConsent.SPOKEN, FlagConsent.WRITTEN, FlagConsent.RELATIVE)


class FlagState(models.TextChoices):
    """Where a flag stands. The partner reads « reçu » until it is closed."""

    RECEIVED = "received", "reçu"
    IN_HAND = "in_hand", "en main"
    TAKEN_ON = "taken_on", "pris en charge"
    NO_FOLLOW_UP = "no_follow_up", "sans suite"


WAITING = (FlagState.RECEIVED, FlagState.IN_HAND)
CLOSED = (FlagState.TAKEN_ON, FlagState.NO_FOLLOW_UP)


class NoFollowUp(models.TextChoices):
    """Why nothing follows: for staff alone."""

    DECLINED = "declined", "la personne ne souhaite rien"
    ALREADY = "already", "déjà accompagnée"
    UNREACHABLE = "unreachable", "injoignable après plusieurs essais"
    ELSEWHERE = "elsewhere", "orientée vers un autre service"
    OUTSIDE = "outside", "hors du territoire"
    MISTAKE = "mistake", "envoyé par erreur, ou deux fois"


@dataclass(frozen=True)
class FlagMove:
    """One step that a flag may take."""

    slug: str
    label: str
    sources: tuple[FlagState, ...]
    target: FlagState


# From nobody, or from who had it.
TAKE = FlagMove("prendre", "Je m’en occupe", WAITING, FlagState.IN_HAND)
TAKE_ON = FlagMove("prise-en-charge", "Pris en charge", WAITING, FlagState.TAKEN_ON)
LEAVE = FlagMove("sans-suite", "Classer sans suite", WAITING, FlagState.NO_FOLLOW_UP)
