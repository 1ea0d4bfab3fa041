"""What a blueprint may set here: the steps of a volunteer, and the charter; each town changes them afterwards."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.services import ADMINISTRATORS
from aid.configuration.models import KindOfHelp
from aid.onboarding.charters import CHARTER
from aid.onboarding.models import Step
from aid.onboarding.passing import publish_charter
from tenants import blueprints

KEYS = frozenset({"steps", "charter"})
STEP_KEYS = frozenset(
    {"kind", "name", "words", "is_required", "validity_months", "minutes", "proof", "is_reserved", "kinds"}
)


def fill(blueprint: blueprints.Blueprint) -> None:
    """Write the steps and publish the charter of the template, and let administrators change theirs."""
    section = blueprint.section("onboarding")
    blueprints.check_keys(section, KEYS, f"{blueprint.slug}: onboarding")
    for rank, step in enumerate(section.get("steps", []), 1):
        where = f"{blueprint.slug}: onboarding.steps {rank}"
        blueprints.check_keys(step, STEP_KEYS, where)
        _add(step, rank * 10, where)
    publish_charter(text=section.get("charter", CHARTER), asked_from=timezone.localdate(), by_account=None)
    may = ["add_step", "change_step", "add_charter", "view_charter"]
    Group.objects.get(name=ADMINISTRATORS).permissions.add(
        *Permission.objects.filter(content_type__app_label="onboarding", codename__in=may)
    )


def _add(told: dict[str, Any], position: int, where: str) -> None:
    """Write one step down. Raises BlueprintContentError for a kind of help that the town does not have."""
    names = told.get("kinds", [])
    step = Step(position=position, **{name: value for name, value in told.items() if name != "kinds"})
    try:
        step.full_clean()
    except ValidationError as error:
        raise blueprints.BlueprintContentError(f"{where} : {' '.join(error.messages)}") from error
    step.save()
    kinds = list(KindOfHelp.objects.filter(name__in=names))
    if len(kinds) != len(names):
        raise blueprints.BlueprintContentError(f"{where} : une de ces aides n’existe pas : {names}.")
    step.kinds.set(kinds)


def tell(blueprint: blueprints.Blueprint) -> list[blueprints.Told]:
    """Say what is asked of a volunteer."""
    steps = blueprint.section("onboarding").get("steps", [])
    lines = tuple(f"{step['name']}{'' if step.get('is_required', True) else ' (facultatif)'}" for step in steps)
    return [blueprints.Told("Pour devenir bénévole", lines)]


def register() -> None:
    """Called when the app is ready."""
    blueprints.register(blueprints.Installer("onboarding", order=25, fill=fill, tell=tell))
