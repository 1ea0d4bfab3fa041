"""Privacy: what the town knows of somebody, and who read or changed it."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Hears of every change of a person, and knows what each room holds."""

    name = "aid.privacy"
    label = "privacy"
    verbose_name = "vie privée"

    def ready(self) -> None:
        """Register with the room of persons, and declare what both rooms hold."""
        from aid.people import changes
        from aid.privacy import declared, forgetting, leaving, retained, rights
        from aid.privacy.services import note_change

        changes.listen(note_change)
        declared.register()
        retained.register()
        leaving.activity(leaving.own_demands)
        leaving.activity(leaving.card_changes)
        leaving.activity(leaving.stays)
        forgetting.before(rights.close_waiting)
