"""Jeanne would like company: her coordinator sees who fits best, and why, and proposes her visit to two visitors.

As Je vous visite brings people together: nobody is asked by a round; the coordinator of where she lives chooses, and
the first who says yes goes.
"""

import datetime
from dataclasses import dataclass

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from accounts.roles import COORDINATORS
from aid.configuration.enums import Mode
from aid.configuration.models import KindOfHelp
from aid.followups.enums import FollowUpKind
from aid.followups.models import FollowUp
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.moderation.blocks import block
from aid.notifications.models import Message
from aid.offers.services import Offered, keep
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.privacy.models import Access
from aid.profiles.models import Interest
from aid.profiles.services import present
from aid.proposals import jobs
from aid.proposals.enums import Answer, Outcome, Way
from aid.proposals.models import Proposal
from aid.proposals.services import accept, ask_volunteers, decline
from aid.territory.models import CoveredCommune, District
from aid.territory.services import add_district, add_sector, bind_coordinator
from harness.databases import FIRST_TOWN
from harness.desk import make_account
from harness.loop import jeanne, open_request, request_of, visits, volunteer

pytestmark = pytest.mark.django_db
WHY = "Habite le même quartier"


@dataclass
class Scene:
    """Jeanne’s visit, which looks for somebody; who lives near her; who coordinates there, and elsewhere."""

    request: HelpRequest
    helpers: dict[str, Volunteer]
    camille: Account
    elsewhere: Account

    @property
    def url(self) -> str:
        return f"/bureau/demande/{self.request.uid}/proposer/"

    def page(self, account: Account, **query: str) -> str:
        answer = browser_of(account).get(self.url, query)
        assert answer.status_code == 200
        return answer.content.decode()

    def propose(self, *names: str, account: Account | None = None) -> str:
        """Tick them, read « are you sure? », say yes."""
        browser = browser_of(account or self.camille)
        chosen = {"qui": [str(self.helpers[name].person.uid) for name in names]}
        asked = browser.get(f"{self.url}confirmer/", chosen, follow=True)
        assert not Proposal.objects.filter(request=self.request, way=Way.PICKED, answer=Answer.ASKED).filter(
            volunteer__in=[self.helpers[name] for name in names]
        ), "a GET proposes nothing"
        return asked.content.decode() + browser.post(f"{self.url}confirmer/", chosen, follow=True).content.decode()

    def proposal(self, name: str) -> Proposal:
        return Proposal.objects.get(request=self.request, volunteer=self.helpers[name])

    def state(self) -> RequestState:
        self.request.refresh_from_db()
        return RequestState(self.request.state)


def browser_of(account: Account) -> Client:
    client = Client(headers={"host": FIRST_TOWN})
    client.force_login(account)
    return client


def coordinator(name: str, district: District) -> Account:
    account = make_account(f"{name.lower()}@ccas.example", COORDINATORS, first_name=name)
    bind_coordinator(account, sectors=[add_sector(name=f"Secteur de {name}", districts=[district])], by_account=account)
    return account


def visitor(name: str, place: District, phone: str = "") -> Volunteer:
    return volunteer(name, phone, last_name="Morel", commune=place.commune, district=place)


@pytest.fixture
def scene(town) -> Scene:
    commune = CoveredCommune.objects.order_by("pk")[0]
    canal, station = (add_district(name=name, commune=commune) for name in ("Le Canal", "La Gare"))
    asker = jeanne()
    Person.objects.filter(pk=asker.pk).update(commune=commune, district=canal)
    request = open_request(asker, commune=commune, district=canal, mode=Mode.COORDINATOR)
    cards = Interest.objects.create(name="les cartes à jouer")
    present(person=asker, words="", interests=[cards])
    helpers = {
        name: visitor(name, canal, phone) for name, phone in (("Alice", "+33639980002"), ("Bruno", "+33639980003"))
    }
    keep(helpers["Alice"], Offered(kinds=[visits()], slots=[f"{request.day.isoweekday()}-afternoon"]))
    present(person=helpers["Alice"].person, words="", interests=[cards])
    helpers |= {name: visitor(name, canal) for name in ("Refusée", "Bloquée", "Nouvelle")}
    helpers["Lointaine"] = visitor("Lointaine", station)
    keep(helpers["Nouvelle"], Offered(kinds=[KindOfHelp.objects.order_by("position", "pk")[1]]))
    Proposal.objects.create(request=request, volunteer=helpers["Refusée"], answer=Answer.NO, answered_at=timezone.now())
    block(blocker=asker, blocked=helpers["Bloquée"].person)
    request_of(asker, state=RequestState.DONE, volunteer=helpers["Bruno"], minutes=60)
    Proposal.objects.filter(volunteer=helpers["Bruno"]).update(asked_at=timezone.now() - datetime.timedelta(days=40))
    ask_volunteers(request.pk)
    return Scene(request, helpers, coordinator("Camille", canal), coordinator("Omar", station))


def todo(scene: Scene) -> bool:
    return FollowUp.objects.open().filter(kind=FollowUpKind.TO_PROPOSE, subject_id=scene.request.pk).exists()


def test_two_are_asked_and_the_first_yes_goes(scene):
    """She reads why, ticks two, confirms; Bruno says yes first, and Alice is told."""
    assert Message.objects.filter(kind="proposal").count() == 0, "nobody is asked by a round"
    assert todo(scene)
    page = scene.page(scene.camille)
    assert page.index("Bruno Morel") < page.index("Alice Morel"), "who knows her already comes first"
    assert "connaît déjà Jeanne" in page
    assert "après-midi, aime aussi les cartes à jouer" in page
    assert Access.objects.filter(person=scene.request.person, by_account=scene.camille).exists()

    told = scene.propose("Alice", "Bruno")
    assert WHY in told
    assert "La demande est proposée à Alice Morel, Bruno Morel." in told
    assert scene.state() == RequestState.PROPOSED
    assert scene.request.steps.get(name="propose").by_account == scene.camille
    assert {one.person.first_name for one in Message.objects.filter(kind="proposal")} == {"Alice", "Bruno"}
    assert not todo(scene)
    assert "pas encore de réponse" in scene.page(scene.camille)

    assert accept(scene.proposal("Bruno")) is Outcome.ACCEPTED
    assert scene.state() == RequestState.AGREED
    assert scene.request.volunteer == scene.helpers["Bruno"]
    jobs.tell_others(request=scene.request.pk)
    assert Message.objects.get(kind="taken").person.first_name == "Alice"
    late = browser_of(scene.camille).get(scene.url, follow=True).content.decode()
    assert "Rien n’a changé" in late


def test_where_both_say_no_it_comes_back_to_her(scene):
    scene.propose("Alice", "Bruno")
    decline(scene.proposal("Alice"))
    assert scene.state() == RequestState.PROPOSED
    decline(scene.proposal("Bruno"))
    assert scene.state() == RequestState.OPEN
    jobs.ask_again(request=scene.request.pk)
    assert todo(scene)
    page = scene.page(scene.camille)
    assert "Alice Morel\xa0: non" in page
    assert str(scene.helpers["Alice"].person.uid) not in page, "a no is kept"


def test_as_many_go_as_are_needed(scene):
    HelpRequest.objects.filter(pk=scene.request.pk).update(people_needed=2)
    scene.propose("Alice", "Bruno")
    accept(scene.proposal("Alice"))
    assert scene.state() == RequestState.PROPOSED
    accept(scene.proposal("Bruno"))
    assert scene.state() == RequestState.AGREED


def test_whoever_may_not_be_asked_is_out_of_reach(scene):
    """Of another sector, who said no, who is blocked: neither in the list, nor by search, nor by a forged address."""
    listed = scene.page(scene.camille)
    for name in ("Refusée", "Bloquée", "Lointaine", "Nouvelle"):
        assert str(scene.helpers[name].person.uid) not in listed, name
    browser = browser_of(scene.camille)
    for name in ("Refusée", "Bloquée", "Lointaine"):
        found = browser.post(scene.url, {"texte": name}).content.decode()
        assert str(scene.helpers[name].person.uid) not in found, name
        assert "ne peut pas être sollicitée" in scene.propose(name), name
        assert "ne peut pas être sollicitée" in scene.propose("Alice", name), name
    assert not Proposal.objects.filter(request=scene.request).exclude(answer=Answer.NO).exists()
    assert "Cochez une ou deux personnes" in scene.propose()
    assert scene.state() == RequestState.OPEN
    # The coordinator of another sector sees no request there; who follows none of the desk sees no desk.
    assert browser_of(scene.elsewhere).get(scene.url).status_code == 404
    assert browser_of(scene.elsewhere).post(f"{scene.url}confirmer/").status_code == 404
    assert browser_of(make_account("voisine@exemple.example")).get(scene.url).status_code == 404


def test_somebody_who_never_offered_it_is_found_by_name(scene):
    found = browser_of(scene.camille).post(scene.url, {"texte": "Nouvelle"}).content.decode()
    assert "Nouvelle Morel" in found
    assert "n’a pas proposé cette aide" in found
    assert "est proposée à Nouvelle Morel" in scene.propose("Nouvelle")


def test_too_many_are_not_asked_at_once(scene):
    helpers = [visitor(f"Voisin {number}", scene.request.district) for number in range(3)]
    scene.helpers |= {one.person.first_name: one for one in helpers}
    assert "Choisissez une ou deux personnes" in scene.propose(*(one.person.first_name for one in helpers))
    assert scene.state() == RequestState.OPEN


def test_somebody_else_is_found_once_the_first_were_asked(scene):
    """Proposed already: who adds somebody is in its story too."""
    scene.propose("Alice")
    agent = make_account("nadia@ccas.example", "Agents")
    scene.propose("Lointaine", account=agent)
    assert [step.by_account for step in scene.request.steps.filter(name="propose")] == [scene.camille, agent]
    assert Message.objects.filter(kind="proposal", person=somebody_named("Alice")).count() == 1


def somebody_named(name: str) -> Person:
    return Person.objects.get(first_name=name)
