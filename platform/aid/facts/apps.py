"""Facts: anonymous, only ever added, so that figures never disagree."""

from django.apps import AppConfig


class FactsConfig(AppConfig):
    """Nothing to start."""

    name = "aid.facts"
    label = "facts"
    verbose_name = "faits"
