"""What the journal of accesses says."""

from django.db import models


class Act(models.TextChoices):
    """What somebody did with a card."""

    READ = "read", "a lu"
    CHANGED = "changed", "a modifié"


class SeenOn(models.TextChoices):
    """On which screen. Each shows a telephone or an address."""

    CARD = "card", "la fiche"
    EDIT = "edit", "la fiche, pour la modifier"
    REQUEST = "request", "une demande"
    FOLLOWUP = "followup", "une suite à donner"
    ENTRY = "entry", "la fiche, en saisissant"
    MISSION = "mission", "le rendez-vous, depuis son lien"
    HISTORY = "history", "qui a vu la fiche"
    EXPORT = "export", "la liste exportée de toutes les personnes"
