"""Presentations: the list of neighbours, the page of one, and who writes them."""

from typing import TYPE_CHECKING

from aid.people.models import Person
from aid.profiles.models import Interest
from aid.profiles.services import present
from harness.desk import make_person, make_volunteer
from harness.permissions import ABSENT, DOOR, Line, at_the_desk, posted_at_the_desk, posted_by_residents
from harness.seen import NOT_A_PAGE, Seen, both

if TYPE_CHECKING:
    from harness.scene import Scene

MINE, DESK = "/mon-espace/me-presenter/", "/bureau/personne/{person_zoe}/presentation/"
PAGES: dict[str, list[Seen]] = {
    "profiles:neighbours": [
        Seen("/voisins/"),
        Seen("/voisins/", "resident"),
        Seen("/voisins/?gout=rien&lieu=nulle-part&page=9"),
        Seen("/voisins/?gout={interest_nobody}"),
    ],
    "profiles:neighbour": [
        Seen("/voisins/{neighbour_alice}/"),
        Seen("/voisins/{neighbour_alice}/", "resident"),
        Seen("/voisins/{neighbour_alice}/", "volunteer"),
    ],
    "personal:present": [
        *both(MINE, "newcomer", "Publier"),
        Seen(MINE, "volunteer"),
        Seen(MINE, "daughter"),
        Seen(MINE + "?retiree=1", "newcomer"),
    ],
    "personal:stop_presenting": NOT_A_PAGE,  # leads back to the same
    "desk:person_profile": [
        *both(DESK, "agent", "Publier"),
        Seen("/bureau/personne/{person_alice}/presentation/", "agent"),
        Seen("/bureau/personne/{person_claire}/presentation/", "agent"),
    ],
    "desk:withdraw_profile": NOT_A_PAGE,  # leads back to the same
}
OPEN_TO_ALL = {
    "profiles:neighbours": "volunteers who agreed to be seen by everybody; residents, to who has signed in",
    "profiles:neighbour": "the same, one by one",
}


def a_presented(person: Person | None = None, *, words: str = "Bonjour à tous.", likes: int = 2) -> Person:
    """Somebody who is presented: a volunteer, unless told otherwise."""
    person = person or make_volunteer().person
    present(person=person, words=words, interests=Interest.objects.all()[:likes])
    return person


ADDRESSES: dict[str, Line] = {
    "profiles:neighbours": Line(200),
    "profiles:neighbour": Line(200, kwargs=lambda: {"uid": a_presented().profile.uid}),
    "personal:present": Line(ABSENT, anonymous=DOOR, resident=200, volunteer=200),
    "personal:stop_presenting": posted_by_residents(),
    "desk:person_profile": at_the_desk(kwargs=lambda: {"uid": make_person().uid}),
    "desk:withdraw_profile": posted_at_the_desk(kwargs=lambda: {"uid": make_person().uid}),
}


def play(scene: "Scene") -> None:
    """Alice is presented, and Jeanne to who has signed in; what Claire wrote waits to be read."""
    alice = a_presented(scene.people["alice"], words="Je passe avec plaisir.\nSonnez, je suis souvent là.", likes=4)
    a_presented(scene.people["jeanne"], words="")
    a_presented(scene.people["claire"], words="Plomberie, devis gratuit, 45 € de l’heure, 06 39 98 00 01.")
    scene.tokens["neighbour_alice"] = alice.profile.uid
    scene.tokens["interest_nobody"] = Interest.objects.order_by("-position").first().pk
