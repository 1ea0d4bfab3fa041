"""What changes within a year that was billed: one difference, billed, credited or kept for later, never twice."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from billing import contracts
from billing.adjusting import invoices_of, prepare_adjustment
from billing.contracts import Price, year_of
from billing.drafting import NotReadyError, prepare_credit, prepare_yearly
from billing.enums import Adjusting, CreditReason, DraftKind, LineKind, PriceBasis
from billing.issuing import issue
from billing.models import Contract, Draft
from billing.reckoning import owed
from billing.verifying import verify
from geography.models import Commune
from harness.billing import OPERATOR, TODAY, a_count, approved, ready

PONT, LORMES = "60509", "58145"
MARCH = datetime.date(2027, 3, 1)
A_YEAR = datetime.date(2026, 10, 1)


def billed(contract, seller, on=TODAY):
    return issue(prepare_yearly(contract, seller, on=A_YEAR, issued_on=on, by=OPERATOR), on=on, by=OPERATOR)


def counted(contract, by_commune, **changes):
    return approved(a_count(contract, by_commune, **changes))


def adjusted(contract, on=MARCH):
    return prepare_adjustment(contract, year_of_day=A_YEAR, issued_on=on, by=OPERATOR)


def issued(drafts, on=MARCH):
    return [issue(draft, on=on, by=OPERATOR) for draft in drafts]


def joins(contract, seniors=700):
    contracts.join(contract, Commune.objects.get(code=LORMES), on=MARCH, by=OPERATOR)
    counted(contract, {LORMES: seniors}, as_of=MARCH)


def test_a_commune_that_joins_is_billed_once(books, seller):
    contract = ready(books, {PONT: 600})
    billed(contract, seller)
    assert adjusted(contract) == []
    joins(contract)
    drafts = adjusted(contract)
    assert adjusted(contract)[0].rank == drafts[0].rank == 1
    (invoice,) = issued(adjusted(contract))
    assert (invoice.number, invoice.net, invoice.vat) == ("FA-2027-00001", Decimal("175.89"), Decimal("35.18"))
    line = invoice.lines.get()
    assert (line.kind, line.evidence.count()) == (LineKind.ADJUSTMENT, 2)
    assert line.words == (
        "Régularisation, du 1er octobre 2026 au 30 septembre 2027 (Lormes depuis le 1er mars 2027) : "
        "1\u00a0175,89\u00a0€ dus, 1\u00a0000,00\u00a0€ déjà facturés"
    )
    assert adjusted(contract) == []
    assert list(verify()) == []


def test_a_commune_that_leaves_is_given_back(books, seller):
    contract = ready(books, {PONT: 600, LORMES: 700})
    source = billed(contract, seller)
    contracts.leave(contract, Commune.objects.get(code=LORMES), on=MARCH, by=OPERATOR)
    (note,) = issued(adjusted(contract))
    assert (note.number, note.net, note.source) == ("AV-2027-00001", Decimal("175.89"), source)
    assert note.payload["credits"]["reason"] == "une commune a quitté le contrat"
    assert adjusted(contract) == []


def test_under_the_least_adjustment_it_waits_and_is_not_lost(books, seller):
    contract = ready(books, {PONT: 1200})
    billed(contract, seller)
    first = counted(contract, {PONT: 1210}, replaces=contract.counts.get())
    assert adjusted(contract) == []
    counted(contract, {PONT: 1216}, replaces=first)
    (invoice,) = issued(adjusted(contract))
    assert invoice.net == Decimal("16.00"), "the ten that waited, and six"


def test_what_is_no_longer_owed_is_not_issued(books, seller):
    contract = ready(books, {PONT: 1200})
    billed(contract, seller)
    first = counted(contract, {PONT: 1300}, replaces=contract.counts.get())
    (draft,) = adjusted(contract)
    counted(contract, {PONT: 1200}, replaces=first)
    with pytest.raises(NotReadyError, match="plus à jour"):
        issue(draft, on=MARCH, by=OPERATOR)
    assert adjusted(contract) == []
    assert not Draft.objects.filter(kind=DraftKind.ADJUSTMENT).exists()


def test_a_change_before_the_invoice_or_unapproved_is_refused(books, seller):
    contract = ready(books, {PONT: 1200})
    with pytest.raises(NotReadyError, match="pas encore sa facture"):
        adjusted(contract)
    billed(contract, seller)
    a_count(contract, {PONT: 1300}, replaces=contract.counts.get())
    with pytest.raises(NotReadyError, match="n’est pas approuvé"):
        adjusted(contract)


def a_large_credit(books, seller):
    """The drafts that give back what two invoices said too much."""
    contract = ready(books, {PONT: 1200})
    billed(contract, seller)
    joins(contract, seniors=3650)
    issued(adjusted(contract))
    corrections = {one.as_of: one for one in contract.counts.all()}
    counted(contract, {PONT: 1000}, replaces=corrections[A_YEAR])
    counted(contract, {LORMES: 0}, as_of=MARCH, replaces=corrections[MARCH])
    return adjusted(contract)


def test_a_large_credit_takes_several_invoices(books, seller):
    notes = issued(a_large_credit(books, seller))
    assert [(note.source.number, note.net) for note in notes] == [
        ("FA-2027-00001", Decimal("2140.00")),
        ("FA-2026-00001", Decimal("200.00")),
    ]


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(counts=[1091, 0], basis=PriceBasis.GROSS)
@given(
    counts=st.lists(st.integers(0, 4000), min_size=1, max_size=3),
    basis=st.sampled_from([PriceBasis.NET, PriceBasis.GROSS]),
)
def test_what_was_billed_and_credited_is_what_is_owed(books, seller, counts, basis):
    contract = ready(books, {PONT: 1500}, town_id=None, least_adjustment=Decimal("0.00"), price_basis=basis)
    billed(contract, seller, on=MARCH)
    last = contract.counts.get()
    for seniors in counts:
        last = counted(contract, {PONT: seniors}, replaces=last)
        issued(adjusted(contract))
    year = year_of(contract, A_YEAR)
    documents = invoices_of(contract, year)
    paid = sum(-one.payable if one.is_credit_note else one.payable for one in documents)
    net = sum(-one.net if one.is_credit_note else one.net for one in documents)
    assert (paid if basis == PriceBasis.GROSS else net) == owed(contract, year).total


def test_what_somebody_decided_is_not_lost_to_a_recount(books, seller):
    contract = ready(books, {PONT: 1200})
    source = billed(contract, seller)
    decided = prepare_credit(source, net=Decimal("50.00"), reason=CreditReason.MISTAKE, by=OPERATOR)
    first = counted(contract, {PONT: 1100}, replaces=contract.counts.get())
    (following,) = adjusted(contract)
    assert following != decided
    counted(contract, {PONT: 1200}, replaces=first)
    with pytest.raises(NotReadyError, match="plus à jour"):
        issue(following, on=MARCH, by=OPERATOR)
    assert adjusted(contract) == []
    assert list(Draft.objects.filter(kind=DraftKind.CREDIT)) == [decided]
    assert issue(decided, on=MARCH, by=OPERATOR).net == Decimal("50.00")


def test_several_credits_of_one_change_are_issued_in_any_order(books, seller):
    notes = issued(reversed(a_large_credit(books, seller)))
    assert [note.net for note in notes] == [Decimal("200.00"), Decimal("2140.00")]


def test_a_credit_says_why(books, seller):
    ends, cheaper = datetime.date(2027, 4, 1), ready(books, {PONT: 1500}, town_id=None)
    ended = ready(books, {PONT: 1500}, town_id=None)
    for one in (cheaper, ended):
        billed(one, seller)
    contracts.change_price(cheaper, Price(Decimal("0.80"), Decimal("1000.00")), from_day=ends, by=OPERATOR)
    Contract.objects.filter(pk=ended.pk).update(ends_on=ends)
    assert [issued(adjusted(one))[0].payload["credits"]["reason"] for one in (cheaper, ended)] == [
        "le prix a changé", "fin du contrat",
    ]  # fmt: skip


def test_what_waits_for_the_next_period_waits(books, seller):
    contract = ready(books, {PONT: 1200}, adjusting=Adjusting.AT_RENEWAL)
    billed(contract, seller)
    counted(contract, {PONT: 1300}, replaces=contract.counts.get())
    over = datetime.date(2027, 10, 1)
    with pytest.raises(NotReadyError, match="à partir du 1er octobre 2027"):
        adjusted(contract)
    (draft,) = adjusted(contract, on=over)
    with pytest.raises(NotReadyError, match="à partir du 1er octobre 2027"):
        issue(draft, on=MARCH, by=OPERATOR)
    assert issue(draft, on=over, by=OPERATOR).net == Decimal("100.00")
