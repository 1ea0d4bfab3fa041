"""What a blueprint may set here: the means that volunteers are asked about. Administrators change them later."""

from django.contrib.auth.models import Group, Permission

from accounts.services import ADMINISTRATORS
from aid.offers.models import Means
from tenants import blueprints

KEYS = frozenset({"means"})
USUAL_MEANS = ("Une voiture", "Un vélo", "Des outils de bricolage", "Un ordinateur ou une tablette")


def fill(blueprint: blueprints.Blueprint) -> None:
    """Write the means of the template, the usual ones where it says nothing of them."""
    section = blueprint.section("offers")
    blueprints.check_keys(section, KEYS, f"{blueprint.slug}: offers")
    for rank, name in enumerate(section.get("means", USUAL_MEANS), 1):
        new = Means(name=name, position=rank * 10)
        new.full_clean()
        new.save()
    Group.objects.get(name=ADMINISTRATORS).permissions.add(
        *Permission.objects.filter(content_type__app_label="offers", codename__in=("add_means", "change_means"))
    )


def register() -> None:
    """Called when the app is ready."""
    blueprints.register(blueprints.Installer("offers", order=35, fill=fill))
