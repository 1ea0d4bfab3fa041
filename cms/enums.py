"""Kinds of pages."""

from django.db import models


class LegalKind(models.TextChoices):
    """The pages that the law asks of a public body's site."""

    LEGAL_NOTICE = "legal_notice", "mentions légales"
    PRIVACY = "privacy", "données personnelles"
    ACCESSIBILITY = "accessibility", "accessibilité"
