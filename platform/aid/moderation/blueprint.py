"""What an opening writes here: the rules of reading, with words to begin with, which administrators may change."""

from django.contrib.auth.models import Group, Permission

from accounts.services import ADMINISTRATORS
from aid.moderation.defaults import RULES
from aid.moderation.models import CheckRule, ModerationRules
from tenants import blueprints


def fill(blueprint: blueprints.Blueprint) -> None:
    """Write the rules of every family, and let administrators change them; none is added nor taken away."""
    for family, (effect, words) in RULES.items():
        rule = CheckRule(family=family, effect=effect, words="\n".join(words))
        rule.full_clean()
        rule.save()
    ModerationRules.objects.create(pk=1)
    Group.objects.get(name=ADMINISTRATORS).permissions.add(
        *Permission.objects.filter(
            content_type__app_label="moderation", codename__in=["change_checkrule", "change_moderationrules"]
        )
    )


def register() -> None:
    """Called when the app is ready."""
    blueprints.register(blueprints.Installer("moderation", order=35, fill=fill))
