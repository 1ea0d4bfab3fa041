"""To whom a worry is given: who is on duty in the sector, else elsewhere, else who has the fewest to follow."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q, QuerySet

from accounts.models import Account
from accounts.roles import ADMINISTRATORS, AGENTS, COORDINATORS, accounts_in
from aid.people.models import Person
from aid.territory.models import Sector
from aid.worries.enums import WAITING
from aid.worries.models import WorryDuty


def at_work(group: str) -> QuerySet[Account]:
    """The accounts of a group of the town's own people; never those that Palier's support comes in by."""
    return accounts_in(group).filter(support_access=None)


def candidates(sector: Sector | None) -> list[Account]:
    """Who may be given the worries of a sector: agents, and its own coordinators; elsewhere, agents."""
    found = {one.pk: one for group in (AGENTS, ADMINISTRATORS) for one in at_work(group)}
    if sector is not None:
        found |= {one.pk: one for one in at_work(COORDINATORS).filter(sectors=sector)}
    return list(found.values())


def candidates_everywhere() -> list[tuple[Sector | None, list[Account]]]:
    """The same for every sector, then for elsewhere, in as many queries however many there are."""
    agents = candidates(None)
    coordinators = list(at_work(COORDINATORS).prefetch_related("sectors"))
    places: list[tuple[Sector | None, list[Account]]] = []
    for sector in Sector.objects.all():
        theirs = [one for one in coordinators if sector in one.sectors.all() and one not in agents]
        places.append((sector, [*agents, *theirs]))
    return [*places, (None, agents)]


def on_duty() -> dict[int | None, Account]:
    """Who is on duty, by the number of a sector; under None, everywhere else."""
    return {one.sector_id: one.account for one in WorryDuty.objects.select_related("account")}


@transaction.atomic
def set_duty(chosen: Mapping[Sector | None, Account | None]) -> None:
    """Say who is on duty in each sector, and elsewhere; nobody leaves it to the next rule.

    Raises ValidationError for somebody who may not follow worries there.
    """
    may = dict(candidates_everywhere())
    for sector, account in chosen.items():
        if account is not None and account not in may[sector]:
            raise ValidationError(f"{account} ne peut pas suivre ces inquiétudes.")
        if account is None:
            WorryDuty.objects.filter(sector=sector).delete()
        else:
            WorryDuty.objects.update_or_create(sector=sector, defaults={"account": account})


def agent_for(person: Person) -> Account | None:
    """Who is given a worry about somebody; None where the town has nobody at work."""
    duty = on_duty()
    for sector in [*_sectors_of(person), None]:
        account = duty.get(sector.pk if sector else None)
        if account is not None and account in candidates(sector):
            return account
    return _least_busy()


def _sectors_of(person: Person) -> list[Sector]:
    """Where they live: a district tells more than its commune."""
    places = {"districts": person.district_id, "communes": person.commune_id}
    return [
        sector
        for name, place in places.items()
        if place is not None
        for sector in Sector.objects.filter(**{name: place})
    ]


def _least_busy() -> Account | None:
    """Of agents, who follows fewest; of administrators where the town has no agent."""
    waiting = Count("given_worries", filter=Q(given_worries__state__in=WAITING))
    for group in (AGENTS, ADMINISTRATORS):
        found = at_work(group).annotate(waiting=waiting).order_by("waiting", "pk").first()
        if found is not None:
            return found
    return None
