"""Who changed what of a buyer or a seller: before, after, by whom; and nothing where nothing changed."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from billing import parties
from billing.enums import BuyerRequirement, VatRegime
from billing.models import Buyer, FinanceContact, PartyStep, Seller, SellerRegime
from harness.billing import OPERATOR, OTHER_OPERATOR, a_buyer, a_seller

NEW_IBAN = "FR1420041010050500013M02606"


def changes_of(party):
    return [[tuple(change) for change in step.changes] for step in party.steps.all()]


def test_what_changed_is_kept_with_who_changed_it(books):
    seller = a_seller()
    old = seller.iban
    seller.iban, seller.city = NEW_IBAN, "Rennes"
    parties.keep(seller, by=OPERATOR)
    assert Seller.objects.get().iban == NEW_IBAN
    assert changes_of(seller) == [[("ville", "Nantes", "Rennes"), ("IBAN", old, NEW_IBAN)]]
    assert seller.steps.get().by == OPERATOR
    parties.keep(seller, by=OTHER_OPERATOR)
    assert seller.steps.count() == 1, "nothing changed"


def test_a_new_buyer_is_told_whole_and_choices_as_people_read_them(books):
    buyer = a_buyer()
    copy = Buyer(**{field.name: getattr(buyer, field.name) for field in Buyer._meta.fields if not field.primary_key})
    kept = parties.keep(copy, by=OPERATOR)
    ((*told,),) = changes_of(kept)
    assert "code service" not in {label for label, _, _ in told}, "there is none"
    assert ("nom", "", buyer.name) in told
    assert ("nature", "", "organisme public, payé par mandat") in told
    kept.requirement = BuyerRequirement.SERVICE
    parties.keep(kept, by=OPERATOR)
    assert changes_of(kept)[1] == [("ce que ses factures doivent porter", "rien de plus", "un code service")]


def test_what_is_wrong_changes_nothing(books):
    buyer = a_buyer()
    buyer.siret = "1"
    with pytest.raises(ValidationError) as refusal:
        parties.keep(buyer, by=OPERATOR)
    assert "siret" in refusal.value.message_dict
    assert not PartyStep.objects.exists()
    assert Buyer.objects.get().siret != "1"


def test_contacts_and_vat_are_told_too(books):
    buyer, seller = a_buyer(), a_seller()
    contact = FinanceContact(buyer=buyer, name="Mme Roy", email="finances@ville.example")
    parties.add_contact(contact, by=OPERATOR)
    parties.remove_contact(contact, by=OTHER_OPERATOR)
    assert changes_of(buyer) == [
        [("contact des finances", "", "Mme Roy")],
        [("contact des finances", "Mme Roy", "")],
    ]
    assert not FinanceContact.objects.exists()
    new = SellerRegime(seller=seller, regime=VatRegime.FRANCHISE, starts_on=datetime.date(2027, 1, 1), on_debits=False)
    parties.add_regime(new, by=OPERATOR)
    assert changes_of(seller) == [[("régime de TVA", "", "franchise en base de TVA, à partir du 1er janvier 2027")]]


@pytest.mark.parametrize("wrong", [{"changes": []}, {"by": ""}, {"buyer": None}, {"both": True}], ids=str)
def test_the_database_refuses_a_line_that_tells_nothing(books, wrong):
    said = {"buyer": a_buyer(), "changes": [["nom", "a", "b"]], "by": OPERATOR}
    if wrong.pop("both", False):
        wrong = {"seller": a_seller()}
    with pytest.raises(IntegrityError), transaction.atomic():
        PartyStep.objects.create(**said | wrong)
