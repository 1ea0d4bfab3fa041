"""The towns of this platform, as its operators see them: on the console and in a terminal."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from tenants.addresses import url_at
from tenants.enums import ANSWERING_STATES, TownKind, TownState
from tenants.models import Domain


@dataclass(frozen=True)
class ListedTown:
    """One town, at its primary address."""

    name: str
    kind: TownKind
    state: TownState
    blueprint: str
    schema: str
    domain: str
    address: str
    communes: int
    opened_at: datetime | None

    @property
    def answers(self) -> bool:
        """Whether its site is shown."""
        return self.state in ANSWERING_STATES


def list_towns() -> list[ListedTown]:
    """Every town that has an address, in the order of names. Runs on the platform; one query."""
    primary = (
        Domain.objects.filter(is_primary=True)
        .select_related("tenant")
        .annotate(communes=Count("tenant__communes"))
        .order_by("tenant__name", "domain")
    )
    return [
        ListedTown(
            name=one.tenant.name,
            kind=TownKind(one.tenant.kind),
            state=TownState(one.tenant.state),
            blueprint=one.tenant.blueprint,
            schema=one.tenant.schema_name,
            domain=one.domain,
            address=url_at(one.domain),
            communes=one.communes,
            opened_at=one.tenant.opened_at,
        )
        for one in primary
    ]
