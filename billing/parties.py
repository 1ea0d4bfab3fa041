"""Who buys and who sells: their particulars, contacts and VAT, each change with who made it, before and after.

Documents copy what they say (requirement 26): in ten years, somebody may ask who changed an IBAN.
"""

from typing import TypeVar

from django.db import transaction

from billing.models import Buyer, FinanceContact, PartyStep, Seller, SellerRegime
from core.french import day_words

Party = TypeVar("Party", Buyer, Seller)
Change = tuple[str, str, str]


@transaction.atomic
def keep(party: Party, *, by: str) -> Party:
    """Keep the particulars of a buyer or a seller, new or changed; nothing is written where nothing changed.

    Raises ValidationError, by field.
    """
    model = type(party)
    party.full_clean()
    before = model.objects.select_for_update().get(pk=party.pk) if party.pk else None
    told = [
        (str(field.verbose_name), _said(before, field.name), _said(party, field.name))
        for field in model._meta.concrete_fields
        if not field.primary_key
    ]
    changes = [change for change in told if change[1] != change[2]]
    if changes:
        party.save()
        _write(party, changes, by=by)
    return party


@transaction.atomic
def add_contact(contact: FinanceContact, *, by: str) -> FinanceContact:
    """Have somebody of finance at a buyer's be written to. Raises ValidationError, by field."""
    contact.full_clean()
    contact.save()
    _write(contact.buyer, [(_name_of(contact), "", contact.name)], by=by)
    return contact


@transaction.atomic
def remove_contact(contact: FinanceContact, *, by: str) -> None:
    """Write to somebody of finance no more; taken away twice at once, it is written once."""
    gone, _ = FinanceContact.objects.filter(pk=contact.pk).delete()
    if gone:
        _write(contact.buyer, [(_name_of(contact), contact.name, "")], by=by)


@transaction.atomic
def add_regime(regime: SellerRegime, *, by: str) -> SellerRegime:
    """Have the VAT of a seller be another from a day on; it is never taken back. Raises ValidationError, by field."""
    regime.full_clean()
    regime.save()
    option = ", avec l’option pour les débits" if regime.on_debits else ""
    words = f"{regime.get_regime_display()}{option}, à partir du {day_words(regime.starts_on)}"
    _write(regime.seller, [(str(SellerRegime._meta.verbose_name), "", words)], by=by)
    return regime


def _said(party: Party | None, field: str) -> str:
    """As people read it; empty of what was not there."""
    if party is None:
        return ""
    shown = getattr(party, f"get_{field}_display", None)
    return str(shown() if shown else getattr(party, field))


def _name_of(contact: FinanceContact) -> str:
    return str(contact._meta.verbose_name)


def _write(party: Party, changes: list[Change], *, by: str) -> None:
    of = {"buyer": party} if isinstance(party, Buyer) else {"seller": party}
    PartyStep.objects.create(**of, changes=changes, by=by)
