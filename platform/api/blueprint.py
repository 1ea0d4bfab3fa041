"""What an opening does here: administrators may make applications, and end them."""

from django.contrib.auth.models import Group, Permission

from accounts.services import ADMINISTRATORS
from tenants import blueprints


def fill(blueprint: blueprints.Blueprint) -> None:
    """Give the right. An application is never changed: its scopes are those that were decided."""
    Group.objects.get(name=ADMINISTRATORS).permissions.add(
        *Permission.objects.filter(
            content_type__app_label="api", codename__in=("add_application", "view_application", "delete_application")
        )
    )


def register() -> None:
    """Called when the app is ready."""
    blueprints.register(blueprints.Installer("api", order=60, fill=fill))
