"""What is said to thank volunteers."""

from django.urls import reverse

from aid.configuration.addresses import address_of
from aid.notifications.words import Words, letter
from aid.people.models import Person

# Beside every figure of what somebody gave: the one definition.
DEFINITION = (
    "Nous comptons chaque service noté comme rendu, avec la durée que vous ou l’accueil avez dite. Il compte pour "
    "l’année du jour où il a été rendu."
)
DEFINITION_ON_PAPER = (
    "Chaque service noté comme rendu compte, avec la durée dite par le bénévole ou par l’accueil, pour l’année du jour "
    "où il a été rendu."
)
BIRTHDAY_AGREEMENT = (
    "La ville garde le jour et le mois de mon anniversaire, jamais l’année, pour m’adresser un mot ce jour-là. Je peux "
    "changer d’avis quand je veux."
)
BIRTHDAY_WITHDRAWN = "Si vous le retirez, nous effaçons ce jour, et nous ne vous souhaitons plus rien."
BIRTHDAY_WITHDRAWN_AT_THE_DESK = "Ce jour est effacé, et plus rien ne lui est souhaité."
LETTER = (
    "Une année se termine, et nous pensons à vous.\n\n"
    "Vous avez donné de votre temps. Derrière chaque heure, il y a une porte qui s’ouvre, une journée moins "
    "longue. Cela ne se voit pas toujours. Nous, nous le voyons.\n\n"
    "Merci, du fond du cœur. Prenez soin de vous, et à bientôt."
)


def birthday(person: Person) -> Words:
    """A warm word that day; said on the telephone to who is called."""
    return Words(
        subject="Une pensée pour vous aujourd’hui",
        body=letter(
            f"Bonjour {person.first_name},",
            "Toute l’équipe vous souhaite un très bel anniversaire.",
            "Merci pour le temps que vous donnez à vos voisins. Passez une douce journée.",
        ),
        sms=f"Bel anniversaire {person.first_name} ! Merci pour tout ce que vous donnez. Toute l’équipe.",
    )


def yearly(person: Person, *, year: int, words: str, gave: str, thanks: list[str]) -> Words:
    """The letter of a year, for who reads e-mails."""
    said = ["On vous a dit merci :\n" + "\n".join(f"« {one} »" for one in thanks)] if thanks else []
    link = address_of(reverse("personal:given"))
    return Words(
        subject=f"Merci pour l’année {year}",
        body=letter(
            f"Bonjour {person.first_name},",
            words,
            f"En {year}, vous avez donné {gave}.",
            *said,
            f"Voir ce que vous avez donné : {link}",
        ),
        sms="",
    )


def gave_words(*, services: int, duration: str) -> str:
    """« 3 h 15 à vos voisins, en 4 services »."""
    return f"{duration} à vos voisins, en {services} service{'s' if services > 1 else ''}"
