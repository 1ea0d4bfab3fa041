"""What a blueprint may set here (colour, words, rules, kinds of help), and what an opening writes: name, telephone."""

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError

from accounts.services import ADMINISTRATORS
from aid.configuration.enums import Mode
from aid.configuration.models import AccessibilityStatement, Identity, KindOfHelp, Rules
from core.french import of_place
from core.text import slug
from tenants import blueprints
from tenants.opening import Opening, OpeningError

KEYS = frozenset({"tagline", "ask_label", "brand_colour", "look", "opening_hours", "kinds", "rules"})
RULES_KEYS = frozenset(
    {
        "hours_before_followup", "requests_a_day_by_number", "requests_a_day_by_address", "card_months",
        "directory_in_menu", "has_professionals", "professionals_title", "hours_before_reading",
    }
)  # fmt: skip
KIND_KEYS = frozenset(
    {
        "icon", "name", "description", "theme", "usual_minutes", "mode", "chooser", "wave_size", "wave_minutes",
        "hours_before_coordinator", "people_needed", "askers", "helpers", "shows_professionals", "first_month",
        "last_month", "questions",
    }
)  # fmt: skip


def fill(blueprint: blueprints.Blueprint) -> None:
    """Write the identity, rules and kinds of help of the template, and let administrators change theirs."""
    section = dict(blueprint.section("configuration"))
    blueprints.check_keys(section, KEYS, f"{blueprint.slug}: configuration")
    kinds, rules = section.pop("kinds"), section.pop("rules", {})
    blueprints.check_keys(rules, RULES_KEYS, f"{blueprint.slug}: configuration.rules")
    known = Rules(pk=1, **rules)
    known.full_clean()
    known.save(force_insert=True)
    identity = Identity(pk=1, public_name=blueprint.title, **section)
    identity.full_clean()
    identity.save()
    AccessibilityStatement.objects.create(identity=identity)
    for rank, kind in enumerate(kinds, 1):
        blueprints.check_keys(kind, KIND_KEYS, f"{blueprint.slug}: configuration.kinds {rank}")
        new = KindOfHelp(slug=slug(kind["name"]), position=rank * 10, **kind)
        new.full_clean()
        new.save()
    Group.objects.get(name=ADMINISTRATORS).permissions.add(
        *Permission.objects.filter(
            content_type__app_label="configuration",
            codename__in=[
                "change_identity",
                "change_rules",
                "change_accessibilitystatement",
                "add_kindofhelp",
                "change_kindofhelp",
            ],
        )
    )


def personalise(opening: Opening) -> None:
    """Give the town its name and its telephone."""
    identity = Identity.objects.get()
    identity.public_name = opening.town.name
    identity.publisher = opening.town.name
    identity.place_phrase = of_place(opening.town.name)
    identity.telephone = opening.telephone
    try:
        identity.full_clean()
    except ValidationError as error:
        raise OpeningError(" ".join(error.messages)) from error
    identity.save()


def tell(blueprint: blueprints.Blueprint) -> list[blueprints.Told]:
    """Say which kinds of help it offers, and how people are brought together for them."""
    kinds = blueprint.section("configuration")["kinds"]
    modes = dict.fromkeys(Mode(kind.get("mode", Mode.FIRST_YES)).label for kind in kinds)
    return [
        blueprints.Told("Les aides", tuple(f"{kind['name']} : {kind['description']}" for kind in kinds)),
        blueprints.Told("La mise en relation", tuple(f"{mode[0].upper()}{mode[1:]}." for mode in modes)),
    ]


def register() -> None:
    """Called when the app is ready."""
    installer = blueprints.Installer("configuration", order=20, fill=fill, personalise=personalise, tell=tell)
    blueprints.register(installer)
