"""What the room of worries brings to the lists that walk everything."""

from typing import TYPE_CHECKING

from aid.worries import services
from aid.worries.enums import Grade, WorryAnswer
from harness.desk import make_person, make_request
from harness.permissions import ABSENT, DOOR, Line, at_the_desk, for_administrators
from harness.seen import Seen, both, each
from harness.worries import a_worry, worry_link

if TYPE_CHECKING:
    from harness.scene import Scene

PAGES = {
    "proposals:worry": [
        *both("/reponse/{answer_accepted}/inquietude/", "anonymous", "Le dire à l’équipe"),
        Seen("/reponse/{answer_done}/inquietude/?dit"),
    ],
    "personal:worries": [Seen("/mon-espace/inquietudes/", role) for role in ("volunteer", "resident")],
    "personal:worry": both("/mon-espace/inquietude/{request_agreed}/", "volunteer", "Le dire à l’équipe"),
    "desk:worries": [
        Seen("/bureau/inquietudes/", "administrator"),
        Seen("/bureau/inquietudes/?etat=closes", "agent"),
        Seen("/bureau/inquietudes/?personne={person_jeanne}", "agent"),
    ],
    "desk:worry": [
        *each("/bureau/inquietude/{worry_*}/", ("received", "taken", "closed"), "agent"),
        Seen("/bureau/inquietude/{worry_taken}/", "agent", press="C’est fini"),
    ],
    "desk:new_worry": both("/bureau/personne/{person_jeanne}/inquietude/", "agent", "Noter cette inquiétude"),
    "desk:worry_duty": [Seen("/bureau/inquietudes/permanence/", "administrator")],
}
ADDRESSES = {
    # Who holds the link of a proposal that they said yes to.
    "proposals:worry": Line(200, kwargs=worry_link),
    "personal:worries": Line(ABSENT, anonymous=DOOR, resident=200, volunteer=200),
    # A rendezvous of others.
    "personal:worry": Line(ABSENT, anonymous=DOOR, kwargs=lambda: {"uid": make_request(make_person()).uid}),
    "desk:worries": at_the_desk(),
    "desk:worry": at_the_desk(kwargs=lambda: {"uid": a_worry(make_person()).uid}),
    "desk:new_worry": at_the_desk(kwargs=lambda: {"uid": make_person().uid}),
    "desk:worry_duty": for_administrators(),
}
OPEN_TO_ALL = {"proposals:worry": "who holds the link of a proposal that they said yes to (proposals.access)"}


def play(scene: "Scene") -> None:
    """One in each state, told by Alice of Jeanne."""
    her, alice, agent = scene.people["jeanne"], scene.people["alice"], scene.accounts["agent"]
    told = {name: a_worry(her, told_by=alice, grade=Grade.URGENT) for name in ("received", "taken", "closed")}
    services.take(told["taken"], by_account=agent)
    services.note_gesture(told["taken"], words="Appelée à midi, sans réponse.", by_account=agent)
    services.close(told["closed"], answer=WorryAnswer.VISITED, words="Tout va bien.", by_account=agent)
    scene.tokens |= {f"worry_{name}": one.uid for name, one in told.items()}
