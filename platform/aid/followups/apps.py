"""What somebody at the town must do, by when."""

from django.apps import AppConfig


class FollowupsConfig(AppConfig):
    """Keeps what messages tell."""

    name = "aid.followups"
    label = "followups"
    verbose_name = "suites à donner"

    def ready(self) -> None:
        """Listen to notifications."""
        from aid.followups import holdings, retained, rights
        from aid.followups.services import hear
        from aid.notifications import alerts

        alerts.register(hear)
        rights.register()
        retained.register()
        holdings.register()
