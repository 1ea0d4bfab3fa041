"""What is written to who applies, and to the desk. E-mail subjects name nobody."""

from collections.abc import Iterable

from django.urls import reverse

from aid.configuration.addresses import address_of
from aid.configuration.services import identity
from aid.notifications.words import Words
from aid.offers.enums import Language
from aid.offers.services import Offered
from aid.offers.slots import in_words
from aid.onboarding.models import Step
from aid.people.models import Person
from themes.brand import format_telephone

# What somebody agrees to who applies. Other words are another version (aid.privacy.consents).
AGREEMENT = (
    "Nous gardons votre candidature pour y répondre. Notre équipe la lit, et elle seule. Votre téléphone et votre "
    "adresse e-mail ne sont donnés à personne tant que vous n’avez pas dit oui à une demande. Vous pouvez arrêter "
    "quand vous voulez."
)
WITHDRAWN = "La personne a retiré son accord."
LAST_STEP = "Puis vous recevez des demandes. Vous dites oui ou non, librement."


def own_page() -> str:
    """Where a volunteer reads what is left to do."""
    return reverse("personal:volunteering")


def next_steps(steps: Iterable[Step]) -> list[str]:
    """What happens next, as the page that thanks and the message say it: the town's steps, in their order."""
    named = [step.name for step in steps]
    return ["Nous lisons votre candidature, et nous vous répondons.", *(f"{name}." for name in named), LAST_STEP]


def applied(person: Person, steps: Iterable[Step]) -> Words:
    """To who applied: it is written down, what happens next, whom to call."""
    link, telephone = address_of(own_page()), format_telephone(identity().telephone)
    numbered = "\n".join(f"{number}. {words}" for number, words in enumerate(next_steps(steps), 1))
    return Words(
        subject="Votre candidature est notée",
        body="\n\n".join(
            filter(
                None,
                (
                    f"Bonjour {person.first_name},",
                    "Merci de vouloir aider. Votre candidature est notée.",
                    f"La suite :\n{numbered}",
                    f"Une question ? Appelez le {telephone}." if telephone else "",
                    f"Voir où j’en suis : {link}",
                ),
            )
        ),
        sms=f"Merci {person.first_name} ! Votre candidature est notée. La suite, pas à pas : {link}",
    )


def number_to_confirm(contact: str) -> str:
    """To the desk: who applied has not proved their contact."""
    how = "Écrivez à cette adresse" if "@" in contact else "Appelez ce numéro"
    return (
        f"Candidature faite sur le site, sans code de confirmation. {how} : la personne a-t-elle bien écrit ? "
        "Elle est peut-être déjà connue : regardez les fiches qui se ressemblent."
    )


def confirmed(person: Person) -> str:
    """Why the desk has nobody to call any more."""
    return "Numéro confirmé." if person.phone else "Adresse confirmée."


def stopped(words: str) -> str:
    """To the desk: a volunteer wants to stop."""
    said = f" Ses mots : {words}" if words else ""
    return f"Ce bénévole arrête. Regardez ce qui était prévu avec lui, et remerciez-le.{said}"


def offer_lines(offered: Offered | None, *, whenever: str) -> list[tuple[str, str]]:
    """What somebody offers, as (question, answer); nothing where they have said nothing. `whenever`: for any hour."""
    if offered is None:
        return []
    lines = [
        ("Aides", ", ".join(str(kind) for kind in offered.kinds)),
        ("Où", _where(offered)),
        ("Quand", in_words(list(offered.slots)) or whenever),
        ("Moyens", ", ".join(str(one) for one in offered.means)),
        ("Langues", ", ".join(str(Language(one).label) for one in offered.languages)),
        ("Par mois", f"{offered.monthly_limit} fois, au plus" if offered.monthly_limit else ""),
        ("À la fois", f"{offered.at_once_limit} rendez-vous prévus, au plus" if offered.at_once_limit else ""),
        ("À savoir", offered.limits),
    ]
    return [(question, answer) for question, answer in lines if answer]


def _where(offered: Offered) -> str:
    places = [str(commune) for commune in offered.communes]
    if offered.radius_km:
        places.append(f"à {offered.radius_km} km autour de {offered.centre}")
    return ", ".join(places) or "partout sur le territoire"
