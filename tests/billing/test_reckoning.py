"""What a contract owes, from its rows: the examples of the design, and what is missing said by name."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing import contracts
from billing.contracts import Price, year_of
from billing.enums import Adjusting, LineKind, YearStart
from billing.models import Contract
from billing.pricing import adjustment
from billing.reckoning import NotReckonedError, owed, reckon_loaded, with_reckoning_data
from geography.models import Commune
from harness.billing import OPERATOR, a_count, signed

PONT, LORMES = "60509", "58145"
NO_LEAST = Decimal("0.00")


def day(text):
    return datetime.date.fromisoformat(text)


def first_year(contract):
    return year_of(contract, contract.begins_on)


def total(contract):
    return owed(contract, first_year(contract)).total


def commune(code):
    return Commune.objects.get(code=code)


@pytest.mark.parametrize(
    ("seniors", "total_", "lines"),
    [
        (0, "1000.00", ["0.00", "1000.00"]),
        (640, "1000.00", ["640.00", "360.00"]),
        (999, "1000.00", ["999.00", "1.00"]),
        (1000, "1000.00", ["1000.00"]),
        (1001, "1001.00", ["1001.00"]),
        (85_745, "85745.00", ["85745.00"]),
    ],
)
def test_one_euro_a_senior_and_a_thousand_at_least(books, seniors, total_, lines):
    contract = signed(books, PONT)
    a_count(contract, {PONT: seniors})
    due = owed(contract, first_year(contract))
    assert due.total == Decimal(total_)
    assert [line.amount for line in due.lines] == [Decimal(line) for line in lines]
    assert [line.kind for line in due.lines][1:] == [LineKind.FLOOR][: len(lines) - 1]


def test_a_commune_joins_on_the_first_of_march(books):
    """600 seniors, then 700 more from 1 March: 300 × 214 / 365 above the minimum, 175.89 €."""
    contract = signed(books, PONT)
    a_count(contract, {PONT: 600})
    before = total(contract)
    contracts.join(contract, commune(LORMES), on=day("2027-03-01"), by=OPERATOR)
    with pytest.raises(NotReckonedError, match="Lormes, le 1er mars 2027"):
        total(contract)
    a_count(contract, {LORMES: 700}, as_of=day("2027-03-01"))
    due = owed(contract, first_year(contract))
    assert adjustment(due.total, before, minimum=contract.least_adjustment).amount == Decimal("175.89")
    assert sum(due.shares.values()) == due.total == Decimal("1175.89")
    assert set(due.shares) == {PONT, LORMES}
    assert [(line.period.start, line.count) for line in due.lines] == [
        (day("2026-10-01"), 600),
        (day("2027-03-01"), 1300),
        (day("2026-10-01"), 1),
    ]


def test_a_commune_leaves(books):
    contract = signed(books, PONT, LORMES)
    a_count(contract, {PONT: 600, LORMES: 700})
    before = total(contract)
    contracts.leave(contract, commune(LORMES), on=day("2027-03-01"), by=OPERATOR)
    assert adjustment(total(contract), before, minimum=NO_LEAST).amount == Decimal("-175.89")


@pytest.mark.parametrize(("adjusting", "expected"), [(Adjusting.IN_YEAR, "1457.65"), (Adjusting.AT_RENEWAL, "1200.00")])
def test_a_count_in_mid_year_changes_it_or_waits(books, adjusting, expected):
    contract = signed(books, PONT, adjusting=adjusting)
    a_count(contract, {PONT: 1200})
    a_count(contract, {PONT: 1661}, as_of=day("2027-03-11"))
    assert total(contract) == Decimal(expected), "461 more for 204 days of 365"
    year_after = year_of(contract, day("2027-10-01"))
    assert owed(contract, year_after).total == Decimal("1661.00")


def test_who_joined_in_mid_year_is_counted_then_where_counts_wait(books):
    contract = signed(books, PONT, adjusting=Adjusting.AT_RENEWAL)
    a_count(contract, {PONT: 1200})
    contracts.join(contract, commune(LORMES), on=day("2027-03-01"), by=OPERATOR)
    a_count(contract, {LORMES: 365}, as_of=day("2027-03-01"))
    a_count(contract, {LORMES: 9999}, as_of=day("2027-06-01"))
    assert total(contract) == Decimal("1414.00")


def test_a_correction_takes_the_place_of_what_it_corrects(books):
    contract = signed(books, PONT)
    wrong = a_count(contract, {PONT: 12_000})
    a_count(contract, {PONT: 1200}, replaces=wrong)
    assert total(contract) == Decimal("1200.00")


def test_days_out_of_the_contract_are_not_owed(books):
    contract = signed(
        books, PONT, year_start=YearStart.CALENDAR, begins_on=day("2026-10-01"), ends_on=day("2027-03-01")
    )
    a_count(contract, {PONT: 3650})
    assert total(contract) == Decimal("920.00"), "92 days of 365"
    assert owed(contract, year_of(contract, day("2027-01-01"))).total == Decimal("590.00"), "59 days"
    with pytest.raises(NotReckonedError, match="aucun jour"):
        owed(contract, year_of(contract, day("2028-01-01")))


def test_a_price_that_changes_in_the_year_is_two_lines(books):
    contract = signed(books, PONT)
    a_count(contract, {PONT: 3650})
    contracts.change_price(contract, Price(Decimal(2), Decimal(1000)), from_day=day("2027-09-01"), by=OPERATOR)
    due = owed(contract, first_year(contract))
    assert [(line.unit, line.amount) for line in due.lines] == [
        (Decimal(1), Decimal("3350.00")),
        (Decimal(2), Decimal("600.00")),
    ]
    contract.prices.all().delete()
    with pytest.raises(NotReckonedError, match="Aucun prix n’est donné pour le 1er octobre 2026"):
        owed(contract, first_year(contract))


def test_three_queries_whatever_the_number_of_communes(books):
    codes = list(Commune.objects.filter(department="60").values_list("code", flat=True)[:52])
    contract = signed(books, *codes)
    a_count(contract, dict.fromkeys(codes, 40))
    with CaptureQueriesContext(connection) as queries:
        due = owed(contract, first_year(contract))
    assert (len(queries), due.total, len(due.shares)) == (3, Decimal("2080.00"), 52)


def test_many_contracts_are_reckoned_in_as_many_queries_as_one(books):
    for _ in range(20):
        a_count(signed(books, PONT, town_id=None), {PONT: 1200})
    with CaptureQueriesContext(connection) as queries:
        totals = [reckon_loaded(one, first_year(one)).due.total for one in with_reckoning_data(Contract.objects.all())]
    assert (len(queries), totals) == (3, [Decimal("1200.00")] * 20)
