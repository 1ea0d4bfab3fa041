"""Seed 001: Claire asks for two hours to herself while somebody stays with her mother; three volunteers put themselves
forward, she chooses. The one she chose drops out the day before: those who wanted to come are asked again first.
"""

import pytest
from django.test import Client

from aid.configuration.enums import Mode
from aid.configuration.models import KindOfHelp
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.texts import ASKED, follow_path
from aid.notifications.models import Message
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from aid.profiles.models import Interest
from aid.profiles.services import present
from aid.proposals import services
from aid.proposals.choosing import company_of
from aid.proposals.enums import Answer
from aid.proposals.models import Proposal
from aid.proposals.texts import answer_path
from aid.relations.enums import Consent, Scope
from aid.relations.models import ActedFor
from aid.relations.services import grant
from aid.territory.models import CoveredCommune, District
from harness.databases import FIRST_TOWN
from harness.loop import ADDRESS, visits, volunteer
from harness.mandates import ACT, CLAIRE_PHONE, JEANNE_PHONE, browser_of, known, seen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
PHONES = {"Alice": "+33639980011", "Lucie": "+33639980012", "Karim": "+33639980013", "Nadia": "+33639980014"}


@pytest.fixture
def jeanne() -> Person:
    """Her mother."""
    return known("Jeanne", JEANNE_PHONE, address=ADDRESS)


@pytest.fixture
def claire(jeanne: Person) -> Client:
    """Her browser, acting for her mother."""
    carer = known("Claire", CLAIRE_PHONE, last_name="Martin")
    mandate = grant(representative=carer, principal=jeanne, scope=[Scope.REQUESTS], consent=Consent.ON_PAPER)
    client = browser_of(carer)
    assert client.post(ACT, {"mandat": mandate.uid}).status_code == 302
    return client


@pytest.fixture
def volunteers() -> dict[str, Volunteer]:
    """Four of them, in a kind of help where one is chosen; Alice is presented to everybody, Lucie to nobody."""
    KindOfHelp.objects.filter(pk=visits().pk).update(mode=Mode.CANDIDATES)
    found = {name: volunteer(name, phone, last_name="Canarinom") for name, phone in PHONES.items()}
    commune = CoveredCommune.objects.first()
    district = District.objects.create(name="Les Canaux", commune=commune)
    Person.objects.filter(pk=found["Alice"].person_id).update(district=district, commune=commune)
    present(person=found["Alice"].person, words="J’aime les mots croisés.", interests=Interest.objects.all()[:1])
    return found


def claire_asks(claire: Client) -> HelpRequest:
    """Three steps, for tomorrow afternoon; the volunteers are asked."""
    claire.post("/demander/", {"kind": visits().slug})
    typed = {"day_choice": "tomorrow", "day": "", "moment": "hour", "hour": "14:00", "address": ""}
    claire.post("/demander/quand/", typed)
    assert claire.post("/demander/vous/", {"details": "Elle marche avec une canne."}).status_code == 302
    asked = HelpRequest.objects.get()
    assert asked.mode == Mode.CANDIDATES
    assert services.ask_volunteers(asked.pk) == len(PHONES)
    return asked


def proposal_of(asked: HelpRequest, who: Volunteer) -> Proposal:
    return Proposal.objects.get(request=asked, volunteer=who)


def says(asked: HelpRequest, who: Volunteer, said: str) -> str:
    """A volunteer presses a button of their link; the page that follows."""
    path = answer_path(proposal_of(asked, who))
    client = Client(headers={"host": FIRST_TOWN})
    assert client.get(path).status_code == 200
    return client.post(path, {"answer": said}, follow=True).content.decode()


def told(phone: str, kind: str) -> list[str]:
    return list(Message.objects.filter(recipient=phone, kind=kind).order_by("pk").values_list("body", flat=True))


def test_claire_chooses_among_three_and_again_when_the_chosen_one_drops_out(claire, jeanne, volunteers):
    asked = claire_asks(claire)
    page = f"/mon-espace/demande/{asked.uid}/"
    alice, lucie, karim, nadia = volunteers.values()
    question = Client(headers={"host": FIRST_TOWN}).get(answer_path(proposal_of(asked, alice))).content.decode()
    assert "Voulez-vous vous proposer" in question
    assert ADDRESS not in question

    for who in (alice, lucie, karim):
        assert "Merci de vous proposer" in says(asked, who, "yes")
    assert len(told(JEANNE_PHONE, "candidate")) == 1, "of those who come after, she reads on her page"
    assert "ne me propose plus" in says(asked, karim, "yes"), "pressing twice is pressing once"
    they_are_shown_and_nothing_more(seen(claire, page))
    refusals(claire, asked, volunteers)

    # She chooses Alice; Lucie and Karim are told, Nadia had not answered.
    candidates = {one.first_name: one.token for one in company_of(asked).candidates}
    choice = f"{page}choisir/{candidates['Alice']}/"
    assert "Choisir Alice" in seen(claire, choice)
    assert HelpRequest.objects.get().state == RequestState.PROPOSED, "looking at the question chooses nobody"
    assert claire.post(choice)["Location"] == page
    assert "Alice vient vous aider" in seen(claire, page)
    deed = ActedFor.objects.get(deed="chose")
    assert (deed.principal, deed.representative.first_name, deed.subject) == (jeanne, "Claire", asked.uid)
    services.tell_others(HelpRequest.objects.get())
    assert len(told(PHONES["Lucie"], "taken")) == len(told(PHONES["Karim"], "taken")) == 1
    late = claire.post(f"{page}choisir/{candidates['Lucie']}/")
    assert late["Location"] == page
    assert HelpRequest.objects.get().volunteer == alice

    alice_drops_out(asked, alice)
    assert "Alice ne peut plus venir" in seen(claire, page)
    assert services.ask_again(asked.pk) == 3, "all but Alice"
    assert Proposal.objects.get(volunteer=alice).answer == Answer.WITHDREW
    assert "Merci de vous proposer" in says(asked, lucie, "yes")
    assert "Merci d’avoir répondu" in says(asked, nadia, "no")
    assert len(told(JEANNE_PHONE, "candidate")) == 2
    (again,) = company_of(HelpRequest.objects.get()).candidates
    claire.post(f"{page}choisir/{again.token}/")
    assert "Lucie vient vous aider" in seen(claire, page)
    assert "ne peut plus venir" not in seen(claire, page)
    assert len(told(PHONES["Lucie"], "mission")) == 1


def they_are_shown_and_nothing_more(page: str) -> None:
    """First names, the district at large, how often they helped, and a presentation that everybody may read."""
    for shown in ("Alice", "Lucie", "Karim", "Les Canaux", "Son premier coup de main", "J’aime les mots croisés."):
        assert shown in page
    assert page.count("Lire sa présentation") == 1
    assert "Nadia" not in page, "who has not answered is nobody's business"
    for hidden in ("Canarinom", *PHONES.values(), "06\u00a039\u00a098\u00a000\u00a011"):
        assert hidden not in page


def refusals(claire: Client, asked: HelpRequest, volunteers: dict[str, Volunteer]) -> None:
    """Who has proved nothing chooses nobody; nor does a link of another's, nor where the team chooses."""
    token = next(one.token for one in company_of(asked).candidates)
    stranger = Client(headers={"host": FIRST_TOWN})
    assert stranger.post(f"{follow_path(asked, ASKED)}choisir/{token}/").status_code == 404
    assert "Alice" not in stranger.get(follow_path(asked, ASKED)).content.decode()
    back = stranger.post(f"{follow_path(asked)}choisir/{proposal_of(asked, volunteers['Alice']).pk}-forged/")
    assert back["Location"] == follow_path(asked)
    page = f"/mon-espace/demande/{asked.uid}/"
    KindOfHelp.objects.filter(pk=asked.kind_id).update(chooser="coordinator")
    assert "L’équipe choisit qui viendra" in seen(claire, page)
    assert "Alice" not in seen(claire, page)
    assert claire.post(f"{page}choisir/{token}/").status_code == 404
    KindOfHelp.objects.filter(pk=asked.kind_id).update(chooser="asker")
    assert HelpRequest.objects.get().state == RequestState.PROPOSED


def alice_drops_out(asked: HelpRequest, alice: Volunteer) -> None:
    """The day before, from the link of her SMS: a page that asks, and a button; reading it changes nothing."""
    path = answer_path(proposal_of(asked, alice))
    client = Client(headers={"host": FIRST_TOWN})
    assert f"{path}desistement/" in client.get(path).content.decode()
    assert "Vous ne pouvez plus y aller" in client.get(f"{path}desistement/").content.decode()
    assert HelpRequest.objects.get().state == RequestState.AGREED
    gone = client.post(f"{path}desistement/", {"words": "Je suis malade."}, follow=True).content.decode()
    assert "Merci de nous avoir prévenus" in gone
    assert ADDRESS not in gone
    assert client.post(f"{path}desistement/")["Location"] == path, "twice is once"
    assert HelpRequest.objects.get().state == RequestState.OPEN
    assert any("Alice ne peut finalement pas venir" in words for words in told(JEANNE_PHONE, "reopened"))
    assert "malade" not in "".join(Message.objects.values_list("body", flat=True))


def test_a_candidate_takes_it_back_and_nobody_is_left_waiting(claire, volunteers):
    asked = claire_asks(claire)
    alice = volunteers["Alice"]
    says(asked, alice, "yes")
    assert "Merci d’avoir répondu" in says(asked, alice, "no")
    request = HelpRequest.objects.get()
    assert (request.state, company_of(request).candidates) == (RequestState.OPEN, ())
