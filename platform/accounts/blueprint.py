"""What an opening does here: the groups of those who work for the town, and the first of them."""

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError

from accounts.roles import ADMINISTRATORS, AGENTS, COORDINATORS
from accounts.services import invite_administrator, sign_in_path
from tenants import blueprints
from tenants.opening import Opening, OpeningError

# Wagtail's own groups ("Editors", "Moderators") have English names and rights that nobody asked for.
WAGTAIL_GROUPS = ("Editors", "Moderators")


def fill(blueprint: blueprints.Blueprint) -> None:
    """Make the groups; rooms that have screens in the back-office add their permissions to administrators'.

    Agents and coordinators have none of Wagtail's: what opens the desk to them is their group (accounts.roles).
    """
    Group.objects.filter(name__in=WAGTAIL_GROUPS).delete()
    for name in (AGENTS, COORDINATORS):
        Group.objects.get_or_create(name=name)
    group, _ = Group.objects.get_or_create(name=ADMINISTRATORS)
    group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    group.permissions.add(
        *Permission.objects.filter(
            content_type__app_label="accounts",
            codename__in=["add_account", "change_account", "delete_account"],
        )
    )


def personalise(opening: Opening) -> None:
    """Invite the first administrator, where an address was given."""
    if opening.admin_email:
        try:
            invite_administrator(email=opening.admin_email)
        except ValidationError as error:
            raise OpeningError(" ".join(error.messages)) from error
        opening.sign_in_path = sign_in_path()


def register() -> None:
    """Called when the app is ready."""
    blueprints.register(blueprints.Installer("accounts", order=10, fill=fill, personalise=personalise))
