"""Choices of the town's settings."""

from django.db import models


class Conformity(models.TextChoices):
    """What a site may say of its accessibility (décret 2019-768, article 5)."""

    NONE = "none", "non conforme"
    PARTIAL = "partial", "partiellement conforme"
    FULL = "full", "totalement conforme"
