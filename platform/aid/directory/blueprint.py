"""What a blueprint may set here: themes, whether the menu shows the directory, and whether professionals are in it."""

from django.contrib.auth.models import Group, Permission

from accounts.services import ADMINISTRATORS
from aid.directory.models import DirectoryRules, Theme
from tenants import blueprints

KEYS = frozenset({"themes", "in_menu", "has_professionals", "professionals_title"})
THEME_KEYS = frozenset({"name", "icon"})


def fill(blueprint: blueprints.Blueprint) -> None:
    """Write the rules and the themes of the template, and let administrators change theirs."""
    section, where = dict(blueprint.section("directory")), f"{blueprint.slug}: directory"
    blueprints.check_keys(section, KEYS, where)
    themes = section.pop("themes", [])
    rules = DirectoryRules(pk=1, **section)
    rules.full_clean()
    rules.save(force_insert=True)
    for rank, told in enumerate(themes, 1):
        blueprints.check_keys(told, THEME_KEYS, f"{where}.themes {rank}")
        theme = Theme(position=rank * 10, **told)
        theme.full_clean()
        theme.save()
    Group.objects.get(name=ADMINISTRATORS).permissions.add(
        *Permission.objects.filter(content_type__app_label="directory", content_type__model="theme"),
        Permission.objects.get(content_type__app_label="directory", codename="change_directoryrules"),
    )


def register() -> None:
    """Called when the app is ready."""
    blueprints.register(blueprints.Installer("directory", order=40, fill=fill))
