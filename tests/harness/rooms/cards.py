"""Photos, cards of volunteers, and the word said at a door."""

from typing import TYPE_CHECKING

from aid.cards.models import Card
from aid.cards.services import issue
from aid.cards.words import keep_word
from aid.people.models import Person
from harness.cards import a_card, a_photo, token_of
from harness.desk import make_person, make_volunteer
from harness.permissions import ABSENT, DOOR, Line, at_the_desk, for_agents
from harness.seen import NOT_A_PAGE, Seen, both

if TYPE_CHECKING:
    from harness.scene import Scene


def a_person_with_a_photo() -> Person:
    """Somebody who gave theirs."""
    return a_photo(make_person()).person


def play(scene: "Scene") -> None:
    """Alice has a photo and a card that was checked; Lucie's has expired, and no photo; Jeanne has chosen a word."""
    alice, lucie = (scene.people[name].volunteer for name in ("alice", "lucie"))
    a_photo(alice.person)
    agent = scene.accounts["agent"]
    former, valid = issue(alice, by_account=agent), issue(alice, by_account=agent)
    expired = a_card(lucie)
    Card.objects.filter(pk=expired.pk).update(expires_on="2025-01-01")
    keep_word(scene.people["jeanne"], text="Mésange bleue")
    scene.tokens |= {"card_valid": token_of(valid), "card_void": token_of(former), "card_expired": token_of(expired)}


OWN = {"anonymous": DOOR, "resident": 200, "volunteer": 200}
OPEN_TO_ALL = {
    "cards:check": "who holds a card reads whether it is valid (cards.views)",
    "cards:photo": "who holds a card that is valid sees whose it is (cards.views)",
}
PAGES = {
    "cards:check": [Seen("/carte/{card_valid}/"), Seen("/carte/{card_void}/"), Seen("/carte/invente/")],
    "cards:photo": NOT_A_PAGE,
    "desk:person_photo": [
        *both("/bureau/personne/{person_alice}/photo/", "agent", "Garder cette photo"),
        Seen("/bureau/personne/{person_jeanne}/photo/", "agent"),
        Seen("/bureau/personne/{person_simone}/photo/", "agent"),
    ],
    "desk:photo_file": NOT_A_PAGE,
    "desk:person_cards": [
        Seen("/bureau/personne/{person_alice}/carte/", "agent"),
        Seen("/bureau/personne/{person_nadia}/carte/", "agent"),
        Seen("/bureau/personne/{person_lucie}/carte/", "agent"),
    ],
    "desk:print_card": NOT_A_PAGE,
    "desk:find_card": both("/bureau/benevoles/carte/", "agent", "Chercher"),
    "desk:person_word": [
        *both("/bureau/personne/{person_jeanne}/mot/", "agent", "Garder ce mot"),
        Seen("/bureau/personne/{person_claire}/mot/", "agent"),
    ],
    "personal:photo": [
        *both("/mon-espace/ma-photo/", "volunteer", "Garder cette photo"),
        Seen("/mon-espace/ma-photo/", "resident"),
    ],
    "personal:photo_file": NOT_A_PAGE,
    "personal:card": [Seen("/mon-espace/ma-carte/", "volunteer")],
    "personal:word": [
        *both("/mon-espace/mon-mot/", "resident", "Changer de mot"),
        Seen("/mon-espace/mon-mot/", "daughter"),
    ],
}
ADDRESSES = {
    "cards:check": Line(200, kwargs=lambda: {"token": token_of(a_card())}),
    "cards:photo": Line(204, kwargs={"token": "invente"}),
    "desk:person_photo": at_the_desk(kwargs=lambda: {"uid": make_person().uid}),
    "desk:photo_file": at_the_desk(kwargs=lambda: {"uid": a_person_with_a_photo().uid}),
    "desk:person_cards": at_the_desk(kwargs=lambda: {"uid": make_volunteer().person.uid}),
    "desk:print_card": at_the_desk(kwargs=lambda: {"uid": a_card().volunteer.person.uid}),
    "desk:find_card": at_the_desk(),
    "desk:person_word": for_agents(kwargs=lambda: {"uid": make_person().uid}),
    "personal:photo": Line(ABSENT, **OWN),
    "personal:photo_file": Line(ABSENT, anonymous=DOOR),
    "personal:card": Line(ABSENT, anonymous=DOOR, volunteer=200),
    "personal:word": Line(ABSENT, **OWN),
}
