"""Being told: by which way for each thing, and no more e-mails of some."""

from typing import TYPE_CHECKING

from aid.notifications.models import Message
from aid.notifications.unsubscribing import LINK, unsubscribe
from aid.people.enums import Channel, Purpose
from aid.people.models import Person
from core.links import token_for
from harness.desk import make_volunteer
from harness.permissions import ABSENT, DOOR, Line, at_the_desk
from harness.seen import NOT_A_PAGE, Seen, each

if TYPE_CHECKING:
    from harness.scene import Scene


def a_letter() -> dict[str, str]:
    """A link of an e-mail that nobody has to receive."""
    return {"token": token_for(LINK, _letter_to(make_volunteer().person, "letter:one").pk)}


def _letter_to(person: Person, key: str) -> Message:
    return Message.objects.create(
        person=person, kind="letter", key=key, channel=Channel.EMAIL, recipient="alice@voisins.example"
    )


PAGES: dict[str, list[Seen]] = {
    "personal:channels": [Seen("/mon-espace/etre-prevenu/", role) for role in ("resident", "volunteer")],
    "desk:person_channels": [Seen("/bureau/personne/{person_alice}/prevenir/", "agent")],
    "notifications:unsubscribe": each("/ne-plus-recevoir/{letter_*}/", ("asked", "done")),
    "notifications:receive_state": NOT_A_PAGE,  # a gateway's
}
ADDRESSES: dict[str, Line] = {
    "personal:channels": Line(ABSENT, anonymous=DOOR, resident=200, volunteer=200),
    "desk:person_channels": at_the_desk(kwargs=lambda: {"uid": make_volunteer().person.uid}),
    "notifications:unsubscribe": Line(200, kwargs=a_letter),
    "notifications:receive_state": Line(ABSENT),
}
OPEN_TO_ALL = {
    "notifications:receive_state": "who holds the operator of SMS's secret",
    "notifications:unsubscribe": "who holds the link of an e-mail that nobody has to receive",
}


def play(scene: "Scene") -> None:
    """Alice got an e-mail that she may do without; Lucie wants no more of them."""
    for name, who in (("asked", "alice"), ("done", "lucie")):
        person = scene.people[who]
        scene.tokens[f"letter_{name}"] = token_for(LINK, _letter_to(person, f"letter:{name}").pk)
    unsubscribe(scene.people["lucie"], Purpose.LETTERS)
