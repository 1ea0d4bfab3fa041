"""« Mon espace »: what is somebody's own, once signed in."""

from django.apps import AppConfig


class PersonalConfig(AppConfig):
    """Says who is a resident or a volunteer, and where they arrive."""

    name = "aid.personal"
    label = "personal"
    verbose_name = "mon espace"

    def ready(self) -> None:
        """Register with the door."""
        from accounts import doors, landing, passwords, roles
        from accounts.roles import Role
        from aid.personal import access, acting, services
        from aid.personal.views.presentation import who_reads
        from aid.profiles import readers
        from themes.bands import register_band_provider

        register_band_provider(acting.band)
        readers.register(who_reads)
        doors.register(knows=services.knows_contact, opens=services.open_door)
        roles.register(Role.RESIDENT, access.is_resident)
        roles.register(Role.VOLUNTEER, access.is_volunteer)
        roles.register_sharing(access.is_shared)
        passwords.register_names(access.names_of)
        for role in (Role.RESIDENT, Role.VOLUNTEER):
            landing.register(role, "personal:home")
