"""Ten years of books outlive a schema: in a database of its own, since the town is really erased."""

from billing.models import Contract, CountSnapshot
from harness.billing import ready
from tenants import walls
from tenants.context import platform_context
from tenants.lifecycle import erase_town, town_named


def test_erasing_a_town_leaves_its_books(towns):
    with platform_context():
        kept = ready(towns[1], {"58145": 1200}).pk
    with walls.provisioning():
        erase_town(town_named("lormes"))
    with platform_context():
        assert Contract.objects.get(pk=kept).town is None
        assert CountSnapshot.objects.get(contract=kept).total == 1200
