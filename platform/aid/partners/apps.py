"""Who sees isolated people first, and tells the town: CARSAT, MSA, CLIC, caretakers of buildings…"""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """Says who of an account is a partner, and where they arrive."""

    name = "aid.partners"
    label = "partners"
    verbose_name = "partenaires"

    def ready(self) -> None:
        """Register with the door, and with privacy."""
        from accounts import landing, roles
        from accounts.roles import Role
        from aid.partners import access, blueprint, forgetting, holdings, retained

        roles.register(Role.PARTNER, access.is_partner, never_staff=True)
        landing.register(Role.PARTNER, "partners:flags")
        blueprint.register()
        forgetting.register()
        retained.register()
        holdings.register()
