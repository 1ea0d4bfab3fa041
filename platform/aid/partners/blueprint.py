"""What a blueprint may set here: the first version of the screening grid. Without one, the house's own is used."""

from aid.partners import grids
from tenants import blueprints

KEYS = frozenset({"medium_from", "high_from", "questions"})
QUESTION_KEYS = frozenset({"text", "kind", "help", "options"})


def fill(blueprint: blueprints.Blueprint) -> None:
    """Publish the grid of the blueprint, where it has one."""
    section = blueprint.section("partners")
    if not section:
        return
    blueprints.check_keys(section, KEYS, f"{blueprint.slug}: partners")
    for rank, question in enumerate(section["questions"], 1):
        blueprints.check_keys(question, QUESTION_KEYS, f"{blueprint.slug}: partners.questions {rank}")
    grids.publish_first(section)


def tell(blueprint: blueprints.Blueprint) -> list[blueprints.Told]:
    """Say what partners are asked of somebody whom they flag, where the grid is not the house's own."""
    questions = blueprint.section("partners").get("questions", [])
    return [blueprints.Told("La grille des partenaires", tuple(question["text"] for question in questions))]


def register() -> None:
    """Called when the app is ready."""
    blueprints.register(blueprints.Installer("partners", order=40, fill=fill, tell=tell))
