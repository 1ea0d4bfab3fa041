"""Offers of one day: read by neighbours, answered, called off; by themselves and at the desk."""

from typing import TYPE_CHECKING, Any

from aid.people.services import confirm_phone
from aid.proposals.direct import send_messages
from aid.proposals.models import Proposal
from aid.proposals.one_off import settle
from aid.proposals.services import accept
from harness.desk import make_person, make_volunteer
from harness.loop import somebody, volunteer
from harness.one_off import an_offer, answered
from harness.permissions import ABSENT, DOOR, Line, at_the_desk, posted_at_the_desk
from harness.seen import NOT_A_PAGE, Seen, both

if TYPE_CHECKING:
    from harness.scene import Scene

LIST, OWN = "/mon-espace/voisins-proposent/", "/mon-espace/benevole/un-jour/"
TOO_LONG = {"Un mot": "x" * 1001}
HELD = "Plombier, 30 € de l’heure."
PAGES: dict[str, list[Seen]] = {
    "personal:offers_nearby": [Seen(LIST, role) for role in ("resident", "volunteer", "acting")],
    "personal:answer_offer": [
        *both(LIST + "{one_off}/", "resident", "Ça m’intéresse", **TOO_LONG),
        Seen(LIST + "{one_off_full}/", "resident"),
    ],
    "personal:one_off_offers": both(OWN, "volunteer", "Le proposer"),
    "personal:call_off_offer": NOT_A_PAGE,  # leads back to the list
    "desk:one_off_offers": [Seen("/bureau/propositions-d-un-jour/", "agent")],
    "desk:call_off_offer": NOT_A_PAGE,  # leads back to the list
    "desk:new_one_off_offer": both("/bureau/personne/{person_alice}/un-jour/", "agent", "Enregistrer"),
    "desk:answer_offer": both("/bureau/personne/{person_jeanne}/ca-l-interesse/", "agent", "Transmettre la réponse"),
}


def _offered() -> dict[str, Any]:
    return {"uid": an_offer(make_volunteer()).uid}


ADDRESSES: dict[str, Line] = {
    "personal:offers_nearby": Line(ABSENT, anonymous=DOOR, resident=200, volunteer=200),
    "personal:answer_offer": Line(ABSENT, anonymous=DOOR, resident=200, volunteer=200, kwargs=_offered),
    "personal:one_off_offers": Line(ABSENT, anonymous=DOOR, volunteer=200),
    "personal:call_off_offer": Line(ABSENT, anonymous=DOOR, volunteer=405, kwargs=_offered),
    "desk:one_off_offers": at_the_desk(),
    "desk:call_off_offer": posted_at_the_desk(kwargs=_offered),
    "desk:new_one_off_offer": at_the_desk(kwargs=lambda: {"uid": make_volunteer().person.uid}),
    "desk:answer_offer": at_the_desk(kwargs=lambda: {"uid": make_person().uid}),
}


def play(scene: "Scene") -> None:
    """Colette goes to the market, Marthe has no place left; Alice offers two things, of which one is to be read."""
    alice = scene.people["alice"].volunteer
    colette, marthe = volunteer("Colette", last_name="Brun"), volunteer("Marthe", "+33639989922", last_name="Blanc")
    open_one, full = an_offer(colette), an_offer(marthe, places=1)
    an_offer(alice)
    an_offer(alice, moment="afternoon", words=HELD)
    simone = somebody("Simone", "+33639989921", last_name="Roy", commune=open_one.commune)
    confirm_phone(simone)
    asked = answered(full, simone)
    send_messages(asked.pk)
    accept(Proposal.objects.with_page_related_data().get(request=asked))
    settle(full.pk)
    waiting = answered(open_one, simone)
    send_messages(waiting.pk)
    scene.tokens |= {
        "one_off": open_one.uid,
        "one_off_full": full.uid,
    }
