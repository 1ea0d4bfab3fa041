"""Palier's own site and the operator's commands."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The operator's own site, on the platform's domain."""

    name = "console"
    verbose_name = "Console de la plateforme"

    def ready(self) -> None:
        """Say where operators arrive, how their codes leave, and who still is one."""
        from accounts import codes, landing
        from accounts.roles import Role, is_staff, may_bill
        from aid.support import operators
        from billing import mailing
        from console import mail, menu, support

        landing.register(Role.OPERATOR, "console:towns")
        landing.register(Role.BILLING, "console:billing")
        codes.register_sender(mail.send, platform=True)
        mailing.register(mail.send_document)
        operators.register(support.is_operator)
        menu.register(menu.Entry("Les villes", "console:towns", is_staff, order=10))
        menu.register(menu.Entry("Ouvrir une ville", "console:open_town", order=20))
        menu.register(menu.Entry("Facturation", "console:billing", may_bill, order=30))
