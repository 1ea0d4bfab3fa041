"""Revenue: what was invoiced, less what was credited, and what is to come; told once each."""

import datetime
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.contracts import Price, change_price
from billing.drafting import prepare_credit, prepare_yearly
from billing.enums import CreditReason, PriceBasis
from billing.issuing import issue
from billing.revenue import revenue
from harness.billing import OPERATOR, TODAY, ready, signed

PONT = "60509"


def told(seller, **span):
    return {
        f"{month.first_day:%Y-%m}": (str(month.invoiced), str(month.expected))
        for month in revenue(seller, TODAY, **span)
        if month.invoiced or month.expected
    }


def issued(contract, seller):
    return issue(prepare_yearly(contract, seller, on=TODAY, by=OPERATOR), on=TODAY, by=OPERATOR)


def test_months_are_those_asked_for(books, seller):
    months = [month.first_day for month in revenue(seller, TODAY, before=1, after=2)]
    assert months == [datetime.date(2026, 10, 1), datetime.date(2026, 11, 1), datetime.date(2026, 12, 1),
                      datetime.date(2027, 1, 1)]  # fmt: skip


def test_what_is_invoiced_is_no_longer_expected(books, seller):
    contract = ready(books, {PONT: 1200}, town_id=None)
    assert told(seller) == {"2026-10": ("0.00", "1200.00"), "2027-10": ("0.00", "1200.00")}
    invoice = issued(contract, seller)
    assert told(seller) == {"2026-11": ("1200.00", "0.00"), "2027-10": ("0.00", "1200.00")}
    credit = prepare_credit(invoice, net=Decimal("200.00"), reason=CreditReason.MISTAKE, by=OPERATOR)
    issue(credit, on=TODAY, by=OPERATOR)
    assert told(seller, after=0) == {"2026-11": ("1000.00", "0.00")}


def test_all_is_before_tax_and_what_is_not_counted_is_nothing(books, seller):
    ready(books, {PONT: 1200}, town_id=None, price_basis=PriceBasis.GROSS)
    signed(books, PONT, town_id=None)
    ready(books, {PONT: 1200}, town_id=None, ends_on=datetime.date(2027, 10, 1))
    assert told(seller) == {"2026-10": ("0.00", "2200.00"), "2027-10": ("0.00", "1000.00")}


def test_it_asks_as_much_for_many_contracts(books, seller):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            revenue(seller, TODAY)
        return len(queries)

    ready(books, {PONT: 640}, town_id=None)
    few = asked()
    for _ in range(5):
        ready(books, {PONT: 640}, town_id=None)
    assert asked() == few


def test_another_price_next_year_is_expected(books, seller):
    contract = ready(books, {PONT: 1200}, town_id=None)
    issued(contract, seller)
    change_price(contract, Price(Decimal("1.50"), Decimal("1000.00")), from_day=datetime.date(2027, 10, 1), by=OPERATOR)
    assert told(seller) == {"2026-11": ("1200.00", "0.00"), "2027-10": ("0.00", "1800.00")}
