"""What somebody is to another, what a mandate allows, and what is done under one."""

from django.db import models


class Kinship(models.TextChoices):
    """What a relative is to a person."""

    DAUGHTER = "daughter", "sa fille"
    SON = "son", "son fils"
    PARENT = "parent", "sa mère ou son père"
    SPOUSE = "spouse", "sa conjointe ou son conjoint"
    SIBLING = "sibling", "sa sœur ou son frère"
    NEIGHBOUR = "neighbour", "sa voisine ou son voisin"
    FRIEND = "friend", "son amie ou son ami"
    CARER = "carer", "son aidante ou son aidant"
    PROFESSIONAL = "professional", "quelqu’un qui s’en occupe par métier"
    GUARDIAN = "guardian", "chargé de sa tutelle ou de sa curatelle"
    OTHER = "other", "quelqu’un de son entourage"


class Scope(models.TextChoices):
    """What a mandate allows."""

    REQUESTS = "requests", "demander de l’aide et suivre les demandes"
    KNOWN = "known", "lire tout ce que la ville sait"
    CHANNEL = "channel", "changer la façon de prévenir"


class Consent(models.TextChoices):
    """How the principal agreed."""

    BY_PHONE = "by_phone", "de vive voix, au téléphone"
    ON_PAPER = "on_paper", "sur papier"
    ON_SCREEN = "on_screen", "sur le site"


class InvitationState(models.TextChoices):
    """What became of a mandate offered to a contact."""

    OPEN = "open", "en attente"
    ACCEPTED = "accepted", "acceptée"
    DECLINED = "declined", "refusée"
    WITHDRAWN = "withdrawn", "retirée"


class Deed(models.TextChoices):
    """What was done for somebody."""

    ASKED = "asked", "demande d’un coup de main"
    FOLLOWED = "followed", "lecture d’une demande"
    AMENDED = "amended", "changement d’une demande"
    CHOSE = "chose", "choix d’un bénévole"
    CANCELLED = "cancelled", "annulation d’une demande"
    THANKED = "thanked", "remerciement"
    CHANGED_CHANNEL = "channel", "changement de la façon de prévenir"
    READ_KNOWN = "read_known", "lecture de tout ce que la ville sait"
