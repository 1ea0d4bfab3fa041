"""Telling who has been silent for long that they will be forgotten; a link lets them stay."""

from django.urls import reverse

from aid.configuration.addresses import address_of
from aid.configuration.services import identity
from aid.notifications.services import send
from aid.notifications.words import Words
from aid.privacy import leaving
from aid.privacy.models import Leaving
from core.french import day_words
from core.links import token_for

STAY = "stay"


def register() -> None:
    """Called when the app is ready."""
    leaving.listen(tell)


def tell(told: Leaving) -> None:
    """Write to them, or have them called: an open follow-up keeps them here until somebody did."""
    key = f"leaving:{told.pk}:{told.told_at:%Y%m%d}"
    send(person=told.person, kind="leaving", key=key, words=words(told))


def stay_path(told: Leaving) -> str:
    """Where they say that they stay, without signing in."""
    return reverse("personal:stay", args=[token_for(STAY, told.pk)])


def words(told: Leaving) -> Words:
    """Nobody is accused of anything: it is a question."""
    day, link, town = day_words(told.goes_on), address_of(stay_path(told)), identity().public_name
    return Words(
        subject="Voulez-vous rester ?",
        body=(
            f"Bonjour {told.person.first_name},\n\nNous n’avons plus de nouvelles de vous depuis longtemps. "
            f"Sans réponse de vous, {town} effacera le {day} ce que nous savons de vous.\n\n"
            f"Vous voulez rester ? Un geste suffit.\n\nRester : {link}\n\nOu appelez-nous."
        ),
        sms=f"Sans nouvelles de vous, nous effacerons votre fiche le {day}. Pour rester : {link}",
    )
