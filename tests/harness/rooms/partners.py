"""What the room of partners brings to the lists that walk everything."""

from typing import TYPE_CHECKING

from aid.partners import keeping, services
from aid.partners.access import token_of
from aid.partners.enums import FlagConsent, NoFollowUp, Urgency
from aid.partners.models import PartnerContact
from aid.people.models import Person
from harness.partners import (
    a_contact,
    a_contact_with_a_link,
    a_contact_with_an_account,
    a_flag,
    a_partner,
    account_of,
    content,
    nobody,
)
from harness.permissions import (
    ABSENT,
    DOOR,
    Line,
    at_the_desk,
    for_administrators,
)
from harness.seen import NOT_A_PAGE, Seen, both, each

if TYPE_CHECKING:
    from harness.scene import Scene

FLAGS = ("received", "unnamed", "linked", "taken_on", "no_follow_up")
PAGES = {
    "partners:flags": [Seen("/partenaires/", "partner"), Seen("/partenaires/", "new_partner")],
    "partners:new_flag": [
        *both("/partenaires/signaler/", "partner", "Continuer"),
    ],
    "partners:enter": [
        Seen("/partenaires/lien/{partner_link}/"),
        *both("/partenaires/lien/{partner_link}/?envoye", "anonymous", "Entrer"),
        Seen("/partenaires/lien/{partner_old_link}/", status=410),
    ],
    "partners:leave": NOT_A_PAGE,  # leads to the home page
    "desk:partners": [Seen("/bureau/partenaires/", "administrator")],
    "desk:partner_figures": [Seen("/bureau/partenaires/chiffres/", "administrator")],
    "desk:partner_figures_file": NOT_A_PAGE,  # a file
    "desk:screening_grid": [
        Seen("/bureau/partenaires/grille/", "administrator"),
        Seen(
            "/bureau/partenaires/grille/",
            "administrator",
            press="Enregistrer le brouillon",
            typed={"Isolement fort à partir de": "x"},
        ),
    ],
    "desk:new_partner": both("/bureau/partenaire/nouveau/", "administrator", "Enregistrer"),
    "desk:partner": [Seen("/bureau/partenaire/{partner}/", "administrator")],
    "desk:new_contact": both("/bureau/partenaire/{partner}/contact/", "administrator", "Enregistrer"),
    "desk:partner_contact": each(
        "/bureau/partenaire/contact/{contact_*}/", ("link", "account", "none", "closed"), "administrator"
    ),
    "desk:contact_access": NOT_A_PAGE,  # leads back to the contact
    "desk:flags": [Seen("/bureau/signalements/", "agent"), Seen("/bureau/signalements/?etat=clos", "agent")],
    "desk:flag": [
        *each("/bureau/signalement/{flag_*}/", FLAGS, "agent"),
        Seen("/bureau/signalement/{flag_unnamed}/?personne={person_jeanne}", "agent"),
        Seen("/bureau/signalement/{flag_received}/", "agent", press="Classer sans suite"),
    ],
}
ADDRESSES = {
    "partners:flags": Line(ABSENT, anonymous=DOOR, partner=200),
    "partners:new_flag": Line(ABSENT, anonymous=DOOR, partner=200),
    "partners:leave": Line(405),
    # Whoever holds it, whatever their role: a code is asked for before anything is told.
    "partners:enter": Line(200, kwargs=lambda: {"token": token_of(_linked())}),
    "desk:partners": for_administrators(),
    "desk:partner_figures": for_administrators(),
    "desk:partner_figures_file": for_administrators(),
    "desk:screening_grid": for_administrators(),
    "desk:new_partner": for_administrators(),
    "desk:partner": for_administrators(kwargs=lambda: {"uid": a_partner("MSA").uid}),
    "desk:new_contact": for_administrators(kwargs=lambda: {"uid": a_partner("CARSAT").uid}),
    "desk:partner_contact": for_administrators(kwargs=lambda: {"uid": _linked("SSIAD").uid}),
    "desk:contact_access": Line(
        ABSENT, anonymous=DOOR, administrator=405, kwargs=lambda: {"uid": _linked("Pharmacie").uid}
    ),
    "desk:flags": at_the_desk(),
    "desk:flag": at_the_desk(kwargs=lambda: {"uid": a_flag(_linked("Gardien")).uid}),
}
OPEN_TO_ALL = {
    "partners:enter": "who holds the personal link of a partner's contact: a code is asked for before anything is told",
    "partners:leave": "whoever leaves: it only ends what a link opened in this browser",
}


def _linked(name: str = "CLIC") -> PartnerContact:
    return a_contact_with_a_link(partner=a_partner(name), email=f"{name.lower()}@partenaire.example")


def play(scene: "Scene") -> None:
    """A flag in each state, contacts who enter by each way, one of each who has nothing yet."""
    from harness.scene import session_of, sign_in

    agent = scene.accounts["agent"]
    clic = a_partner("CLIC de la scène")
    linked = a_contact_with_a_link(partner=clic, email="lien.de.la.scene@partenaire.example")
    signing = a_contact_with_an_account(partner=clic, email="compte.de.la.scene@partenaire.example")
    newcomer = a_contact_with_an_account(partner=clic, email="neuf.de.la.scene@partenaire.example")
    waiting = a_contact(partner=clic, email="sans.de.la.scene@partenaire.example")
    gone = keeping.close_contact(a_contact(partner=clic, email="parti.de.la.scene@partenaire.example"))
    old = a_contact_with_a_link(partner=clic, email="vieux.de.la.scene@partenaire.example")
    PartnerContact.objects.filter(pk=old.pk).update(link_ends_at="2026-01-01T00:00:00Z")
    her = scene.people["jeanne"]
    said = content(first_name=her.first_name, last_name=her.last_name, phone=her.phone, birth_year=her.birth_year)
    flags = {
        "received": a_flag(signing, said=said, urgency=Urgency.NOW),
        "unnamed": a_flag(signing, said=nobody(), consent=FlagConsent.NOT_ASKED),
        "linked": a_flag(signing),
        "taken_on": a_flag(signing),
        "no_follow_up": a_flag(signing),
    }
    person = services.create_card(services.take(flags["linked"], by_account=agent), by_account=agent)
    # The lists of persons are as they were: what is shown of this one is shown by the flag.
    Person.objects.filter(pk=person.pk).update(last_name="Signalé")
    services.take_on(flags["taken_on"], by_account=agent)
    services.leave(flags["no_follow_up"], reason=NoFollowUp.DECLINED, by_account=agent)
    scene.tokens |= {"partner_link": token_of(linked), "partner_old_link": token_of(old), "partner": clic.uid}
    contacts = {"link": linked, "account": signing, "none": waiting, "closed": gone}
    scene.tokens |= {f"contact_{name}": one.uid for name, one in contacts.items()}
    scene.tokens |= {f"flag_{name}": one.uid for name, one in flags.items()}
    for role, contact in (("partner", signing), ("new_partner", newcomer)):
        scene.sessions[role] = session_of(sign_in(scene.host, account_of(contact)))
