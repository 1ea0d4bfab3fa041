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
        from aid.privacy import leaving

        forgetting.register()
        leaving.activity(forgetting.not_left)
        holdings.register()
