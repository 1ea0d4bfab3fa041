"""Thanking volunteers: what they gave, in figures and words; a certificate, a birthday, a letter once a year."""

from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    """Declares what it holds about persons, what they agree to, and how long it is kept."""

    name = "aid.recognition"
    label = "recognition"
    verbose_name = "reconnaissance"

    def ready(self) -> None:
        """Register with privacy."""
        from aid.recognition import agreeing, holdings, retained

        agreeing.register()
        retained.register()
        holdings.register()
