"""The door: accounts, in the public schema for operators and in every town for everybody else."""

from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig

from themes.menus import Slot, register_menu_entry


class AccountsConfig(AppConfig):
    """Gives new towns their first administrator, and every site a way in."""

    name = "accounts"
    default = True
    verbose_name = "comptes"

    def ready(self) -> None:
        """Register with the openings of towns, and show the door at the foot of every page.

        A link and not « Mon compte »: pages for visitors are kept for everybody, so none reads the session.
        """
        from accounts import blueprint, sessions  # noqa: F401 - sessions listens to sign-ins

        blueprint.register()
        register_menu_entry(Slot.FOOTER, "Se connecter", "account_login", order=200)


class BackOfficeUsersConfig(WagtailUsersAppConfig):
    """Wagtail's screens of users, with our forms: a door is an e-mail address or a telephone, never a password."""

    user_viewset = "accounts.back_office.AccountViewSet"
