"""Alice's card, from the counter to Jeanne's door: made, printed, scanned, suspended, reinstated, lost, made again.

Each step goes through HTTP, as an agent, Alice, Jeanne and whoever scans live it.
"""

import re
from pathlib import Path

import pytest
from django.test import Client

from aid.cards.models import Card, CardScan
from aid.cards.services import check
from aid.people.models import Person
from aid.proposals.services import accept, ask_volunteers
from aid.proposals.texts import answer_path
from harness.cards import printed_path
from harness.databases import FIRST_TOWN
from harness.desk import make_account, move_by_desk
from harness.loop import ALICE_PHONE, jeanne, open_request, volunteer
from harness.pictures import from_a_telephone, sent
from tenants.registry import TownEntry

pytestmark = pytest.mark.django_db
WORD = "Mésange bleue"
VALID, NOT_VALID = "Cette carte est valable", "Cette carte n’est pas valable"


class Town:
    """Nadia at the desk, Alice, Jeanne who opens her door, and their browsers."""

    def __init__(self) -> None:
        self.alice = volunteer("Alice", ALICE_PHONE, last_name="Morel")
        self.jeanne = jeanne()
        self.nadia = self.browser(make_account("nadia@ccas.example", "Agents"))
        self.desk = f"/bureau/personne/{self.alice.person.uid}/"

    @staticmethod
    def browser(account: object = None) -> Client:
        """On the town's site; signed in with an account."""
        client = Client(headers={"host": FIRST_TOWN})
        if account:
            client.force_login(account, "django.contrib.auth.backends.ModelBackend")
        return client

    def of(self, person: Person, name: str) -> Client:
        """Somebody's own browser."""
        person.account = make_account(f"{name}@exemple.example")
        person.save()
        return self.browser(person.account)

    def move(self, gesture: str) -> None:
        """Nadia takes a step for Alice."""
        move_by_desk(self.nadia, self.alice.person, gesture)

    def printed(self, folder: Path) -> str:
        """Where the QR of the card that Nadia prints leads."""
        return printed_path(self.nadia.get(f"{self.desk}carte.pdf").content, folder, host=FIRST_TOWN)

    def scanned(self, path: str) -> str:
        """What a passer-by's telephone shows."""
        return self.browser().get(path).content.decode()


@pytest.fixture
def here(town: TownEntry) -> Town:
    return Town()


def test_the_card_at_the_door(here: Town, tmp_path: Path) -> None:
    # Alice puts her photo herself; Nadia makes the card, and prints it.
    alice = here.of(here.alice.person, "alice")
    taken = {"file": sent(from_a_telephone((1200, 900))), "agreed": "on"}
    assert alice.post("/mon-espace/ma-photo/", taken).status_code == 302
    assert here.nadia.post(f"{here.desk}carte/", {"geste": "faire"}).status_code == 302
    path = here.printed(tmp_path)
    assert Card.objects.get().number in alice.get("/mon-espace/ma-carte/").content.decode()

    # Jeanne has chosen a word; Alice says yes, and reads it on her rendezvous.
    hers = here.of(here.jeanne, "jeanne")
    assert hers.post("/mon-espace/mon-mot/", {"text": WORD}).status_code == 302
    request = open_request(here.jeanne)
    ask_volunteers(request.pk)
    proposal = request.proposals.get(volunteer=here.alice)
    accept(proposal)
    assert WORD in here.scanned(answer_path(proposal))

    # At the door.
    page = here.scanned(path)
    assert VALID in page
    assert "Alice M." in page
    photo = re.search(r'src="([^"]+photo\.jpg)"', page)[1]
    assert here.browser().get(photo)["Content-Type"] == "image/jpeg"
    assert "Vous avez convenu d’un mot avec nous" in page
    assert WORD not in page

    # Suspended: the same paper, the same minute.
    here.move("suspension")
    assert NOT_VALID in here.scanned(path)
    assert "Alice" not in here.scanned(path)
    assert here.browser().get(photo).status_code == 204
    assert "pas de carte valable" in alice.get("/mon-espace/ma-carte/").content.decode()
    assert WORD not in here.scanned(answer_path(proposal))
    assert here.nadia.get(f"{here.desk}carte.pdf").status_code == 404

    # Back: the card in her pocket is worth what it was.
    here.move("retour")
    assert VALID in here.scanned(path)

    # Lost: void at once; the new one is another.
    lost = {"geste": "annuler", "reason": "lost"}
    assert here.nadia.post(f"{here.desk}carte/", lost).status_code == 302
    assert NOT_VALID in here.scanned(path)
    assert here.nadia.post(f"{here.desk}carte/", {"geste": "faire"}).status_code == 302
    (tmp_path / "new").mkdir()
    new = here.printed(tmp_path / "new")
    assert new != path
    assert VALID in here.scanned(new)
    assert NOT_VALID in here.scanned(path)

    # Nadia reads when each was scanned, and what was answered.
    journal = here.nadia.get(f"{here.desk}carte/").content.decode()
    assert journal.count('data-label="Réponse">Valable') == CardScan.objects.filter(outcome="valid").count() == 3
    assert "Bénévole pas en service" in journal
    assert "Carte annulée" in journal
    assert not check("0" * 40).is_valid
