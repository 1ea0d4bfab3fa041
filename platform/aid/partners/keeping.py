"""The verbs of partners and of those who speak for them: who they are, and by what they enter."""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import codes
from accounts.models import Account
from accounts.roles import is_shared, is_staff
from aid.notifications.services import send_to_address
from aid.partners import texts
from aid.partners.models import Partner, PartnerContact
from aid.territory.models import CoveredCommune
from core.phones import receives_sms
from core.text import tidy

LINK_LASTS = timedelta(days=180)
STAFF = "Ce contact est celui d’un collègue : il entre au bureau, pas par ici."
SHARED = "Plusieurs personnes entrent par ce compte. Donnez un contact qui n’est qu’à elle ou à lui."
CLOSED = "Ce compte est fermé. Donnez un autre contact."
# Where a contact reads a code or a link, by name of field.
CONTACTS = ("email", "phone")


@transaction.atomic
def write_partner(partner: Partner | None, *, communes: Iterable[CoveredCommune], **values: Any) -> Partner:
    """Write down a partner, or change one. No commune: the whole territory. Raises ValidationError by field."""
    written = partner or Partner()
    written.commune_ids = sorted(commune.pk for commune in communes)
    for name, value in values.items():
        setattr(written, name, tidy(value) if name == "name" else value)
    written.full_clean(exclude=["folded_name"])
    written.save()
    return written


@transaction.atomic
def write_contact(contact: PartnerContact | None, *, partner: Partner, **values: Any) -> PartnerContact:
    """Write down who speaks for a partner, or change them.

    Another address or number ends what the former one opened: their link and their account. Raises ValidationError for
    one that receives neither e-mail nor SMS.
    """
    written = contact or PartnerContact(partner=partner)
    if contact is not None:
        written = PartnerContact.objects.select_for_update(of=["self"]).get(pk=contact.pk)
    before = [getattr(written, name) for name in CONTACTS]
    for name, value in values.items():
        setattr(written, name, tidy(value) if name in {"first_name", "last_name"} else value)
    written.email = written.email.strip().lower()
    written.clean_fields(exclude=["partner"])
    if not written.first_name:
        raise ValidationError({"first_name": "Écrivez son prénom."})
    if not (written.email or (written.phone and receives_sms(written.phone))):
        raise ValidationError({"email": "Donnez une adresse e-mail, ou un mobile : le code de connexion y arrive."})
    if contact is not None and before != [getattr(written, name) for name in CONTACTS]:
        _shut(written)
    written.save()
    return written


@transaction.atomic
def send_link(contact: PartnerContact) -> PartnerContact:
    """Send a contact their personal link; the former one opens nothing any more.

    Raises ValidationError for a closed contact.
    """
    known = _locked(contact)
    known.link, known.link_ends_at = secrets.token_hex(16), timezone.now() + LINK_LASTS
    known.save(update_fields=["link", "link_ends_at"])
    send_to_address(**reached_at(known), kind="partner_link", key=f"partner:{known.link}", words=texts.link(known))
    return known


@transaction.atomic
def give_account(contact: PartnerContact) -> PartnerContact:
    """Let a contact sign in by a code, as everybody does; the account of who has one already serves.

    Raises ValidationError for a colleague's, one that several enter by, a closed one, or a closed contact.
    """
    known = _locked(contact)
    where = reached_at(known)
    account = Account.objects.filter(**where).first() or Account.objects.create_account(**where)
    for is_wrong, why in (
        (is_staff(account), STAFF),
        (is_shared(account), SHARED),
        (not account.is_active, CLOSED),
        (PartnerContact.objects.filter(account=account).exclude(pk=known.pk).exists(), SHARED),
    ):
        if is_wrong:
            raise ValidationError(why)
    if known.account_id != account.pk:
        known.account = account
        known.save(update_fields=["account"])
        key = f"partner:account:{known.pk}:{account.pk}:{timezone.now():%Y%m%d%H%M%S}"
        send_to_address(**where, kind="partner_account", key=key, words=texts.account(known))
    return known


@transaction.atomic
def end_access(contact: PartnerContact) -> PartnerContact:
    """End the link of a contact, and what their account opened here. They may be given another."""
    known = _locked(contact)
    _shut(known)
    known.save(update_fields=["account", "link", "link_ends_at"])
    return known


@transaction.atomic
def close_contact(contact: PartnerContact) -> PartnerContact:
    """Keep that somebody speaks for a partner no more. A second time changes nothing."""
    known = PartnerContact.objects.select_for_update(of=["self"]).get(pk=contact.pk)
    if known.closed_at is None:
        _shut(known)
        known.closed_at = timezone.now()
        known.save(update_fields=["account", "link", "link_ends_at", "closed_at"])
    return known


def reached_at(contact: PartnerContact) -> dict[str, str]:
    """Where a contact reads: their address, else their mobile."""
    return {"email": contact.email} if contact.email else {"phone": contact.phone}


def send_code(contact: PartnerContact) -> bool:
    """Send who holds a link a code at the contact's own address or number; False where too many were sent."""
    return codes.send_counted_code(
        kind="partner_code", subject=str(contact.pk), purpose=_purpose(contact), **reached_at(contact)
    )


def check_code(contact: PartnerContact, typed: str) -> bool:
    """Whether what was typed is the code that this contact was sent, for this link."""
    return codes.check_code(purpose=_purpose(contact), typed=typed, **reached_at(contact))


def _purpose(contact: PartnerContact) -> str:
    return f"partner:{contact.pk}"


def _shut(contact: PartnerContact) -> None:
    contact.account, contact.link, contact.link_ends_at = None, "", None


def _locked(contact: PartnerContact) -> PartnerContact:
    known = PartnerContact.objects.select_for_update(of=["self"]).get(pk=contact.pk)
    if known.closed_at is not None:
        raise ValidationError("Ce contact ne signale plus. Notez-en un autre.")
    return known
