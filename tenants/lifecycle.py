"""What happens to a town after its opening: suspended, open again, erased."""

from django.db import transaction

from tenants import files, walls
from tenants.enums import TOWN_TRANSITIONS, TownState
from tenants.models import Domain, Pulse, Town


class TransitionError(ValueError):
    """The town is not in a state from which this may be done; the message says so in French."""


def town_named(label: str) -> Town:
    """The town of a subdomain, host name or schema. Raises Town.DoesNotExist."""
    domain = Domain.objects.select_related("tenant").filter(domain=label).first()
    domain = domain or Domain.objects.select_related("tenant").filter(domain__startswith=f"{label}.").first()
    return domain.tenant if domain else Town.objects.get(schema_name=label)


@transaction.atomic
def change_state(town: Town, act: str) -> Town:
    """Do one of TOWN_TRANSITIONS. Raises TransitionError from another state than those it may start from."""
    starts, end = TOWN_TRANSITIONS[act]
    locked = Town.objects.select_for_update(of=("self",)).get(pk=town.pk)
    if locked.state not in starts:
        raise TransitionError(f"{locked.name} est {TownState(locked.state).label} : ce changement n’est pas possible.")
    locked.state = end
    locked.save(update_fields=["state"])
    return locked


def erase_town(town: Town) -> None:
    """Erase a town: schema, role, rows, then files. What was committed before a crash is finished by a second call."""
    schema = town.schema_name
    with walls.provisioning(), transaction.atomic():
        walls.drop_town(schema)
        Pulse.objects.filter(schema_name=schema).delete()
        town.communes.clear()
        Domain.objects.filter(tenant=town).delete()
        Town.objects.filter(pk=town.pk).delete()
    files.erase(schema)
