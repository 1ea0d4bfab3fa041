"""« Mon espace »: what is somebody's own, once signed in."""

from django.apps import AppConfig


class PersonalConfig(AppConfig):
    """Says who is a resident or a volunteer, and where they arrive."""

    name = "aid.personal"
    label = "personal"
    verbose_name = "mon espace"

    def ready(self) -> None:
        """Register with the door."""
        from accounts import doors, landing, roles
        from accounts.roles import Role
        from aid.personal import access, services

        doors.register(knows=services.knows_contact, opens=services.open_door)
        roles.register(Role.RESIDENT, access.is_resident)
        roles.register(Role.VOLUNTEER, access.is_volunteer)
        roles.register_sharing(access.is_shared)
        for role in (Role.RESIDENT, Role.VOLUNTEER):
            landing.register(role, "personal:home")
