"""Whatever this house can compose is accepted by the XSD and our rules, and its XML asks for what was reckoned."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from billing import contracts
from billing.contracts import year_of
from billing.documents.checks import checked_xml
from billing.drafting import prepare_credit, prepare_yearly
from billing.enums import (
    BuyerKind,
    BuyerRequirement,
    CreditReason,
    DocumentKind,
    FloorScope,
    PriceBasis,
    VatRegime,
    YearStart,
)
from billing.filing import stored
from billing.issuing import issue
from billing.models import Engagement
from geography.models import Commune
from harness.billing import OPERATOR, TODAY, a_buyer, a_count, a_seller, approved, ready

COMMUNES, JOINING = ("60509", "60175", "58083"), "58145"
SUMS = {
    "net": "TaxBasisTotalAmount",
    "vat": "TaxTotalAmount",
    "gross": "GrandTotalAmount",
    "rounding": "RoundingAmount",
    "payable": "DuePayableAmount",
}
numbers = st.integers(0, 4_000)


def amounts(most, places):
    return st.decimals(0, most, places=places).map(str)


terms = st.fixed_dictionaries(
    {
        "unit": amounts(20, 4),
        "floor": amounts(5_000, 2),
        "price_basis": st.sampled_from(PriceBasis),
        "floor_scope": st.sampled_from(FloorScope),
        "prorates_floor": st.booleans(),
        "year_start": st.sampled_from(YearStart),
        "begins_on": st.dates(datetime.date(2024, 2, 29), TODAY),
        "reference": st.sampled_from(["", "MAPA-2026-04"]),
    }
)


@pytest.fixture
def sellers(books):
    return {regime: a_seller(regime) for regime in VatRegime}


def composed(contract, seller, *, joins, engagement):
    """The first year of a contract, which a commune may join on one of its days."""
    year = year_of(contract, contract.begins_on)
    if engagement:
        Engagement.objects.create(
            contract=contract, year_starts_on=year.start, number=engagement, given_by="La collectivité"
        )
    if joins is not None:
        day = min(contract.begins_on + datetime.timedelta(days=joins[0]), year.last_day)
        contracts.join(contract, Commune.objects.get(code=JOINING), on=day, by=OPERATOR)
        approved(a_count(contract, {JOINING: joins[1]}, as_of=day))
    return prepare_yearly(contract, seller, on=contract.begins_on, issued_on=TODAY, by=OPERATOR)


def asks_what_it_says(document):
    """Its XML is accepted, again; read as a reader of invoices does, its sums are those of its payload."""
    xml = stored(document, DocumentKind.XML)
    assert checked_xml(document.payload) == xml
    root = etree.fromstring(xml)
    said = {name: Decimal(root.findtext(f".//{{*}}{tag}") or "0") for name, tag in SUMS.items()}
    assert said == {name: Decimal(amount) for name, amount in document.payload["totals"].items()}
    lines = [Decimal(one.text) for one in root.iterfind(".//{*}IncludedSupplyChainTradeLineItem//{*}LineTotalAmount")]
    assert sum(lines) == said["net"] == document.net
    assert said["net"] + said["vat"] + said["rounding"] == said["payable"] == document.payable


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    by_commune=st.dictionaries(st.sampled_from(COMMUNES), numbers, min_size=1),
    terms=terms,
    joins=st.none() | st.tuples(st.integers(1, 364), numbers),
    regime=st.sampled_from(VatRegime),
    kind=st.sampled_from(BuyerKind),
    service=st.sampled_from(["", "FINANCES"]),
    engagement=st.sampled_from(["", "EJ-2026-17"]),
    parts=st.lists(st.integers(1, 200_000), max_size=2),
)
def test_what_is_composed_is_accepted_and_asks_for_what_was_reckoned(
    books, sellers, by_commune, terms, joins, regime, kind, service, engagement, parts
):
    asked = BuyerRequirement.SERVICE_OR_ENGAGEMENT if service or engagement else BuyerRequirement.NONE
    buyer = a_buyer(kind=kind, requirement=asked, service_code=service)
    contract = ready(books, by_commune, town_id=None, buyer=buyer, **terms)
    invoice = issue(composed(contract, sellers[regime], joins=joins, engagement=engagement), on=TODAY, by=OPERATOR)
    asks_what_it_says(invoice)
    assume(invoice.net)
    left = invoice.net
    for net in (Decimal(part) / 100 for part in parts):
        if net < left:
            draft = prepare_credit(invoice, net=net, reason=CreditReason.MISTAKE, by=OPERATOR)
            asks_what_it_says(issue(draft, on=TODAY, by=OPERATOR))
            left -= net
    asks_what_it_says(issue(prepare_credit(invoice, reason=CreditReason.MISTAKE, by=OPERATOR), on=TODAY, by=OPERATOR))
    notes = invoice.credit_notes.all()
    assert sum(one.payable for one in notes) == invoice.payable
