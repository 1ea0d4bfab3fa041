"""What contracts and documents may be."""

from django.db import models


class FloorScope(models.TextChoices):
    """Who owes the yearly minimum."""

    CONTRACT = "contract", "le contrat, une fois"
    COMMUNE = "commune", "chaque commune"


class YearStart(models.TextChoices):
    """When the years of a contract begin."""

    CALENDAR = "calendar", "le 1er janvier"
    ANNIVERSARY = "anniversary", "le jour anniversaire du contrat"


class LineKind(models.TextChoices):
    """What a line of a document is for; the label is what it says."""

    SENIORS = "seniors", "seniors comptés"
    FLOOR = "floor", "complément au minimum annuel"


class Series(models.TextChoices):
    """The continuous series of numbers of a seller; the value begins each number."""

    INVOICE = "FA", "factures"
    CREDIT_NOTE = "AV", "avoirs"


class BuyerRequirement(models.TextChoices):
    """What a public buyer asks to read on an invoice, as its record in Chorus Pro says (BR-FR-CPRO-11 to 13)."""

    NONE = "none", "rien de plus"
    SERVICE = "service", "un code service"
    ENGAGEMENT = "engagement", "un numéro d’engagement"
    SERVICE_OR_ENGAGEMENT = "service_or_engagement", "un code service ou un numéro d’engagement"
    SERVICE_AND_ENGAGEMENT = "service_and_engagement", "un code service et un numéro d’engagement"
