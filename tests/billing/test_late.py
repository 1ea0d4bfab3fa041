"""Interest of what is late: the law's arithmetic, rates typed with their source, shown and never invoiced by itself."""

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from billing import late, paying, sending
from billing.drafting import prepare_credit
from billing.enums import BuyerKind, CreditReason
from billing.issuing import issue
from billing.late import NoRateError, Owed, interest
from billing.models import CentralRate, Draft, Invoice
from harness.billing import OPERATOR, TODAY, a_buyer, a_contact, an_invoice

PONT = "60509"
DUE = TODAY + datetime.timedelta(days=30)  # 27 December 2026
RATES = (("2026-01-01", "2.15"), ("2026-06-11", "2.25"), ("2027-01-01", "2.00"), ("2027-03-10", "1.75"))


def after(days):
    return DUE + datetime.timedelta(days=days)


@pytest.fixture
def rates(books):
    for starts_on, percent in RATES:
        late.note_rate(
            starts_on=datetime.date.fromisoformat(starts_on), percent=Decimal(percent), source="banque-france.fr",
            by=OPERATOR,
        )  # fmt: skip


@pytest.fixture
def invoice(books):
    """1 200,00 euros, that a public body has to pay by 27 December 2026."""
    made = an_invoice(books, {PONT: 640})
    sending.deposit(made, flow_number="CPP-1", on=TODAY, by=OPERATOR)
    return made


def paid(invoice, amount, on):
    payment = paying.receive(
        invoice.contract.buyer, amount=Decimal(amount), received_on=on, bank_reference=f"VIR {on}", by=OPERATOR
    )
    paying.allocate(payment, {invoice: Decimal(amount)}, by=OPERATOR)
    return payment


@pytest.mark.parametrize(
    ("owed", "rate", "expected"),
    [
        ([], "10.15", "0.00"),
        ([("1200.00", 0)], "10.15", "0.00"),
        ([("1200.00", 365)], "10.15", "121.80"),
        ([("1200.00", 40)], "10.25", "13.48"),  # 13.4794…
        ([("1000.00", 73), ("500.00", 73)], "10.00", "30.00"),
        # Each would be half a cent more alone: rounded once.
        ([("0.73", 25), ("0.73", 25)], "10.00", "0.01"),
        ([("1200.00", 366)], "0", "0.00"),
    ],
)
def test_sums_times_days_are_rounded_once(owed, rate, expected):
    found = interest([Owed(Decimal(principal), days) for principal, days in owed], rate=Decimal(rate))
    assert str(found) == expected


SUMS = st.lists(st.tuples(st.integers(0, 10**8), st.integers(0, 2000)), max_size=6)


@given(owed=SUMS, rate=st.decimals(0, 30, places=3))
def test_interest_is_the_exact_fraction_to_half_a_cent(owed, rate):
    exact = sum(Fraction(cents, 100) * days for cents, days in owed) * Fraction(rate) / 36_500
    found = interest([Owed(Decimal(cents) / 100, days) for cents, days in owed], rate=rate)
    assert abs(Fraction(found) - exact) <= Fraction(1, 200)


@pytest.mark.parametrize(("principal", "days"), [("-1.00", 3), ("1.00", -3), ("1.001", 3)])
def test_what_is_not_late_has_no_interest(principal, days):
    with pytest.raises(ValueError, match="not"):
        interest([Owed(Decimal(principal), days)], rate=Decimal(10))


@pytest.mark.parametrize(
    ("starts_on", "public", "trade"),
    [
        # Of 1 July: one that changes later counts for the next half-year.
        ("2026-12-28", "10.250", "12.250"),
        ("2027-01-01", "10.000", "12.000"),
        ("2027-06-30", "10.000", "12.000"),
        ("2027-07-01", "9.750", "11.750"),
        ("2026-03-01", "10.150", "12.150"),
    ],
)
def test_the_rate_is_that_of_the_first_day_of_the_half_year(rates, starts_on, public, trade):
    day = datetime.date.fromisoformat(starts_on)
    assert str(late.rate_for(BuyerKind.PUBLIC, day)) == public
    assert str(late.rate_for(BuyerKind.ASSOCIATION, day)) == trade


def test_a_rate_that_nobody_typed_is_asked_for(invoice):
    with pytest.raises(NoRateError, match="pour le 1er juillet 2026"):
        late.fees_of(invoice, today=after(10))


@pytest.mark.parametrize(
    "changes",
    [{"percent": Decimal("101")}, {"percent": Decimal("2.1555")}, {"source": " "}, {"starts_on": "2026-01-01"}],
)
def test_a_rate_says_where_it_was_read_and_is_typed_once(rates, changes):
    said = {"starts_on": "2026-09-01", "percent": Decimal("2.00"), "source": "banque-france.fr", "by": OPERATOR}
    with pytest.raises(ValidationError):
        late.note_rate(**said | changes)
    assert CentralRate.objects.count() == len(RATES)


def test_interest_runs_from_the_day_after_and_is_shown_only(rates, invoice):
    a_contact(invoice.contract.buyer)
    for day in (TODAY, DUE):
        assert late.fees_of(invoice, today=day) is None
    found = late.fees_of(invoice, today=after(1))
    assert (found.starts_on, found.until, str(found.interest), str(found.recovery), str(found.total)) == (
        after(1), after(1), "0.34", "40.00", "40.34",
    )  # fmt: skip
    assert late.fees_of(invoice, today=after(365)).interest == Decimal("123.00")
    assert (Invoice.objects.count(), Draft.objects.count()) == (1, 1), "invoiced by decision, and by nobody here"


def test_a_part_payment_lowers_what_it_runs_on_and_the_last_one_ends_it(rates, invoice):
    paid(invoice, "200.00", after(-5))
    paid(invoice, "500.00", after(10))
    paid(invoice, "500.00", after(30))
    found = late.fees_of(invoice, today=after(300))
    assert found.until == after(30)
    assert found.interest == interest([Owed(Decimal(1000), 10), Owed(Decimal(500), 20)], rate=Decimal("10.25"))
    assert late.fees_of(invoice, today=after(20)).interest == interest(
        [Owed(Decimal(1000), 10), Owed(Decimal(500), 10)], rate=Decimal("10.25")
    )


def test_paid_in_time_it_never_costs_more(rates, invoice):
    paid(invoice, "1200.00", DUE)
    assert late.fees_of(invoice, today=after(300)) is None


def test_a_payment_that_was_undone_paid_nothing(rates, invoice):
    paying.undo(paid(invoice, "1200.00", DUE), words="Erreur", by=OPERATOR)
    assert late.fees_of(invoice, today=after(365)).interest == Decimal("123.00")


def test_a_credit_lowers_it_and_has_none_itself(rates, invoice):
    note = issue(
        prepare_credit(invoice, reason=CreditReason.MISTAKE, net=Decimal("500.00"), by=OPERATOR), on=TODAY, by=OPERATOR
    )
    assert late.fees_of(invoice, today=after(365)).interest == Decimal("61.50")
    assert late.fees_of(note, today=after(365)) is None


def test_held_by_its_buyer_it_is_not_late(rates, invoice):
    deposit = invoice.transmissions.get()
    sending.note_status(deposit, code="SUSPENDUE", said_on=after(-2), by=OPERATOR)
    assert late.fees_of(invoice, today=after(365)) is None
    sending.note_status(deposit, code="COMPLETEE", said_on=after(100), by=OPERATOR)
    assert late.fees_of(invoice, today=after(130)) is None
    assert late.fees_of(invoice, today=after(131)).starts_on == after(131)


def test_an_association_owes_the_law_of_trade(rates, books):
    made = an_invoice(books, {PONT: 640}, buyer=a_buyer(kind=BuyerKind.ASSOCIATION))
    a_contact(made.contract.buyer)
    sending.write_to_buyer(made, on=TODAY, by=OPERATOR)
    assert late.fees_of(made, today=after(365)).rate == Decimal("12.250")
