"""Neighbours whom people choose by themselves: finding one, writing to them, their answer."""

from typing import TYPE_CHECKING

from aid.help_requests.texts import FOLLOW
from aid.nearby.services import write
from aid.people.services import confirm_phone
from aid.profiles.services import present
from aid.proposals.direct import send_messages, write_back
from aid.proposals.models import Proposal
from aid.proposals.texts import PURPOSE
from core.links import token_for
from harness.loop import somebody
from harness.nearby import a_confirmed, a_district, a_neighbour, direct_kind
from harness.permissions import ABSENT, DOOR, Line
from harness.requests import a_need
from harness.seen import NOT_A_PAGE, Seen, both

if TYPE_CHECKING:
    from harness.scene import Scene

WRITE, MESSAGES = "/pres-de-chez-moi/{nearby_paul}/ecrire/", "/suivi/{nearby_follow}/messages/"
PAGES = {
    "nearby:neighbours": [
        Seen("/pres-de-chez-moi/"),
        Seen("/pres-de-chez-moi/?aide={nearby_kind}"),
        Seen("/pres-de-chez-moi/?aide={nearby_kind}&lieu={nearby_place}", "resident"),
        Seen("/pres-de-chez-moi/?aide=rien&lieu=nulle-part&page=9"),
    ],
    "nearby:write": [
        *both(WRITE, "anonymous", "Envoyer mon message", **{"Votre prénom": "12"}),
        *both(WRITE, "resident", "Envoyer mon message"),
    ],
    "nearby:messages": [Seen(MESSAGES)],
    "nearby:leave": NOT_A_PAGE,  # posted
    "profiles:contact": NOT_A_PAGE,  # posted
    "personal:reach": [Seen("/mon-espace/me-joindre/", "volunteer")],
}
OPEN_TO_ALL = {
    "profiles:contact": "what a volunteer shows to neighbours whom the town knows; absent for anybody else",
    "nearby:neighbours": "counts by district, and volunteers who agreed to be seen by everybody",
    "nearby:write": "the same; what is sent is confirmed by a code",
    "nearby:messages": "a signed link",
    "nearby:leave": "the same",
}


def _one() -> dict[str, object]:
    found = Proposal.objects.filter(way="chosen").first()
    if found is None:
        neighbour = a_neighbour("Rose", "+33639989901")
        asked = write(
            neighbour, need=a_need(kind=direct_kind()), by_person=a_confirmed("Irène", "+33639989902", district=None)
        )
        found = Proposal.objects.get(request=asked)
    return {"neighbour": found.volunteer.person.profile.uid, "request": found.request_id}


def _with_a_kind() -> dict[str, object]:
    direct_kind()
    return {}


ADDRESSES = {
    "nearby:neighbours": Line(200, kwargs=_with_a_kind),
    "nearby:write": Line(200, kwargs=lambda: {"uid": _one()["neighbour"]}),
    "nearby:messages": Line(200, kwargs=lambda: {"token": token_for(FOLLOW, _one()["request"])}),
    "nearby:leave": Line(405, kwargs=lambda: {"token": token_for(FOLLOW, _one()["request"])}),
    "profiles:contact": Line(405, kwargs=lambda: {"uid": _one()["neighbour"]}),
    "personal:reach": Line(ABSENT, anonymous=DOOR),
}


def play(scene: "Scene") -> None:
    """Paul and Rose may be written to, in two districts; Simone wrote to Rose, who wrote back."""
    kind = direct_kind()
    north = a_district("Le Canal", "49.31000", "2.61000")
    south = a_district("La Gare", "49.28000", "2.60500")
    paul = a_neighbour("Paul", "+33639989911", district=north)
    rose = a_neighbour("Rose", "+33639989912", district=south)
    for number in range(3):
        a_neighbour(f"Luc{number}", "", district=north, is_shown=False)
    simone = somebody("Simone", "+33639989913", last_name="Roy", commune=north.commune, district=south)
    confirm_phone(simone)
    asked = write(rose, need=a_need(kind=kind, district=south, details="Un café ?"), by_person=simone)
    send_messages(asked.pk)
    received = Proposal.objects.get(request=asked)
    write_back(received, words="Plutôt jeudi ?")
    present(person=rose.person, words="Je passe avec plaisir.", interests=[])
    scene.tokens |= {
        "nearby_kind": kind.slug,
        "nearby_place": f"quartier-{south.pk}",
        "nearby_paul": paul.person.profile.uid,
        "nearby_follow": token_for(FOLLOW, asked.pk),
        "nearby_answer": token_for(PURPOSE, received.pk),
    }
