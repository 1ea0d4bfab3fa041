"""What is written to referents and to the desk. Nobody's name is in an SMS, nor in the subject of an e-mail."""

from django.urls import reverse

from aid.configuration.addresses import address_of
from aid.directory.enums import Title
from aid.directory.models import Professional, Referent
from aid.notifications.words import Words, letter
from core.company_numbers import format_siret

LONGEST_NEWS = 300


def newcomer_for_referent(referent: Referent, *, place: str) -> Words:
    """Somebody has arrived: where, and where to see the little that is told of them."""
    is_agent = referent.account is not None
    link = address_of(reverse("account_login"))
    where = "au bureau, dans les suites à donner" if is_agent else "dans votre espace"
    return Words(
        subject="Une nouvelle personne à accueillir",
        body=letter(
            f"Bonjour {_first_name(referent)},",
            f"Une nouvelle personne est connue de nous, à {place}. Vous êtes {referent.get_title_display()} : c’est "
            f"vous qui l’accueillez. Vous la verrez {where}.",
            "Son numéro ne s’y trouve que si elle est d’accord. Sinon, appelez-nous : nous vous présentons.",
            f"{'Entrer au bureau' if is_agent else 'Entrer dans mon espace'} : {link}",
        ),
        sms=f"Une nouvelle personne à accueillir à {place}. Appelez-nous, ou voyez votre espace : {link}",
    )


def newcomer_for_desk(referent: Referent) -> str:
    """What the town does: it stands between the two."""
    told = "prévenu" if referent.title == Title.MASCULINE else "prévenue"
    return (
        f"{referent.name}, {referent.get_title_display()}, est {told} qu’une personne est arrivée, sans son nom. "
        "Demandez à cette personne si elle veut bien être appelée : avec son accord, donnez son numéro."
    )


def welcomed(referent: Referent, words: str) -> str:
    """How a follow-up ends once a referent has welcomed somebody."""
    done = f"Accueil fait par {referent.name}, {referent.get_title_display()}."
    return f"{done} {words}" if words else done


def to_check(professional: Professional) -> str:
    """What an agent checks of a professional who proposed themselves."""
    return (
        f"{professional.name}, {professional.trade}, SIRET {format_siret(professional.siret)}, veut être dans "
        "l’annuaire. Vérifiez que l’entreprise est ouverte, puis affichez-la ou refusez-la."
    )


def to_check_again(professional: Professional) -> str:
    """The same, a year later."""
    return (
        f"L’ouverture de l’entreprise {professional.name}, {professional.trade}, a été vérifiée il y a un an. Vérifiez "
        "qu’elle continue, ou retirez-la du site."
    )


def _first_name(referent: Referent) -> str:
    return referent.person.first_name if referent.person else referent.account.first_name or referent.name
