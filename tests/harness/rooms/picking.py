"""Proposing a request to somebody in particular."""

from uuid import UUID

from aid.people.models import Person
from harness.desk import make_person, make_request
from harness.loop import volunteer
from harness.permissions import Line, at_the_desk
from harness.seen import Seen, both

PICK = "/bureau/demande/{request_open}/proposer/"
PAGES: dict[str, list[Seen]] = {
    "desk:pick": [
        *both(PICK, "agent", "Chercher"),
        Seen(PICK + "?page=9", "administrator"),
    ],
    "desk:propose": [Seen(PICK + "confirmer/?qui={person_alice}", "agent")],
}


NEIGHBOUR = UUID("6f1f5c0e-6f5b-4b5e-8d7c-0a4f2f1f7e11")


def who_looks() -> dict[str, object]:
    """The address of a request that looks for somebody, whom a neighbour could help."""
    person = make_person()
    if not Person.objects.filter(uid=NEIGHBOUR).exists():
        volunteer("Alice", commune=person.commune, uid=NEIGHBOUR)
    return {"uid": make_request(person).uid}


ADDRESSES: dict[str, Line] = {
    "desk:pick": at_the_desk(kwargs=who_looks),
    "desk:propose": at_the_desk(kwargs=who_looks, query=f"?qui={NEIGHBOUR}"),
}
