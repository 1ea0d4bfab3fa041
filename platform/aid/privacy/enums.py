"""What the journal of accesses says, and why a town may hold what it does."""

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
    NOTES = "notes", "ses notes confidentielles"
    KNOWN = "known", "tout ce que la ville sait"
    HISTORY = "history", "qui a vu la fiche"
    EXPORT = "export", "la liste exportée de toutes les personnes"


class LegalBasis(models.TextChoices):
    """On what ground somebody's data are held (RGPD, art. 6 § 1)."""

    LEGAL_DUTY = "legal_duty", "une obligation de la loi"  # c
    PUBLIC_TASK = "public_task", "une mission d’intérêt public"  # e
