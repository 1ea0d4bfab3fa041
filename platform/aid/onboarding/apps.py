"""Volunteers: who is admitted to help."""

from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    """Declares what it holds about persons."""

    name = "aid.onboarding"
    label = "onboarding"
    verbose_name = "bénévoles"

    def ready(self) -> None:
        """Register with privacy."""
        from aid.onboarding import forgetting, holdings

        forgetting.register()
        holdings.register()
