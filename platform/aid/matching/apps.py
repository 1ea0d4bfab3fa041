"""Who fits a need, and why."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """Keeps nothing, and registers with nobody."""

    name = "aid.matching"
    label = "matching"
    verbose_name = "rapprochements"
