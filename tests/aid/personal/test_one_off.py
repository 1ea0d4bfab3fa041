"""Claire answers, for Jeanne, what a neighbour offers for a day."""

import pytest

from aid.help_requests.models import HelpRequest
from aid.moderation.blocks import block
from aid.proposals.models import Proposal
from aid.relations.enums import Consent, Scope
from aid.relations.services import grant
from harness.loop import volunteer
from harness.mandates import ACT, CLAIRE_PHONE, HOME, JEANNE_PHONE, browser_of, known, seen
from harness.one_off import an_offer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
LIST = "/mon-espace/voisins-proposent/"
SOLD = "Plombier, 30 € de l’heure."


@pytest.fixture
def claire():
    return known("Claire", CLAIRE_PHONE, last_name="Martin")


@pytest.fixture
def browser(claire):
    mandate = grant(
        representative=claire,
        principal=known("Jeanne", JEANNE_PHONE, last_name="Petit"),
        scope=[Scope.REQUESTS],
        consent=Consent.ON_PAPER,
    )
    client = browser_of(claire)
    client.post(ACT, {"mandat": mandate.uid})
    return client


def test_a_block_of_who_acts_holds_under_a_mandate(browser, claire):
    alice = volunteer("Alice", "+33639980002")
    offer = an_offer(alice)
    assert "Alice" in seen(browser, LIST)
    block(blocker=alice.person, blocked=claire)
    assert "Alice" not in seen(browser, LIST)
    for answer in (browser.get(f"{LIST}{offer.uid}/"), browser.post(f"{LIST}{offer.uid}/", {"details": "Volontiers."})):
        assert answer.status_code == 404
    assert not HelpRequest.objects.exists()


@pytest.mark.parametrize(("words", "is_held"), [("Volontiers.", False), (SOLD, True)])
def test_words_that_wait_to_be_read_are_not_said_to_have_left(browser, words, is_held):
    offer = an_offer(volunteer("Alice", "+33639980002"))
    assert browser.post(f"{LIST}{offer.uid}/", {"details": words})["Location"] == HOME
    assert Proposal.objects.get(offer=offer).is_held is is_held
    page = seen(browser)
    assert ("C’est parti" in page, "Un agent lit vos mots" in page) == (not is_held, is_held)
