"""The screens of agents."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Says what may be done here, where follow-ups lead, and who arrives here."""

    name = "aid.desk"
    label = "desk"
    verbose_name = "bureau"

    def ready(self) -> None:
        """Register with the rooms below."""
        from accounts import landing
        from accounts.roles import Role
        from aid.desk import abilities, subjects

        abilities.register()
        subjects.register()
        for role in (Role.AGENT, Role.COORDINATOR):
            landing.register(role, "desk:board")
