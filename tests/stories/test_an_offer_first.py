"""An offer first, that people answer: Alice goes to the market on a morning, with two places in her car.

Jeanne answers, then Claire for her mother; an agent answers for Marcel, who phones. Two places, three neighbours.
"""

import pytest
from bs4 import BeautifulSoup

from accounts.models import Account
from aid.facts.models import Fact
from aid.help_requests.enums import RequestState, Source
from aid.help_requests.models import HelpRequest
from aid.help_requests.services import finish
from aid.moderation.models import Case, Report
from aid.notifications.models import Message
from aid.offers.models import OneOffOffer
from aid.people.services import confirm_phone
from aid.privacy.models import Access
from aid.proposals.direct import send_messages
from aid.proposals.models import Proposal
from aid.proposals.one_off import settle
from aid.proposals.texts import answer_path
from aid.relations.enums import Consent, Deed, Scope
from aid.relations.models import ActedFor
from aid.relations.services import grant
from harness.databases import FIRST_TOWN
from harness.desk import make_account
from harness.loop import somebody, visits, volunteer
from harness.mandates import ACT, browser_of, known
from harness.nearby import a_confirmed
from harness.requests import tomorrow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
LIST, OWN, DESK = "/mon-espace/voisins-proposent/", "/mon-espace/benevole/un-jour/", "/bureau/propositions-d-un-jour/"
MARKET = {
    "day_choice": "tomorrow",
    "moment": "morning",
    "places": "2",
    "words": "Je vais au marché en voiture. Le 06 39 98 00 77 pour en parler.",
}


def text_of(answer):
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").replace("\u00a0", " ").split())


def sign_in(visit, person):
    person.account = Account.objects.create_account(phone=person.phone)
    person.save()
    client = visit(FIRST_TOWN)
    client.force_login(person.account, "django.contrib.auth.backends.ModelBackend")
    return client


def the_answer():
    """What the worker does next, and what Alice is then asked."""
    request = HelpRequest.objects.latest("pk")
    send_messages(request.pk)
    return Proposal.objects.with_page_related_data().filter(request=request).get()


@pytest.fixture
def alice():
    """She drives."""
    found = volunteer("Alice", "+33639980002", last_name="Morel", address="9 rue du Canari-Postal")
    confirm_phone(found.person)
    return found


@pytest.fixture
def agent(visit):
    """The desk."""
    client = visit(FIRST_TOWN)
    client.force_login(make_account("nadia@ccas.example", "Agents", first_name="Nadia"))
    return client


def test_an_offer_that_three_answer_and_two_go(visit, alice, agent):
    hers, jeanne = sign_in(visit, alice.person), a_confirmed("Jeanne", "+33639980001")
    first = sign_in(visit, jeanne)

    # Alice says it; a price is held, what is missing is said, and then her neighbours read it.
    assert hers.post(OWN, MARKET).status_code == 422
    assert hers.post(OWN, MARKET | {"kind": visits().slug})["Location"] == OWN
    offer = OneOffOffer.objects.get()
    assert "2 places libres" in text_of(hers.get(OWN))

    # By her first name, without number, address nor last name; and only for who has signed in.
    page = text_of(first.get(LIST))
    assert "Alice" in page
    assert "au marché" in page
    for hidden in ("Morel", "Canari", "00 77"):
        assert hidden not in page, hidden
    assert visit(FIRST_TOWN).get(LIST)["Location"].startswith("/connexion/")

    # Jeanne is interested: a request of that day, and a message to Alice, once.
    answer = f"{LIST}{offer.uid}/"
    sent_once = BeautifulSoup(first.get(answer).content, "html.parser").select_one("[name=envoi]")["value"]
    said = {"details": "Volontiers, je prends mon panier.", "address": "3 rue du Four", "envoi": sent_once}
    here = {first.post(answer, said)["Location"] for _ in range(2)}
    assert HelpRequest.objects.count() == 1
    received = the_answer()
    assert (received.request.day, received.request.mode) == (tomorrow(), "direct")
    assert "On vous répond" in Message.objects.get(kind="message", person=alice.person).body
    link = answer_path(received)
    assert "mon panier" in text_of(visit(FIRST_TOWN).get(link))
    visit(FIRST_TOWN).post(link, {"answer": "yes"})
    assert HelpRequest.objects.get().state == RequestState.AGREED
    assert "Alice vient vous aider" in text_of(first.get(here.pop()))
    assert "1 sur 2" in text_of(agent.get(DESK))

    # Marcel phones: an agent answers for him, and for who is on the telephone again.
    marcel = somebody("Marcel", "", last_name="Roux", commune=offer.commune)
    entry = f"/bureau/personne/{marcel.uid}/ca-l-interesse/"
    assert "Demandez-lui son accord" in text_of(agent.post(entry, {"offer": offer.uid}))
    assert HelpRequest.objects.count() == 1
    by_phone = {"offer": offer.uid, "source": "phone", "consent": "spoken", "details": "Je marche avec une canne."}
    agent.post(entry, by_phone)
    marcels = the_answer()
    assert (marcels.request.source, marcels.request.person) == (Source.PHONE, marcel)

    # Claire, for her mother.
    mother, daughter = known("Odette", "+33639980005"), known("Claire", "+33639980006")
    mandate = grant(representative=daughter, principal=mother, scope=[Scope.REQUESTS], consent=Consent.ON_PAPER)
    claire = browser_of(daughter)
    claire.post(ACT, {"mandat": mandate.uid})
    assert "Alice" in text_of(claire.get(LIST))
    claire.post(answer, {"details": "Elle aime le marché."})
    her_mothers = the_answer()
    assert (her_mothers.request.person, her_mothers.request.asked_by_person) == (mother, daughter)
    assert ActedFor.objects.filter(deed=Deed.ASKED, subject=her_mothers.request.uid).exists()

    # Marcel has the last place: it leaves the list, and who waited is told gently.
    visit(FIRST_TOWN).post(answer_path(marcels), {"answer": "yes"})
    settle(offer.pk)
    assert "Rien de prévu" in text_of(claire.get(LIST))
    assert "Les places sont prises" in text_of(claire.get(answer))
    assert "Vos places sont prises" in text_of(visit(FIRST_TOWN).get(answer_path(her_mothers)))
    assert HelpRequest.objects.get(pk=her_mothers.request_id).state == RequestState.OPEN

    # What follows is what follows every request.
    finish(HelpRequest.objects.get(pk=received.request_id), minutes=90, by_person=alice.person)
    assert Fact.objects.filter(kind="service_done", minutes=90).count() == 1


def test_she_cannot_go_after_all(visit, alice, agent):
    # She phones it in, and phones again.
    enter = f"/bureau/personne/{alice.person.uid}/un-jour/"
    assert "Alice" in text_of(agent.get(enter))
    agent.post(enter, MARKET | {"kind": visits().slug})
    offer = OneOffOffer.objects.get()
    jeanne = a_confirmed("Jeanne", "+33639980001")
    hers = sign_in(visit, jeanne)
    hers.post(f"{LIST}{offer.uid}/", {"details": "Volontiers."})
    agreed = the_answer()
    visit(FIRST_TOWN).post(answer_path(agreed), {"answer": "yes"})
    assert "1 sur 2" in text_of(agent.get(DESK))
    for _ in range(2):
        agent.post(f"{DESK}{offer.uid}/retirer/")
    settle(offer.pk)
    assert Access.objects.filter(screen="one_off", person=alice.person).count() == 2
    assert HelpRequest.objects.get().state == RequestState.OPEN
    assert Message.objects.filter(kind="reopened", person=jeanne).count() == 1
    assert hers.get(f"{LIST}{offer.uid}/").status_code == 404


def test_what_is_sold_is_stopped_and_anything_may_be_reported(visit, alice, agent):
    hers = sign_in(visit, alice.person)
    reader = sign_in(visit, a_confirmed("Jeanne", "+33639980001"))
    hers.post(OWN, MARKET | {"kind": visits().slug, "words": "Coiffure à domicile, 30 € la coupe."})
    assert "Vos voisins ne la voient pas" in text_of(hers.get(OWN))
    assert "Alice" not in text_of(reader.get(LIST))
    case = Case.objects.open().get()
    assert "Coiffure" in text_of(agent.get(f"/bureau/moderation/{case.uid}/"))
    sold = OneOffOffer.objects.get()
    hers.post(f"{OWN}{sold.uid}/retirer/")
    assert not Case.objects.open().exists()

    hers.post(OWN, MARKET | {"kind": visits().slug})
    honest = OneOffOffer.objects.latest("pk")
    page = reader.get(f"{LIST}{honest.uid}/")
    report = BeautifulSoup(page.content, "html.parser").select_one("a.report-link")["href"]
    reader.post(report, {"reason": "other", "words": "Je ne la connais pas."})
    assert Report.objects.get().case.subject_id == honest.pk
    assert reader.post(f"{OWN}{honest.uid}/retirer/").status_code == 404, "nobody calls off somebody else's"
