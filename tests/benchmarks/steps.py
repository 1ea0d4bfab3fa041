"""Steps of volunteers: how fast those who may be asked are found among 20,000, and what a night's expiry costs."""

import datetime
import statistics
import time
from collections.abc import Callable

from tenants import walls
from tenants.context import facing, town_context
from tenants.registry import TownEntry, registry

VOLUNTEERS, STEPS = 20_000, 6
# Of a town of so many, each night: one in ten has a step that ends within the reminders, one in twenty one that ended.
NIGHT, ENDING_EVERY, LAPSED_EVERY = 5_000, 10, 20


def populate(count: int, *, lacking_every: int) -> None:
    """Invent volunteers of the town that the connection is in, who passed its steps; one in so many lacks the first."""
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
        Step.objects.create(kind=StepKind.OTHER, name=f"Étape {number}", position=1000 + number)
        for number in range(STEPS)
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
            if place or not lacking_every or number % lacking_every
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


def night(town: TownEntry) -> tuple[float, int]:
    """Seconds of what a night notices and of what the morning writes, and how many things were told."""
    from aid.onboarding import expiry

    started = time.perf_counter()
    with facing(town):
        told = expiry.notice_lapses() + expiry.remind()
    return time.perf_counter() - started, told


def let_steps_end(*, all_of_them: bool = False) -> None:
    """Bring the end of a step nearer: of some volunteers, or of all, as when a charter changes."""
    from django.utils import timezone

    from aid.onboarding.models import Step, StepRecord

    today = timezone.localdate()
    records = StepRecord.objects.filter(step=Step.objects.asked().last())
    numbers = list(records.order_by("pk").values_list("pk", flat=True))
    lapsed = numbers if all_of_them else numbers[::LAPSED_EVERY]
    records.filter(pk__in=numbers[1::ENDING_EVERY]).update(valid_until=today + datetime.timedelta(days=40))
    records.filter(pk__in=lapsed).update(valid_until=today - datetime.timedelta(days=1))


def measure(*, host: str, runs: int, report: Callable[[str], None]) -> dict[str, float]:
    """Seconds of a night in a town of 5,000, milliseconds to find who may be asked of 20,000. Commits in the town."""
    from aid.configuration.models import KindOfHelp
    from aid.offers.services import volunteers_for
    from aid.territory.models import CoveredCommune

    town, _ = registry.find(host)
    report(f"Une nuit, {NIGHT} bénévoles…")
    figures = {}
    with town_context(town):
        populate(NIGHT, lacking_every=0)
    analyse(town.schema_name)
    for name, all_of_them in (("night_usual_s", False), ("night_all_s", True)):
        with town_context(town):
            let_steps_end(all_of_them=all_of_them)
        figures[name], told = night(town)
        report(f"  {told} choses dites, {figures[name]:.1f} s")
    report(f"Étapes de {VOLUNTEERS} bénévoles…")
    with town_context(town):
        populate(VOLUNTEERS, lacking_every=20)
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
    return figures | {"volunteers_for_ms": statistics.median(times)}
