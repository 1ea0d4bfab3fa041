"""Issuing: what a document says, its number, its links; what refuses to be issued; and credits to the cent."""

import datetime
import json
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing import engagements
from billing.access import for_current_town
from billing.drafting import NotReadyError, discard, prepare_credit, prepare_yearly
from billing.enums import BuyerRequirement, CreditReason, PriceBasis, VatRegime
from billing.issuing import issue
from billing.law import CODE_OF_PUBLIC_ORDERS, TEXTS, NoTextError, mentions, text
from billing.models import Draft, Engagement, Invoice, InvoiceLine, SellerRegime, Series
from billing.verifying import verify
from harness.billing import OPERATOR, TODAY, a_buyer, a_count, a_seller, approved, ready
from tenants.context import facing

PONT, LORMES = "60509", "58145"
A_NEW_YEAR = datetime.date(2027, 1, 4)


def yearly(contract, seller):
    return prepare_yearly(contract, seller, on=contract.begins_on, by=OPERATOR)


def issued(contract, seller, on=TODAY):
    return issue(yearly(contract, seller), on=on, by=OPERATOR)


def words_of(payload):
    return [one["words"] for one in payload["mentions"]]


def test_an_invoice_says_everything_and_never_changes(books, seller):
    contract = ready(books, {PONT: 640}, reference="MAPA-2026-04")
    invoice = issued(contract, seller)
    assert (invoice.number, invoice.net, invoice.vat, invoice.payable) == (
        "FA-2026-00001", Decimal("1000.00"), Decimal("200.00"), Decimal("1200.00"),
    )  # fmt: skip
    assert [(line.words, line.net) for line in invoice.lines.all()] == [
        (
            "Palier, du 1er octobre 2026 au 30 septembre 2027, par senior de 60 ans et plus et par an",
            Decimal("640.00"),
        ),
        ("Complément au minimum annuel, du 1er octobre 2026 au 30 septembre 2027", Decimal("360.00")),
    ]
    count = contract.counts.get()
    assert all([one.snapshot_id for one in line.evidence.all()] == [count.pk] for line in invoice.lines.all())
    kept = json.dumps(invoice.payload, sort_keys=True)
    contract.buyer.name = "Autre nom"
    contract.buyer.save()
    seller.city = "Rennes"
    seller.save()
    invoice.refresh_from_db()
    assert json.dumps(invoice.payload, sort_keys=True) == kept
    assert invoice.payload["buyer"]["name"] == "CCAS de Pont-Sainte-Maxence"
    assert invoice.payload["references"]["market"] == "MAPA-2026-04"
    assert invoice.payload["due_on"] == "2026-12-27"
    assert list(verify()) == []


def test_the_same_draft_again_is_the_same_invoice(books, seller):
    contract = ready(books, {PONT: 640})
    draft = yearly(contract, seller)
    assert yearly(contract, seller) == draft
    first = issue(draft, on=TODAY, by=OPERATOR)
    assert issue(draft, on=TODAY + datetime.timedelta(days=3), by=OPERATOR) == first
    assert (Invoice.objects.count(), Draft.objects.count()) == (1, 1)
    with pytest.raises(NotReadyError, match="a sa facture, FA-2026-00001"):
        yearly(contract, seller)


def test_the_next_one_waits_for_as_few_statements(books, seller, django_assert_num_queries):
    draft = yearly(ready(books, {PONT: 640, LORMES: 200}), seller)
    issued(ready(books, {PONT: 640}, town_id=None), seller)
    with django_assert_num_queries(19):
        issue(draft, on=TODAY, by=OPERATOR)


@pytest.mark.parametrize(
    ("regime", "category", "exemption", "vat", "mention"),
    [
        (VatRegime.TAXED, "S", "", "200.00", "Catégorie de l’opération"),
        (VatRegime.FRANCHISE, "E", "VATEX-FR-FRANCHISE", "0.00", "TVA non applicable, art. 293 B du CGI."),
        (VatRegime.EXEMPT, "E", "VATEX-EU-132", "0.00", "Exonération de TVA, art. 261-7-1° du CGI."),
    ],
)
def test_the_vat_of_a_seller_is_that_of_the_day(books, regime, category, exemption, vat, mention):
    seller = a_seller(regime)
    SellerRegime.objects.create(seller=seller, regime=VatRegime.TAXED, starts_on="2027-06-01", on_debits=True)
    said = issued(ready(books, {PONT: 640}), seller).payload
    assert (said["vat"][0]["category"], said["vat"][0]["exemption"], said["vat"][0]["amount"]) == (
        category,
        exemption,
        vat,
    )
    assert any(one.startswith(mention) for one in words_of(said))
    assert not any("débits" in one for one in words_of(said))


def test_crossing_a_threshold_takes_effect_on_that_day(books):
    seller = a_seller(VatRegime.FRANCHISE)
    SellerRegime.objects.create(seller=seller, regime=VatRegime.TAXED, starts_on=TODAY, on_debits=True)
    before = issued(ready(books, {PONT: 640}), seller, on=TODAY - datetime.timedelta(days=1))
    after = issued(ready(books, {PONT: 640}, town_id=None), seller, on=TODAY)
    assert (before.vat, after.vat) == (Decimal("0.00"), Decimal("200.00"))
    assert any("d’après les débits" in one for one in words_of(after.payload))
    credit = issue(prepare_credit(before, reason=CreditReason.MISTAKE, by=OPERATOR), on=TODAY, by=OPERATOR)
    assert (credit.vat, credit.payload["vat"][0]["exemption"]) == (Decimal("0.00"), "VATEX-FR-FRANCHISE")


def test_a_price_agreed_with_its_tax_is_paid_to_the_cent(books, seller):
    contract = ready(books, {PONT: 1}, unit="0.03", floor="0", price_basis=PriceBasis.GROSS)
    said = issued(contract, seller).payload["totals"]
    assert said == {"net": "0.03", "vat": "0.01", "gross": "0.04", "rounding": "-0.01", "payable": "0.03"}
    thousand = issued(ready(books, {PONT: 640}, town_id=None, price_basis=PriceBasis.GROSS), seller)
    assert (thousand.net, thousand.vat, thousand.payable) == (Decimal("833.33"), Decimal("166.67"), Decimal("1000.00"))
    assert sum(line.net for line in thousand.lines.all()) == thousand.net


@pytest.mark.parametrize(
    ("requirement", "service", "engagement", "missing"),
    [
        (BuyerRequirement.NONE, "", "", None),
        (BuyerRequirement.SERVICE, "", "", "service"),
        (BuyerRequirement.ENGAGEMENT, "FINANCES", "", "engagement"),
        (BuyerRequirement.ENGAGEMENT, "", "EJ-2026-17", None),
        (BuyerRequirement.SERVICE_AND_ENGAGEMENT, "FINANCES", "", "engagement"),
    ],
)
def test_nothing_is_issued_without_what_its_buyer_asks_for(books, seller, requirement, service, engagement, missing):
    buyer = a_buyer(requirement=requirement, service_code=service)
    contract = ready(books, {PONT: 640}, buyer=buyer)
    if engagement:
        for number in ("EJ-2025-1", engagement):
            Engagement.objects.create(
                contract=contract, year_starts_on=contract.begins_on, number=number, given_by="La ville"
            )
    if missing:
        with pytest.raises(ValidationError) as refusal:
            yearly(contract, seller)
        assert set(refusal.value.message_dict) == {missing}
        return
    assert issued(contract, seller).payload["references"]["engagement"] == engagement


def test_a_requirement_that_comes_after_the_draft_is_asked_again(books, seller):
    contract = ready(books, {PONT: 640})
    draft = yearly(contract, seller)
    contract.buyer.requirement = BuyerRequirement.SERVICE
    contract.buyer.save()
    with pytest.raises(ValidationError):
        issue(draft, on=TODAY, by=OPERATOR)
    assert not Series.objects.filter(last_rank__gt=0).exists()


def test_a_count_that_nobody_approved_is_billed_to_nobody(books, seller):
    contract = ready(books, {PONT: 640})
    corrected = a_count(contract, {PONT: 700}, replaces=contract.counts.get())
    with pytest.raises(NotReadyError, match="n’est pas approuvé"):
        yearly(contract, seller)
    approved(corrected)
    yearly(contract, seller)


def test_a_draft_is_prepared_again_when_what_it_says_has_changed(books):
    seller = a_seller(VatRegime.FRANCHISE)
    contract = ready(books, {PONT: 1640}, price_basis=PriceBasis.GROSS)
    draft = yearly(contract, seller)
    corrected = a_count(contract, {PONT: 1700}, replaces=contract.counts.get())
    approved(corrected)
    with pytest.raises(NotReadyError, match="plus à jour"):
        issue(draft, on=TODAY, by=OPERATOR)
    draft = yearly(contract, seller)
    SellerRegime.objects.create(seller=seller, regime=VatRegime.TAXED, starts_on=TODAY, on_debits=False)
    with pytest.raises(NotReadyError, match="plus à jour"):
        issue(draft, on=TODAY, by=OPERATOR)
    draft = prepare_yearly(contract, seller, on=TODAY, by=OPERATOR)
    assert issue(draft, on=TODAY, by=OPERATOR).payable == Decimal("1700.00")


def test_dates_never_go_back_and_years_begin_at_one(books, seller):
    first, second, third = (ready(books, {PONT: 640}, town_id=None) for _ in range(3))
    issued(first, seller)
    with pytest.raises(NotReadyError, match="daté du 27 novembre 2026"):
        issued(second, seller, on=TODAY - datetime.timedelta(days=1))
    assert issued(second, seller, on=A_NEW_YEAR).number == "FA-2027-00001"
    with pytest.raises(NotReadyError, match="daté du 4 janvier 2027"):
        issued(third, seller, on=datetime.date(2026, 12, 31))
    assert issued(third, seller, on=A_NEW_YEAR).number == "FA-2027-00002"
    assert list(verify()) == []


def test_a_credit_is_of_one_invoice_and_gives_back_all_or_a_part(books, seller):
    invoice = issued(ready(books, {PONT: 640}), seller)
    draft = prepare_credit(invoice, net=Decimal("175.89"), reason=CreditReason.MISTAKE, by=OPERATOR)
    part = issue(draft, on=TODAY, by=OPERATOR)
    assert (part.number, part.net, part.vat) == ("AV-2026-00001", Decimal("175.89"), Decimal("35.18"))
    assert part.payload["credits"] == {
        "number": "FA-2026-00001", "issued_on": "2026-11-27", "reason": "erreur de notre part",
    }  # fmt: skip
    assert (part.payload["type"], part.payload["due_on"]) == ("381", "")
    assert not [one for one in words_of(part.payload) if "Paiement" in one]
    for wrong in ("824.12", "0.00", "-1.00"):
        with pytest.raises(ValidationError, match="Il reste 824,11"):
            prepare_credit(invoice, net=Decimal(wrong), reason=CreditReason.MISTAKE, by=OPERATOR)
    rest = issue(prepare_credit(invoice, reason=CreditReason.MISTAKE, by=OPERATOR), on=TODAY, by=OPERATOR)
    assert (part.net + rest.net, part.vat + rest.vat) == (invoice.net, invoice.vat)
    with pytest.raises(ValidationError, match="Il reste 0,00"):
        prepare_credit(invoice, reason=CreditReason.MISTAKE, by=OPERATOR)


def test_a_credit_prepared_twice_is_one_and_is_not_issued_beyond_what_is_left(books, seller):
    invoice = issued(ready(books, {PONT: 640}), seller)
    first = prepare_credit(invoice, net=Decimal("600.00"), reason=CreditReason.MISTAKE, by=OPERATOR)
    assert prepare_credit(invoice, net=Decimal("700.00"), reason=CreditReason.MISTAKE, by=OPERATOR) == first
    issue(first, on=TODAY, by=OPERATOR)
    second = prepare_credit(invoice, reason=CreditReason.MISTAKE, by=OPERATOR)
    assert second != first
    issue(second, on=TODAY, by=OPERATOR)
    assert sum(note.net for note in invoice.credit_notes.all()) == invoice.net


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.integers(1, 40_000), min_size=1, max_size=4))
def test_credits_always_sum_to_the_invoice(books, seller, parts):
    invoice = issued(ready(books, {PONT: 1001}, town_id=None), seller)
    left = invoice.net
    for part in (Decimal(part) / 100 for part in parts):
        if part < left:
            issue(prepare_credit(invoice, net=part, reason=CreditReason.MISTAKE, by=OPERATOR), on=TODAY, by=OPERATOR)
            left -= part
    issue(prepare_credit(invoice, reason=CreditReason.MISTAKE, by=OPERATOR), on=TODAY, by=OPERATOR)
    notes = invoice.credit_notes.all()
    assert (sum(one.net for one in notes), sum(one.vat for one in notes)) == (invoice.net, invoice.vat)


def test_lines_say_which_counts_they_come_from(books, seller):
    contract = ready(books, {PONT: 900, LORMES: 700})
    invoice = issued(contract, seller)
    assert InvoiceLine.objects.filter(evidence__snapshot__contract=contract).count() == invoice.lines.count() == 1


@pytest.mark.parametrize("one", TEXTS, ids=lambda one: one.key)
def test_each_text_has_its_article_and_its_day(one):
    assert one.article
    assert text(one.key, one.starts_on) == one
    with pytest.raises(NoTextError):
        text(one.key, one.starts_on - datetime.timedelta(days=1))


def test_an_association_reads_the_law_of_trade(books):
    said = mentions(TODAY, buyer="association", regime=VatRegime.TAXED, on_debits=False, is_credit=False)
    assert any("L441-10" in one["words"] for one in said)
    assert not any("commande publique" in one["words"] for one in said)
    public = mentions(CODE_OF_PUBLIC_ORDERS, buyer="public", regime="taxed", on_debits=False, is_credit=True)
    assert [one["key"] for one in public] == ["credit_terms", "credit_late", "credit_recovery", "credit_discount"]


def test_the_number_a_town_gave_since_is_on_its_invoice(books, seller):
    contract = ready(books, {PONT: 640}, buyer=a_buyer(requirement=BuyerRequirement.ENGAGEMENT))
    Engagement.objects.create(contract=contract, year_starts_on=contract.begins_on, number="EJ-1", given_by=OPERATOR)
    draft = yearly(contract, seller)
    with facing(books), for_current_town():
        engagements.tell(contract, year_starts_on=contract.begins_on, number="EJ-2", by="Mme la directrice")
    assert issue(draft, on=TODAY, by=OPERATOR).payload["references"]["engagement"] == "EJ-2"


def test_a_draft_that_was_thrown_away_is_said_so(books, seller):
    draft = yearly(ready(books, {PONT: 640}), seller)
    discard(draft)
    draft.pk = draft.pk or 1
    with pytest.raises(NotReadyError, match="a été jeté"):
        issue(draft, on=TODAY, by=OPERATOR)
    assert not Invoice.objects.exists()
