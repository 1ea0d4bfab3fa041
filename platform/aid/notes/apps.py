"""Confidential notes about a person, kept sealed."""

from django.apps import AppConfig


class NotesConfig(AppConfig):
    """Declares what it holds."""

    name = "aid.notes"
    label = "notes"
    verbose_name = "notes confidentielles"

    def ready(self) -> None:
        """Declare it to the room of privacy."""
        from aid.notes import holdings

        holdings.register()
