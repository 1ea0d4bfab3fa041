"""What a blueprint may set here: themes. What the directory shows is among the rules of the town (configuration)."""

from django.contrib.auth.models import Group, Permission

from accounts.services import ADMINISTRATORS
from aid.directory.models import Theme
from tenants import blueprints

KEYS = frozenset({"themes"})
THEME_KEYS = frozenset({"name", "icon"})


def fill(blueprint: blueprints.Blueprint) -> None:
    """Write the themes of the template, and let administrators change theirs."""
    section, where = blueprint.section("directory"), f"{blueprint.slug}: directory"
    blueprints.check_keys(section, KEYS, where)
    for rank, told in enumerate(section.get("themes", []), 1):
        blueprints.check_keys(told, THEME_KEYS, f"{where}.themes {rank}")
        theme = Theme(position=rank * 10, **told)
        theme.full_clean()
        theme.save()
    Group.objects.get(name=ADMINISTRATORS).permissions.add(
        *Permission.objects.filter(content_type__app_label="directory", content_type__model="theme")
    )


def tell(blueprint: blueprints.Blueprint) -> list[blueprints.Told]:
    """Say under which themes referents are found."""
    themes = blueprint.section("directory").get("themes", [])
    return [blueprints.Told("Les thèmes de l’annuaire", tuple(theme["name"] for theme in themes))]


def register() -> None:
    """Called when the app is ready."""
    blueprints.register(blueprints.Installer("directory", order=40, fill=fill, tell=tell))
