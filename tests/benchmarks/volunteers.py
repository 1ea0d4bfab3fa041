"""The board of 5,000 volunteers with eight steps each: statements, and milliseconds in the same process."""

import datetime
import random
import statistics
import time
from collections.abc import Callable

from tenants.context import town_context
from tenants.registry import registry

VOLUNTEERS, STEPS = 5_000, 8
BOARD = "/bureau/benevoles/"


def populate(count: int = VOLUNTEERS) -> None:
    """Invent volunteers of the town that the connection is in: in twenty, one applies, and one left."""
    from django.utils import timezone

    from aid.configuration.models import KindOfHelp
    from aid.offers.models import Offer
    from aid.onboarding.enums import StepKind, VolunteerState
    from aid.onboarding.models import Step, StepRecord, Volunteer
    from aid.people.models import Person
    from aid.territory.models import CoveredCommune

    chance, today = random.Random(1), timezone.localdate()
    Step.objects.update(is_asked=False)
    steps = [Step.objects.create(kind=StepKind.OTHER, name=f"Étape {place}", position=place) for place in range(STEPS)]
    home = CoveredCommune.objects.order_by("pk")[0]
    persons = Person.objects.bulk_create(
        [
            Person(first_name=f"Voisin {number}", last_name=f"Martin {number % 97}", commune=home)
            for number in range(count)
        ],
        batch_size=2000,
    )
    states = [VolunteerState.CANDIDATE, VolunteerState.LEFT, VolunteerState.ON_LEAVE, VolunteerState.SUSPENDED]
    states += [VolunteerState.ADMITTED] * 16
    volunteers = Volunteer.objects.bulk_create(
        Volunteer(person=person, state=states[number % 20], admitted_on=today, applied_at=timezone.now())
        for number, person in enumerate(persons)
    )
    kind = KindOfHelp.objects.order_by("position", "pk")[0]
    offers = Offer.objects.bulk_create([Offer(volunteer=volunteer) for volunteer in volunteers])
    through = Offer.kinds.through
    through.objects.bulk_create([through(offer=offer, kindofhelp=kind) for offer in offers])
    ends = {5: -1, 6: 30}  # of twenty, whose last step lapsed, and whose will
    StepRecord.objects.bulk_create(
        [
            StepRecord(
                volunteer=volunteer,
                step=step,
                passed_on=today - datetime.timedelta(days=300),
                valid_until=today + datetime.timedelta(days=ends.get(number % 20, 700)) if step == steps[-1] else None,
            )
            for number, volunteer in enumerate(volunteers)
            for step in steps
            if volunteer.state != VolunteerState.CANDIDATE or chance.random() < 0.5
        ],
        batch_size=5000,
    )


def measure(*, host: str, runs: int, report: Callable[[str], None]) -> dict[str, float]:
    """Ask for the board as an agent does. Commits in `host`'s town, where nobody volunteers yet."""
    from benchmarks.loop import agent_cookies
    from benchmarks.queries import statements_in_town
    from benchmarks.steps import analyse
    from django.test import Client

    town, _ = registry.find(host)
    report(f"Tableau de {VOLUNTEERS} bénévoles…")
    with town_context(town):
        populate()
    analyse(town.schema_name)
    client, seconds = Client(headers={"host": host}), []
    client.cookies = agent_cookies(host)
    figures: dict[str, float] = {"volunteers_queries": len(statements_in_town(host, BOARD, cookies=client.cookies))}
    for _ in range(runs):
        started = time.perf_counter()
        if client.get(BOARD).status_code != 200:
            raise RuntimeError("the board did not answer")
        seconds.append(time.perf_counter() - started)
    figures["volunteers_ms"] = statistics.median(seconds) * 1000
    report(f"  {figures['volunteers_queries']} requêtes, médiane {figures['volunteers_ms']:.0f} ms")
    return figures
