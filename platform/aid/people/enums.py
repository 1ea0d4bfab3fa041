"""How a person is reached; how far a list of people is."""

from django.db import models


class Channel(models.TextChoices):
    """By which door a person wants news."""

    SMS = "sms", "par SMS"
    EMAIL = "email", "par e-mail"
    CALL = "call", "par téléphone"


class ImportState(models.TextChoices):
    """How far an import is."""

    MAPPING = "mapping", "colonnes à vérifier"
    CHECKING = "checking", "lecture en cours"
    CHECKED = "checked", "à confirmer"
    RUNNING = "running", "enregistrement en cours"
    DONE = "done", "finie"
    ABANDONED = "abandoned", "abandonnée"


class RowState(models.TextChoices):
    """What becomes of a row of a list."""

    NEW = "new", "à créer"
    KNOWN = "known", "sans doute déjà connue"
    REFUSED = "refused", "à corriger"
    CREATED = "created", "créée"
