"""Partners, who speaks for them, and what they flag."""

import re
import uuid
from typing import Any

from django.test import Client

from accounts.models import Account
from aid.notifications.enums import CODE
from aid.notifications.models import Message
from aid.partners import grids, keeping, services
from aid.partners.access import token_of
from aid.partners.contents import Content
from aid.partners.enums import FlagConsent, PartnerKind, Urgency
from aid.partners.models import Flag, Partner, PartnerContact
from aid.territory.models import CoveredCommune

# Each is searched for in what must not tell it.
FIRST_NAME, LAST_NAME, PHONE = "Solange", "Canarisignalé", "+33199007001"
WORDS = "Le chat s’appelle Canari."
CLIC_EMAIL = "anne@clic.example"


def a_partner(name: str = "CLIC du Valois", kind: PartnerKind = PartnerKind.CLIC, **fields: Any) -> Partner:
    """Who may flag anywhere in the territory."""
    return keeping.write_partner(None, name=name, kind=kind, communes=[], **fields)


def a_contact(partner: Partner | None = None, email: str = CLIC_EMAIL, **fields: Any) -> PartnerContact:
    """Anne, who has no way in yet."""
    usual = {"first_name": "Anne", "last_name": "Roy", "email": email, "phone": ""}
    return keeping.write_contact(None, partner=partner or a_partner(), **usual | fields)


def a_contact_with_a_link(**fields: Any) -> PartnerContact:
    """Anne, who was sent a link."""
    return keeping.send_link(a_contact(**fields))


def a_contact_with_an_account(**fields: Any) -> PartnerContact:
    """Anne, who signs in."""
    return keeping.give_account(a_contact(**fields))


def account_of(contact: PartnerContact) -> Account:
    """What she signs in with."""
    return Account.objects.get(partner_contact=contact)


def link_of(contact: PartnerContact) -> str:
    """Where her link leads."""
    return f"/partenaires/lien/{token_of(contact)}/"


def code_sent_to(recipient: str) -> str:
    """The last code that left to an address or a number."""
    sent = Message.objects.filter(kind=CODE, recipient=recipient).order_by("-pk")[0]
    (code,) = re.findall(r"\b\d{6}\b", sent.body)
    return code


def come_in(client: Client, contact: PartnerContact) -> Client:
    """Open her link, ask for the code that she alone gets, and type it."""
    assert client.post(link_of(contact), {"envoyer": "1"}).status_code == 302
    code = code_sent_to(contact.email or contact.phone)
    assert client.post(link_of(contact), {"code": code})["Location"] == "/partenaires/"
    return client


def content(**fields: Any) -> Content:
    """What she says of Solange."""
    usual = {"first_name": FIRST_NAME, "last_name": LAST_NAME, "phone": PHONE, "birth_year": 1938, "words": WORDS}
    return Content(**usual | fields)


def nobody(**fields: Any) -> Content:
    """What she says of somebody whom she has not asked."""
    blank = {"first_name": "", "last_name": "", "phone": "", "birth_year": None}
    return content(**blank | {"why_not_asked": "Elle dort encore."} | fields)


def a_flag(contact: PartnerContact | None = None, *, said: Content | None = None, **fields: Any) -> Flag:
    """One that was sent."""
    usual = {
        "form_uid": uuid.uuid4(),
        "grid": grids.current(),
        "commune": CoveredCommune.objects.order_by("pk")[0],
        "district": None,
        "urgency": Urgency.WEEK,
        "consent": FlagConsent.SPOKEN,
    }
    return services.send_flag(contact=contact or a_contact(), content=said or content(), **usual | fields)


def filled(**changed: Any) -> dict[str, Any]:
    """The three pages as she fills them, all at once: the last one's button sends it."""
    version = grids.current()
    answers = {
        grids.key_of(number): question.options[-1].label if question.options else "Les cartes"
        for number, question in enumerate(grids.grid_of(version).questions, 1)
    }
    typed = {
        "etape": "3",
        "grille": version.number,
        "numero": str(uuid.uuid4()),
        "consent": "spoken",
        "urgency": "week",
        "first_name": FIRST_NAME,
        "last_name": LAST_NAME,
        "phone": "01 99 00 70 01",
        "birth_year": "1938",
        "commune": CoveredCommune.objects.order_by("pk")[0].pk,
        "words": WORDS,
    }
    return typed | answers | changed
