"""What an opening does here: the town covers its communes, and its administrators may draw districts and sectors."""

from django.contrib.auth.models import Group, Permission
from django.db import connection

from accounts.services import ADMINISTRATORS
from aid.territory.models import CoveredCommune
from aid.territory.services import cover
from tenants import blueprints
from tenants.opening import Opening


def fill(blueprint: blueprints.Blueprint) -> None:
    """Give administrators the districts and the sectors. Covered communes follow the contract."""
    Group.objects.get(name=ADMINISTRATORS).permissions.add(
        *Permission.objects.filter(content_type__app_label="territory", content_type__model__in=("district", "sector"))
    )


def personalise(opening: Opening) -> None:
    """Cover the communes of the town."""
    cover(opening.communes)
    # Autovacuum never looks at so few rows: PostgreSQL would expect a thousand, and read all the communes of France
    # wherever a page names those of the town.
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {connection.ops.quote_name(CoveredCommune._meta.db_table)}")


def register() -> None:
    """Called when the app is ready."""
    blueprints.register(blueprints.Installer("territory", order=30, fill=fill, personalise=personalise))
