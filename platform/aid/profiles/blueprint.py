"""What a blueprint may set here: the interests that a new town begins with."""

from django.contrib.auth.models import Group, Permission

from accounts.services import ADMINISTRATORS
from aid.profiles.models import Interest
from tenants import blueprints

KEYS = frozenset({"interests"})
# Each follows « j’aime ». What brings people together at any age, and says nothing of a trade, a faith, a fortune.
INTERESTS = (
    "cuisiner", "jardiner", "marcher", "lire", "jouer aux cartes", "les jeux de société", "bricoler",
    "coudre et tricoter", "la musique", "chanter", "danser", "le cinéma", "dessiner et peindre", "l’histoire d’ici",
    "les voyages", "les langues", "les animaux", "le sport", "la pêche", "bavarder autour d’un café",
)  # fmt: skip


def fill(blueprint: blueprints.Blueprint) -> None:
    """Write the interests, and let administrators change them."""
    section = blueprint.section("profiles")
    blueprints.check_keys(section, KEYS, f"{blueprint.slug}: profiles")
    for rank, name in enumerate(section.get("interests", INTERESTS), 1):
        new = Interest(name=name, position=rank * 10)
        new.full_clean(exclude=["folded_name"])
        new.save()
    Group.objects.get(name=ADMINISTRATORS).permissions.add(
        *Permission.objects.filter(content_type__app_label="profiles", content_type__model="interest")
    )


def register() -> None:
    """Called when the app is ready."""
    blueprints.register(blueprints.Installer("profiles", order=40, fill=fill))
