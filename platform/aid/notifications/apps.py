"""One message to one person: channel, delivery, replies."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Carries the codes of accounts, hears « STOP », and shows the outbox where there is one."""

    name = "aid.notifications"
    label = "notifications"
    verbose_name = "messages"

    def ready(self) -> None:
        """Register with the accounts, the replies and the menus."""
        from accounts.codes import register_sender
        from aid.notifications import holdings, leaving, menus, retained, rights, stop
        from aid.notifications.services import send_code

        register_sender(send_code)
        menus.register()
        stop.register()
        rights.register()
        retained.register()
        leaving.register()
        holdings.register()
