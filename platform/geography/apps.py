"""The reference that every town shares."""

from django.apps import AppConfig


class GeographyConfig(AppConfig):
    """Communes, intercommunalities, départements and regions of France, in the public schema."""

    name = "geography"
    label = "geography"
    verbose_name = "Géographie"
