"""Offers of one day at the desk: whose are listed, and what is said of an answer."""

import pytest
from django.utils import timezone

from aid.onboarding.enums import SUSPEND
from aid.onboarding.services import take
from aid.people.models import Person
from aid.proposals.models import Proposal
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_person
from harness.loop import volunteer
from harness.one_off import an_offer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
LIST = "/bureau/propositions-d-un-jour/"
SOLD = "Plombier, 30 € de l’heure."


@pytest.fixture
def agent(visit):
    client = visit(FIRST_TOWN)
    client.force_login(make_account("nadia@ccas.example", "Agents"))
    return client


def test_those_of_volunteers_whom_the_town_vouches_for_are_listed(agent):
    alice, zoe, luc = volunteer("Alice", "+33639980002"), volunteer("Zoé"), volunteer("Luc")
    offers = [an_offer(one) for one in (alice, zoe, luc)]
    assert [line.offer for line in agent.get(LIST).context["lines"]] == offers
    take(zoe, SUSPEND)
    Person.objects.filter(pk=luc.person_id).update(deceased_on=timezone.localdate())
    assert [line.first_name for line in agent.get(LIST).context["lines"]] == ["Alice"]
    assert agent.post(f"{LIST}{offers[2].uid}/retirer/").status_code == 404


@pytest.mark.parametrize(("words", "is_held"), [("Je marche avec une canne.", False), (SOLD, True)])
def test_words_that_wait_to_be_read_are_not_said_to_have_left(agent, words, is_held):
    offer = an_offer(volunteer("Alice", "+33639980002"))
    said = {"offer": offer.uid, "source": "phone", "consent": "spoken", "details": words}
    page = agent.post(f"/bureau/personne/{make_person().uid}/ca-l-interesse/", said, follow=True).content.decode()
    assert Proposal.objects.get(offer=offer).is_held is is_held
    assert ("la réponse part à Alice" in page, "sont à relire" in page) == (not is_held, is_held)
