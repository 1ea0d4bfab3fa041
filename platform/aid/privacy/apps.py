"""Privacy: who read or changed what the town knows of somebody."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Hears of every change of a person."""

    name = "aid.privacy"
    label = "privacy"
    verbose_name = "vie privée"

    def ready(self) -> None:
        """Register with the room of persons."""
        from aid.people import changes
        from aid.privacy.services import note_change

        changes.listen(note_change)
