"""Texts round every message, and those that this room itself writes."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.urls import reverse

from aid.configuration.addresses import address_of
from aid.configuration.models import Identity
from aid.notifications.words import Words
from aid.people.models import Person
from core.gsm import to_gsm
from themes.brand import format_telephone

if TYPE_CHECKING:
    from aid.notifications.digests import Section

# A personal link in a text.
ADDRESS = re.compile(r"https?://\S+")
# « Faire compagnie autour de Lormes » whole, and little more: it opens every SMS.
LONGEST_NAME = 34


STOPPED = "C’est noté, vous ne recevrez plus de SMS. Pour changer d’avis, appelez-nous."


def short_name(name: str) -> str:
    """A town's name for the head of an SMS, cut between two words where it is long."""
    if len(name) <= LONGEST_NAME:
        return name
    return name[: LONGEST_NAME + 1].rpartition(" ")[0] or name[:LONGEST_NAME]


def sms(town: Identity, words: str) -> str:
    """What travels: who writes, the words, whom to call; in the alphabet of SMS."""
    telephone = f" Tél. {format_telephone(town.telephone)}" if town.telephone else ""
    said = " ".join(words.split())
    if telephone and said and said[-1].isalnum():
        # An address keeps clear of the stop, which telephones would take into the link.
        telephone = f" -{telephone}" if "://" in said.split()[-1] else f".{telephone}"
    return to_gsm(f"{short_name(town.public_name)} : {said}{telephone}")


def relayed(person: Person, words: Words) -> Words:
    """To a relative, for somebody: a first name and the short words. A link is theirs who it was made for: « mon
    espace » stands for it, where the relative enters as long as they may.
    """
    said = f"Pour {person.first_name}\xa0: {ADDRESS.sub(address_of(reverse('personal:home')), words.sms)}"
    return Words(subject="Un message à transmettre", body=f"Bonjour,\n\n{said}\n\nMerci de le lui dire.", sms=said)


def digest(person: Person, sections: "Iterable[Section]") -> Words:
    """The week's, by e-mail."""
    told = [part for section in sections for part in (section.title, *section.paragraphs)]
    return Words(
        subject="Cette semaine, près de chez vous",
        body="\n\n".join([f"Bonjour {person.first_name},", *told, "Merci d’être là."]),
        sms="",
    )


def not_sent(words: str) -> str:
    """To the agent: this did not leave."""
    return f"Un message n’est pas parti. À dire : {words}"


def maybe_sent(words: str) -> str:
    """To the agent: nobody knows whether this left."""
    return f"Un message est peut-être parti, rien ne le confirme. À vérifier : {words}"


def unreached(words: str) -> str:
    """To the agent: the telephone company gave this one up."""
    return f"Un SMS n’est pas arrivé\xa0: numéro éteint, plein ou disparu. À dire\xa0: {words}"


def stopped(channel: str) -> str:
    """To the agent: somebody wants no more SMS."""
    return (
        f"A répondu STOP : plus aucun SMS ne lui sera envoyé. À prévenir désormais {channel}. Appelez pour en parler."
    )


def held(words: str) -> str:
    """To the agent: the ceiling kept this one."""
    return f"Le plafond de SMS a retenu ce message. À dire : {words}"


def ceiling_reached(most: int) -> str:
    """To the agent, once a day."""
    return (
        f"Le plafond de {most} SMS par jour est atteint. Les suivants sont retenus. Ils ne partiront pas "
        "demain : les propositions seraient périmées. Les messages personnels sont à dire par téléphone. "
        "Un administrateur peut relever le plafond dans les réglages."
    )


def budget_nearly_spent(taken: int, budget: int) -> str:
    """To the agent, once a month."""
    return (
        f"{taken} SMS sont partis ce mois-ci, sur {budget} prévus. Au-delà, les SMS seront retenus "
        "jusqu’à la fin du mois. Un administrateur peut relever ce budget dans les réglages."
    )


def budget_spent(budget: int) -> str:
    """To the agent, once a day."""
    return (
        f"Les {budget} SMS du mois sont partis. Les suivants sont retenus, et ne partiront pas plus tard\xa0: les "
        "propositions seraient périmées. Les messages personnels sont à dire par téléphone. Un administrateur peut "
        "relever ce budget dans les réglages."
    )


def not_understood(text: str, sender: str) -> str:
    """To the agent: what somebody wrote back, and from where, since nobody may be known there: a number, or a name."""
    return f"SMS reçu ({format_telephone(sender) or 'numéro masqué'})\xa0: «\xa0{text}\xa0»"
