"""Steps of volunteers: how fast those who may be asked are found among 20,000, and what a night's expiry costs."""

import datetime
import statistics
import time
from collections.abc import Callable

from tenants import walls
from tenants.context import town_context
from tenants.registry import registry

VOLUNTEERS, STEPS = 20_000, 6
# Of so many volunteers of one town, how many have a step that ends within the reminders, and how many a lapsed one.
NIGHT, ENDING, LAPSING = 5_000, 10, 5


def populate(count: int) -> None:
    """Invent volunteers of the town that the connection is in, who passed its steps; one in twenty lacks the first."""
    from django.utils import timezone

    from aid.configuration.models import KindOfHelp
    from aid.offers.models import Offer
    from aid.onboarding.enums import StepKind, VolunteerState
    from aid.onboarding.models import Step, StepRecord, Volunteer
    from aid.people.enums import Channel
    from aid.people.models import Person

    today = timezone.localdate()
    Step.objects.update(is_asked=False)
    steps = [
        Step.objects.create(kind=StepKind.OTHER, name=f"Étape {number}", position=number) for number in range(STEPS)
    ]
    kind = KindOfHelp.objects.order_by("position", "pk")[0]
    persons = Person.objects.bulk_create(
        [
            Person(first_name=f"Voisine {number}", phone=f"+33639{number:06}", channel=Channel.SMS)
            for number in range(count)
        ],
        batch_size=5000,
    )
    admitted = {"state": VolunteerState.ADMITTED, "admitted_on": today}
    volunteers = Volunteer.objects.bulk_create([Volunteer(person=person, **admitted) for person in persons])
    offers = Offer.objects.bulk_create([Offer(volunteer=volunteer) for volunteer in volunteers])
    kinds = Offer.kinds.through
    kinds.objects.bulk_create([kinds(offer=offer, kindofhelp=kind) for offer in offers])
    since, until = today - datetime.timedelta(days=100), today + datetime.timedelta(days=300)
    StepRecord.objects.bulk_create(
        (
            StepRecord(volunteer=volunteer, step=step, passed_on=since, valid_until=until if place % 2 else None)
            for number, volunteer in enumerate(volunteers)
            for place, step in enumerate(steps)
            if place or number % 20
        ),
        batch_size=10_000,
    )


def analyse(schema: str) -> None:
    """Know how many rows there are, as a real server does a minute later: the town's role may not ask for it."""
    with walls.provisioning():
        for table in (
            "onboarding_steprecord",
            "onboarding_volunteer",
            "offers_offer",
            "offers_offer_kinds",
            "people_person",
        ):
            walls.run("ANALYZE {schema}.{table}", schema=schema, table=table)


def measure(*, host: str, runs: int, report: Callable[[str], None]) -> dict[str, float]:
    """Milliseconds to find who may be asked, of 20,000. Commits in `host`'s town."""
    from aid.configuration.models import KindOfHelp
    from aid.offers.services import volunteers_for
    from aid.territory.models import CoveredCommune

    town, _ = registry.find(host)
    report(f"Étapes de {VOLUNTEERS} bénévoles…")
    with town_context(town):
        populate(VOLUNTEERS)
    analyse(town.schema_name)
    times = []
    with town_context(town):
        kind, place = KindOfHelp.objects.order_by("position", "pk")[0], CoveredCommune.objects.order_by("pk")[0]
        found = volunteers_for(kind=kind, commune=place).order_by().values_list("pk")
        for _ in range(runs):
            started = time.perf_counter()
            count = len(found.all())
            times.append((time.perf_counter() - started) * 1000)
    report(f"  {count} trouvés, médiane {statistics.median(times):.0f} ms")
    return {"volunteers_for_ms": statistics.median(times)}
