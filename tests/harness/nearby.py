"""Neighbours whom people choose by themselves, for the tests of every room that they go through."""

from typing import Any

from django.core.cache import cache

from aid.configuration.enums import Mode
from aid.configuration.models import KindOfHelp
from aid.offers.services import welcome
from aid.onboarding.models import Volunteer
from aid.people.services import confirm_phone
from aid.profiles.services import present
from aid.territory.models import CoveredCommune, District
from aid.territory.services import add_district
from harness.loop import somebody

SLUG = "prendre-un-cafe"
WORDS = "Je passe avec plaisir."
WRITE = "/pres-de-chez-moi/{}/ecrire/"
LIST = "/pres-de-chez-moi/"


def direct_kind() -> KindOfHelp:
    """A kind for which people choose whom to write to, after the town's own."""
    kind, is_new = KindOfHelp.objects.get_or_create(
        slug=SLUG, defaults={"name": "Prendre un café", "mode": Mode.DIRECT, "position": 900}
    )
    if is_new:
        cache.clear()  # the commit's own pulse does it
    return kind


def a_neighbour(first_name: str, phone: str, *, is_shown: bool = True, **fields: Any) -> Volunteer:
    """A volunteer for a café, who agreed to be shown unless told otherwise."""
    usual = {"commune": CoveredCommune.objects.first(), "last_name": "Morel"}
    volunteer = welcome(person=somebody(first_name, phone, **usual | fields), kinds=[direct_kind()])
    if is_shown:
        present(person=volunteer.person, words=WORDS, interests=[])
    return volunteer


def a_confirmed(first_name: str, phone: str, **fields: Any) -> Any:
    """A resident whose number the town confirmed."""
    person = somebody(first_name, phone, last_name="Petit", commune=CoveredCommune.objects.first(), **fields)
    confirm_phone(person)
    return person


def a_district(name: str, latitude: str = "", longitude: str = "") -> District:
    """A district of the first commune."""
    centre = {"latitude": latitude or None, "longitude": longitude or None}
    return add_district(name=name, commune=CoveredCommune.objects.first(), **centre)


def a_message(**changes: str) -> dict[str, str]:
    """What is typed on the page where a neighbour is written to."""
    usual = {
        "kind": SLUG,
        "day_choice": "tomorrow",
        "moment": "afternoon",
        "details": "Un café, et bavarder une heure ?",
        "first_name": "Jeanne",
        "phone": "06 39 98 00 01",
    }
    return usual | changes
