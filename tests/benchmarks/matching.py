"""Ranking: how long the database takes to rank for one request, in a town of 10,000 volunteers and in one of 20,000."""

import datetime
import statistics
import time
from collections.abc import Callable, Iterable

from tenants import walls
from tenants.context import town_context
from tenants.registry import registry

TOWNS, STEPS_LACKING_EVERY = {"rank_10000_ms": 10_000, "rank_20000_ms": 20_000}, 20
A_PAGE = 20
# Of so many: one likes things, one was asked lately, one is expected somewhere, one said when they are free.
LIKES_EVERY, ASKED_EVERY, ENGAGED_EVERY, SLOTS_EVERY = 2, 2, 10, 2


def populate(count: int) -> object:
    """Invent volunteers of the town that the connection is in, different as neighbours are; answer a request."""
    from benchmarks import steps
    from django.db.models import F
    from django.db.models.functions import Mod
    from django.utils import timezone

    from aid.offers.models import Offer
    from aid.offers.slots import SLOTS
    from aid.onboarding.models import Volunteer
    from aid.people.models import Person
    from aid.profiles.models import Interest, Profile
    from aid.territory.models import CoveredCommune

    steps.populate(count, lacking_every=STEPS_LACKING_EVERY)
    volunteers = list(Volunteer.objects.select_related("person").order_by("pk"))
    places = list(CoveredCommune.objects.order_by("pk")[:10])
    for number, place in enumerate(places):
        of_it = Person.objects.annotate(rest=Mod(F("pk"), len(places))).filter(rest=number)
        of_it.update(commune=place)
    free = list(SLOTS)
    of_some = Offer.objects.annotate(rest=Mod(F("pk"), SLOTS_EVERY)).filter(rest=0)
    of_some.update(slots=free[:12], languages=["ar"])
    interests = [Interest(name=f"la chose {number}", folded_name=f"la chose {number}") for number in range(8)]
    interests = Interest.objects.bulk_create(interests)
    profiles = Profile.objects.bulk_create(
        Profile(person=one.person, published_at=timezone.now()) for one in volunteers[::LIKES_EVERY]
    )
    through = Profile.interests.through
    through.objects.bulk_create(
        through(profile=profile, interest=interests[(number + place) % len(interests)])
        for number, profile in enumerate(profiles)
        for place in range(3)
    )
    _past(volunteers, places[0])
    request = _request(places[0], days=6)
    profile = Profile.objects.create(person=request.person, published_at=timezone.now())
    profile.interests.set(interests[-3:])
    return request


def _past(volunteers: list, place: object) -> None:
    """Two hundred requests to come, that many of them were asked about."""
    from django.utils import timezone

    from aid.help_requests.enums import RequestState
    from aid.proposals.enums import Answer
    from aid.proposals.models import Proposal

    asked = volunteers[::ASKED_EVERY]
    requests = [_request(place, days=3 + number % 20) for number in range(200)]
    made = [
        Proposal(request=requests[(number + turn) % len(requests)], volunteer=one)
        for number, one in enumerate(asked)
        for turn in range(4)
    ]
    Proposal.objects.bulk_create(made, batch_size=5000)
    now = timezone.now()
    for number, request in enumerate(requests):
        proposals = Proposal.objects.filter(request=request)
        proposals.update(asked_at=now - datetime.timedelta(days=number % 60))
        goes = proposals.order_by("pk")[0]
        Proposal.objects.filter(pk=goes.pk).update(answer=Answer.YES, seat=1, answered_at=now)
        type(request).objects.filter(pk=request.pk).update(state=RequestState.AGREED, volunteer=goes.volunteer_id)


def _request(place: object, *, days: int) -> object:
    from django.utils import timezone

    from aid.configuration.models import KindOfHelp
    from aid.help_requests.enums import Consent, RequestState, Source
    from aid.help_requests.models import HelpRequest
    from aid.people.models import Person

    day = timezone.localdate() + datetime.timedelta(days=days)
    return HelpRequest.objects.create(
        person=Person.objects.create(first_name="Jeanne", commune=place),
        kind=KindOfHelp.objects.order_by("position", "pk")[0],
        day=day,
        hour=datetime.time(14),
        ends_at=timezone.make_aware(datetime.datetime.combine(day, datetime.time(15))),
        commune=place,
        state=RequestState.OPEN,
        source=Source.PHONE,
        consent=Consent.SPOKEN,
        answers={"Quelle langue\xa0?": "arabe"},
    )


def analyse(schema: str) -> None:
    """Know how many rows there are and which all may see, as a real server does a minute later (autovacuum)."""
    with walls.provisioning():
        for table in (
            "help_requests_helprequest",
            "offers_offer",
            "offers_offer_kinds",
            "onboarding_steprecord",
            "onboarding_volunteer",
            "people_person",
            "profiles_profile",
            "profiles_profile_interests",
            "proposals_proposal",
            "territory_coveredcommune",
        ):
            walls.run("VACUUM (ANALYZE) {schema}.{table}", schema=schema, table=table)


def measure(*, hosts: Iterable[str], runs: int, report: Callable[[str], None]) -> dict[str, float]:
    """Milliseconds to rank all volunteers for one request, and to answer the first page. Commits in these two towns."""
    figures = {}
    for host, (key, volunteers) in zip(hosts, TOWNS.items(), strict=True):
        town, _ = registry.find(host)
        report(f"Classer {volunteers} bénévoles…")
        with town_context(town):
            request = populate(volunteers)
        analyse(town.schema_name)
        with town_context(town):
            figures[key], count = _rank(request, runs)
        report(f"  {count} classés, médiane {figures[key]:.0f} ms")
    return figures


def _rank(request: object, runs: int) -> tuple[float, int]:
    from aid.onboarding.models import Volunteer
    from aid.proposals import picking

    times = []
    for _ in range(runs):
        found = picking.ranked(request, picking.need_for(request), among=Volunteer.objects.all())
        started = time.perf_counter()
        page = list(found[:A_PAGE])
        times.append((time.perf_counter() - started) * 1000)
    if len(page) != A_PAGE:
        raise RuntimeError("nobody was ranked")
    return statistics.median(times), found.count()
