"""Persons: somebody, whether or not they have an account."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Nothing to start."""

    name = "aid.people"
    label = "people"
    verbose_name = "personnes"
