"""The loop with two thousand volunteers: how long publishing takes, how soon all are asked, what pages cost."""

import datetime
import statistics
import time
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any

from tenants.context import town_context
from tenants.registry import registry

Report = Callable[[str], None]
VOLUNTEERS = 2000


def populate(count: int = VOLUNTEERS) -> None:
    """Invent volunteers of the town that the connection is in, who all make its first kind of visit, first yes wins."""
    from django.utils import timezone

    from aid.configuration.enums import Mode
    from aid.configuration.models import KindOfHelp
    from aid.offers.models import Offer
    from aid.onboarding.enums import VolunteerState
    from aid.onboarding.models import Volunteer
    from aid.people.enums import Channel
    from aid.people.models import Person

    kind = KindOfHelp.objects.order_by("position", "pk")[0]
    # All at once: by waves, or where somebody chooses, few are asked.
    KindOfHelp.objects.filter(pk=kind.pk).update(mode=Mode.FIRST_YES, wave_size=None)
    persons = Person.objects.bulk_create(
        [
            Person(first_name=f"Voisine {number}", phone=f"+3363998{number:04}", channel=Channel.SMS)
            for number in range(count)
        ]
    )
    admitted = {"state": VolunteerState.ADMITTED, "admitted_on": timezone.localdate()}
    volunteers = Volunteer.objects.bulk_create([Volunteer(person=person, **admitted) for person in persons])
    offers = Offer.objects.bulk_create([Offer(volunteer=volunteer) for volunteer in volunteers])
    kinds = Offer.kinds.through
    kinds.objects.bulk_create([kinds(offer=offer, kindofhelp=kind) for offer in offers])


def new_request() -> Any:
    """A request for a visit in some days, still to be checked."""
    from django.utils import timezone

    from aid.configuration.models import KindOfHelp
    from aid.help_requests.enums import Consent, Source
    from aid.help_requests.models import HelpRequest
    from aid.people.models import Person
    from aid.territory.models import CoveredCommune

    day = timezone.localdate() + datetime.timedelta(days=3)
    return HelpRequest.objects.create(
        person=Person.objects.create(first_name="Jeanne", phone="+33639989999"),
        kind=KindOfHelp.objects.order_by("position", "pk")[0],
        day=day,
        ends_at=timezone.now() + datetime.timedelta(days=3),
        commune=CoveredCommune.objects.order_by("pk")[0],
        source=Source.SITE,
        consent=Consent.ON_SCREEN,
    )


def agent_cookies(host: str) -> SimpleCookie:
    """The browser of an agent of the town, signed in."""
    from django.contrib.auth.models import Group
    from django.test import Client

    from accounts.models import Account
    from accounts.second_step import PASSED

    town, _ = registry.find(host)
    client = Client(headers={"host": host})
    with town_context(town):
        agent = Account.objects.create_account(email="agent@mesures.example")
        agent.groups.add(Group.objects.get(name="Agents"))
        client.force_login(agent)
        session = client.session
        session[PASSED] = 1
        session.save()
    return client.cookies


def card_figures(host: str, runs: int, cookies: SimpleCookie) -> dict[str, float]:
    """Statements and milliseconds of the card of a volunteer who has requests, an offer, messages and an account."""
    from benchmarks.queries import statements_in_town
    from django.test import Client

    from accounts.models import Account
    from aid.onboarding.models import Volunteer

    town, _ = registry.find(host)
    with town_context(town):
        person = Volunteer.objects.select_related("person").order_by("pk")[0].person
        person.account = Account.objects.create_account(phone=person.phone)
        person.save(update_fields=["account"])
    card = f"/bureau/personne/{person.uid}/"
    client, seconds = Client(headers={"host": host}), []
    client.cookies = cookies
    for _ in range(runs):
        started = time.perf_counter()
        if client.get(card).status_code != 200:
            raise RuntimeError("the card did not answer")
        seconds.append(time.perf_counter() - started)
    queries = len(statements_in_town(host, card, cookies=cookies))
    return {"card_queries": queries, "card_ms": statistics.median(seconds) * 1000}


def measure(*, host: str, runs: int, report: Report) -> dict[str, float]:
    """Publish to all of them, ask all of them, look at an answering page and at the desk. Commits in `host`'s town."""
    from benchmarks.queries import statements_in_town, statements_of_a_visit

    from aid.help_requests.enums import RequestState
    from aid.help_requests.models import HelpRequest
    from aid.help_requests.services import confirm
    from aid.notifications.models import Message
    from aid.proposals.jobs import ask_volunteers
    from aid.proposals.models import Proposal
    from aid.proposals.texts import answer_path

    town, _ = registry.find(host)
    with town_context(town):
        populate()
    # A process that has served a page has read its addresses.
    statements_of_a_visit(host)
    publishing, asking = [], []
    for _ in range(runs):
        with town_context(town):
            # Else each run would find that many more waiting at each number: a volunteer has few at once.
            HelpRequest.objects.update(state=RequestState.CANCELLED)
            request = new_request()
        started = time.perf_counter()
        with town_context(town):
            confirm(request)
        published = time.perf_counter()
        with town_context(town):
            ask_volunteers(request=request.pk)
        publishing.append((published - started) * 1000)
        asking.append((time.perf_counter() - published) * 1000)
        with town_context(town):
            asked = Proposal.objects.filter(request=request)
            if asked.count() != VOLUNTEERS or Message.objects.filter(kind="proposal").count() < VOLUNTEERS:
                raise RuntimeError("not everybody was asked: how long it took means nothing")
            path = answer_path(asked[0])
    cookies = agent_cookies(host)
    figures = {
        "publish_ms": statistics.median(publishing),
        "ask_all_ms": statistics.median(asking),
        "loop_runs": runs,
        "answer_queries": len(statements_in_town(host, path)),
        "desk_queries": len(statements_in_town(host, "/bureau/", cookies=cookies)),
    } | card_figures(host, runs, cookies)
    report(f"  publier : {figures['publish_ms']:.0f} ms, prévenir {VOLUNTEERS} : {figures['ask_all_ms']:.0f} ms")
    return figures
