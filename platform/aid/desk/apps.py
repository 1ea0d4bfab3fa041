"""The screens of agents."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Says where follow-ups lead, and where agents arrive."""

    name = "aid.desk"
    label = "desk"
    verbose_name = "bureau"

    def ready(self) -> None:
        """Register with the rooms below."""
        from accounts import landing
        from accounts.roles import Role
        from aid.desk import subjects

        subjects.register()
        landing.register(Role.AGENT, "desk:board")
