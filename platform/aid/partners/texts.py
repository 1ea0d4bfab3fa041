"""What is written to partners. No name of anybody who was flagged is ever in it."""

from django.urls import reverse
from django.utils.timezone import localtime

from accounts.models import Account
from aid.configuration.addresses import address_of
from aid.notifications.words import Words
from aid.partners.access import token_of
from aid.partners.enums import FlagState
from aid.partners.models import Flag, PartnerContact
from core.french import day_words


def taken_over(by_account: Account, from_account: Account | None) -> str:
    """For staff alone: who follows a flag now, and who did."""
    return f"Signalement repris par {by_account}{f', après {from_account}' if from_account else ''}."


def link(contact: PartnerContact) -> Words:
    """The personal link of a contact."""
    address = address_of(reverse("partners:enter", args=(token_of(contact),)))
    until = day_words(localtime(contact.link_ends_at))
    return Words(
        subject="Votre accès pour signaler une personne isolée",
        body=(
            f"Bonjour {contact.first_name},\n\n"
            "Voici votre lien pour nous signaler une personne isolée. Il vous suffit de cinq minutes.\n\n"
            f"Signaler une personne : {address}\n\n"
            f"Ce lien n’est qu’à vous, jusqu’au {until}. Un code vous sera demandé à chaque visite : il arrive ici. "
            "Transmettre ce message à quelqu’un ne lui ouvre rien.\n"
        ),
        sms=f"Votre lien pour signaler une personne isolée, valable jusqu’au {until} : {address}",
    )


def account(contact: PartnerContact) -> Words:
    """Their account is open."""
    address = address_of(reverse("partners:flags"))
    return Words(
        subject="Votre accès pour signaler une personne isolée",
        body=(
            f"Bonjour {contact.first_name},\n\n"
            "Vous pouvez maintenant nous signaler une personne isolée. Pas de mot de passe : on se connecte avec un "
            "code, qui arrive à cette adresse.\n\n"
            f"Me connecter : {address}\n"
        ),
        sms=f"Vous pouvez nous signaler une personne isolée. Connectez-vous avec ce numéro : {address}",
    )


def outcome(flag: Flag) -> Words:
    """What became of a flag: its day and its outcome, nothing else."""
    day = day_words(localtime(flag.sent_at))
    said = "pris en charge" if flag.state == FlagState.TAKEN_ON else "classé sans suite"
    return Words(
        subject="Des nouvelles d’un signalement",
        body=(
            "Bonjour,\n\n"
            f"Votre signalement du {day} est {said}. Merci d’avoir pris ce temps.\n\n"
            "Nous ne pouvons pas vous en dire plus : la suite appartient à la personne.\n"
        ),
        sms=f"Votre signalement du {day} est {said}. Merci.",
    )


def to_read(flag: Flag) -> str:
    """To who follows flags: where it comes from, and how urgent it is. No name."""
    return (
        f"{flag.partner.name} signale une personne à {flag.commune}. À appeler {flag.get_urgency_display()}. "
        f"Grille : {flag.get_level_display()}."
    )
