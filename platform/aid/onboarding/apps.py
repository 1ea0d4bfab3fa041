"""Volunteers: who is admitted to help."""

from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    """Nothing to start."""

    name = "aid.onboarding"
    label = "onboarding"
    verbose_name = "bénévoles"
