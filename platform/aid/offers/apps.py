"""What volunteers propose: kinds of help, area."""

from django.apps import AppConfig


class OffersConfig(AppConfig):
    """Nothing to start."""

    name = "aid.offers"
    label = "offers"
    verbose_name = "offres"
