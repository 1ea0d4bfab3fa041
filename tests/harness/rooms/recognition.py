"""Thanking volunteers: what they gave, certificates, birthdays, the letter of a year."""

from typing import TYPE_CHECKING

from django.utils import timezone

from aid.recognition.birthdays import tell_birthday
from aid.recognition.services import certify, write_letter
from aid.recognition.texts import LETTER
from harness.desk import make_volunteer
from harness.permissions import (
    ABSENT,
    DOOR,
    Line,
    at_the_desk,
    for_agents,
    posted_at_the_desk,
    posted_by_agents,
    posted_by_residents,
)
from harness.seen import NOT_A_PAGE, Seen, both

if TYPE_CHECKING:
    from harness.scene import Scene

PAGES: dict[str, list[Seen]] = {
    "personal:given": [Seen("/mon-espace/ce-que-vous-avez-donne/", "volunteer")],
    "personal:certificate": NOT_A_PAGE,  # a file
    "personal:birthday": both("/mon-espace/anniversaire/", "volunteer", "Enregistrer"),
    "personal:forget_birthday": NOT_A_PAGE,  # leads back to what was given
    "desk:person_recognition": [
        Seen(f"/bureau/personne/{{person_{name}}}/merci/", "agent") for name in ("alice", "lucie")
    ],
    "desk:person_certificate": NOT_A_PAGE,  # a file
    "desk:person_birthday": both("/bureau/personne/{person_alice}/anniversaire/", "agent", "Enregistrer"),
    "desk:forget_birthday": NOT_A_PAGE,  # leads back to the thanks
    "desk:birthdays": [Seen("/bureau/benevoles/anniversaires/", "agent")],
    "desk:yearly_letter": both("/bureau/benevoles/lettre/", "agent", "Enregistrer la lettre", **{"Vos mots": ""}),
    "desk:print_letters": NOT_A_PAGE,  # a file
    "desk:send_letters": NOT_A_PAGE,  # leads back to the letter
}
MINE = Line(ABSENT, anonymous=DOOR, volunteer=200)
ADDRESSES: dict[str, Line] = {
    "personal:given": MINE,
    "personal:certificate": posted_by_residents(),
    "personal:birthday": MINE,
    "personal:forget_birthday": posted_by_residents(),
    "desk:person_recognition": at_the_desk(kwargs=lambda: {"uid": make_volunteer().person.uid}),
    "desk:person_certificate": posted_at_the_desk(kwargs=lambda: {"uid": make_volunteer().person.uid}),
    "desk:person_birthday": at_the_desk(kwargs=lambda: {"uid": make_volunteer().person.uid}),
    "desk:forget_birthday": posted_at_the_desk(kwargs=lambda: {"uid": make_volunteer().person.uid}),
    "desk:birthdays": at_the_desk(),
    "desk:yearly_letter": for_agents(),
    "desk:print_letters": posted_by_agents(),
    "desk:send_letters": posted_by_agents(),
}


def play(scene: "Scene") -> None:
    """Lucie told her birthday, which is today; Alice has a certificate; the letter of the year is written."""
    today = timezone.localdate()
    tell_birthday(scene.people["lucie"], day=today.day, month=today.month)
    certify(scene.people["alice"], by_account=scene.accounts["agent"])
    write_letter(year=today.year, words=LETTER, by_account=scene.accounts["agent"])
