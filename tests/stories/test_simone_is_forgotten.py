"""Simone asks what is known of her, has it corrected, then is forgotten: on the site; and Odette, by telephone.

Each step goes through HTTP, with a worker that really runs.
"""

import asyncio
import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group
from django.db import connection, connections
from django.test import Client

from accounts.models import Account
from accounts.roles import AGENTS
from aid.facts.services import Figures, figures
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import finish
from aid.notifications.models import Message
from aid.people.models import Person
from aid.people.services import confirm_phone
from aid.privacy.models import RightsRequest
from aid.proposals.services import accept, ask_volunteers
from harness import databases
from harness.loop import open_request, somebody, volunteer
from harness.towns import entry_of
from tenants.context import town_context
from tenants.management.commands.worker import work
from tenants.registry import TownEntry

HOST = databases.FIRST_TOWN
SIMONE, ODETTE, ALICE = "+33639980071", "+33199000072", "+33639980073"
CANARY = "Canari-des-Lilas"
KNOWN = "/mon-espace/mes-informations/"


@pytest.fixture
def town(own_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[TownEntry]:
    """Pont-Sainte-Maxence: Simone and Odette were helped by Alice; everything really commits."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    found = entry_of(HOST)
    with town_context(found):
        agent, _ = Account.objects.get_or_create(email="nadia@exemple.example", first_name="Nadia")
        agent.groups.set([Group.objects.get(name=AGENTS)])
        alice = volunteer("Alice", ALICE)
        for name, phone, channel in (("Simone", SIMONE, "sms"), ("Odette", ODETTE, "call")):
            person = somebody(name, phone, last_name=CANARY, address=CANARY, channel=channel)
            confirm_phone(person)
            request = open_request(person, details=CANARY)
            ask_volunteers(request.pk)
            accept(request.proposals.get(volunteer=alice))
            finish(HelpRequest.objects.get(pk=request.pk), minutes=60)
    run_jobs()
    yield found
    connection.close()


def run_jobs() -> None:
    """The worker does what is due, and what that asks for."""
    for _ in range(3):
        asyncio.run(work(concurrency=1, wait=False))


def signed_in(town: TownEntry, **contact: str) -> Client:
    """Somebody who types the code that they were sent."""
    client = Client(headers={"host": HOST})
    (typed,) = contact.values()
    client.post("/connexion/", {"login": typed})
    run_jobs()
    with town_context(town):
        code = re.search(r"\b\d{6}\b", Message.objects.filter(recipient=typed, kind="code").latest("pk").body)
    answer = client.post("/connexion/code/", {"code": code.group()})
    assert answer.status_code == 302, answer.content.decode()
    return client


def an_agent(town: TownEntry) -> Client:
    """Nadia's browser, at the desk."""
    client = Client(headers={"host": HOST})
    with town_context(town):
        client.force_login(
            Account.objects.get(email="nadia@exemple.example"), "django.contrib.auth.backends.ModelBackend"
        )
    return client


def page(client: Client, path: str) -> str:
    answer = client.get(path, follow=True)
    assert answer.status_code == 200, path
    return answer.content.decode()


def counted(town: TownEntry) -> Figures:
    with town_context(town):
        return figures()


def the_only_demand(town: TownEntry, kind: str) -> str:
    """The page at the desk of what waits."""
    with town_context(town):
        return f"/bureau/droit/{RightsRequest.objects.waiting().get(kind=kind).uid}/"


def test_simone_on_the_site_then_odette_by_telephone(town):
    before = counted(town)
    hers, desk = signed_in(town, phone=SIMONE), an_agent(town)
    she_reads_takes_away_and_has_it_corrected(town, hers, desk)
    she_asks_thinks_again_and_asks_once_more(town, hers)
    the_agent_forgets_her(town, desk)
    assert hers.get("/mon-espace/")["Location"].startswith("/connexion/"), "her session is over"
    odette_phones(town, desk)
    assert counted(town) == before
    for path in ("/bureau/personnes/", "/bureau/demandes/", "/bureau/suites/?etat=faites", "/boite-d-envoi/"):
        assert CANARY not in page(desk, path), path
    assert CANARY not in desk.post("/bureau/personnes/chercher/", {"texte": CANARY}).content.decode()


def she_reads_takes_away_and_has_it_corrected(town: TownEntry, hers: Client, desk: Client) -> None:
    assert CANARY in page(hers, KNOWN)
    assert hers.get("/mon-espace/mes-informations.pdf").content.startswith(b"%PDF-")
    hers.post(f"{KNOWN}corriger/", {"words": "J’ai déménagé."})
    demand = the_only_demand(town, "correct")
    assert "J’ai déménagé." in page(desk, demand)
    assert "ées personnelles" in page(desk, "/bureau/"), "the desk sees it on its first screen"
    desk.post(f"{demand}prendre/")
    desk.post(f"{demand}faire/", {"answer": "Votre adresse."})
    run_jobs()
    with town_context(town):
        assert Message.objects.filter(
            recipient=SIMONE, kind="rights", state="sent", body__contains="Votre adresse"
        ).exists()
    assert "Votre adresse." in page(hers, KNOWN)


def she_asks_thinks_again_and_asks_once_more(town: TownEntry, hers: Client) -> None:
    hers.post(f"{KNOWN}m-oublier/", {"words": ""})
    undo = re.search(r'action="(/mon-espace/mes-informations/[\w-]+/changer-d-avis/)"', page(hers, KNOWN)).group(1)
    hers.post(undo)
    assert "Vous avez changé d’avis" in page(hers, KNOWN)
    hers.post(f"{KNOWN}m-oublier/", {"words": "Je n’en ai plus besoin."})


def the_agent_forgets_her(town: TownEntry, desk: Client) -> None:
    """A visit is still to come: it is ended first. Then she gets a last SMS, and nothing is left."""
    with town_context(town):
        coming = open_request(Person.objects.get(phone=SIMONE))
    demand = the_only_demand(town, "forget")
    assert f"/bureau/demande/{coming.uid}/" in page(desk, demand)
    refused = desk.post(f"{demand}oublier/", {"told": "message"}, follow=True).content.decode()
    assert "il reste quelque chose à terminer" in refused
    desk.post(f"/bureau/demande/{coming.uid}/annuler/", {"reason": "other", "words": "Elle nous quitte."})
    run_jobs()
    assert "Les chiffres de la ville ne changent pas" in page(desk, f"{demand}oublier/")
    done = desk.post(f"{demand}oublier/", {"told": "message"}, follow=True).content.decode()
    assert "cette personne est oubliée" in done
    run_jobs()
    with town_context(town):
        last = Message.objects.get(kind="last_word")
        assert (last.recipient, last.state, last.person) == (SIMONE, "sent", None)
        assert not Person.objects.filter(phone=SIMONE).exists()


def odette_phones(town: TownEntry, desk: Client) -> None:
    """She has no mobile: the agent tells her while she is on the line."""
    with town_context(town):
        odette = Person.objects.get(phone=ODETTE)
    asked = desk.post(
        f"/bureau/personne/{odette.uid}/droit/m-oublier/", {"via": "phone", "asked_by_name": "", "words": ""}
    )
    demand = asked["Location"]
    assert "/bureau/suite/" not in page(desk, demand), "the service is done: nobody calls her to tell that Alice comes"
    assert "un dernier SMS" not in page(desk, f"{demand}oublier/")
    assert "Choisissez une réponse" in desk.post(f"{demand}oublier/", {"told": "message"}).content.decode()
    desk.post(f"{demand}oublier/", {"told": "voix"})
    with town_context(town):
        assert not Person.objects.filter(pk=odette.pk).exists()
        kept = RightsRequest.objects.filter(kind="forget", state="done").latest("pk")
        assert (kept.person, kept.via, kept.words, kept.closed_by.first_name) == (None, "phone", "", "Nadia")
