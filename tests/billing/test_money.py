"""Amounts: one rounding, shares to the cent, French writing."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.money import CENT, euros, in_cents, round_half_up, shares

cents = st.integers(-10_000_000_00, 10_000_000_00).map(lambda count: Decimal(count).scaleb(-2))


@pytest.mark.parametrize(
    ("amount", "over", "rounded"),
    [
        ("0.005", 1, "0.01"),
        ("-0.005", 1, "-0.01"),
        ("1.005", 1, "1.01"),
        ("1000.005", 1, "1000.01"),
        ("2.675", 1, "2.68"),  # 2.67 for a float
        ("0.0049999999999999999999999999999", 1, "0.00"),
        ("64200", 365, "175.89"),
        ("1", 3, "0.33"),
        ("2", 3, "0.67"),
        ("1", 200, "0.01"),
    ],
)
def test_half_a_cent_goes_away_from_zero(amount, over, rounded):
    assert str(round_half_up(Decimal(amount), over=over)) == rounded


def test_nothing_is_less_than_nothing():
    assert str(round_half_up(Decimal("-0.001"))) == "0.00"


@pytest.mark.parametrize("amount", [0.1, 1, "1.00", None])
def test_only_decimals_are_amounts(amount):
    with pytest.raises(TypeError):
        round_half_up(amount)


@pytest.mark.parametrize("amount", ["NaN", "Infinity"])
def test_what_is_no_number_is_refused(amount):
    with pytest.raises(ValueError, match="finite"):
        round_half_up(Decimal(amount))


def test_an_amount_that_was_not_rounded_is_refused_and_not_rounded_twice():
    assert str(in_cents(Decimal("1.5"))) == "1.50"
    with pytest.raises(ValueError, match="whole cents"):
        in_cents(Decimal("1.005"))


@settings(max_examples=3_000)
@given(st.integers(-(10**13), 10**13), st.integers(0, 6), st.integers(1, 2_000))
def test_rounding_is_the_nearest_cent_of_the_exact_quotient(digits, decimals, over):
    exact = Fraction(digits, 10**decimals * over)
    rounded = round_half_up(Decimal(digits).scaleb(-decimals), over=over)
    assert abs(Fraction(rounded) - exact) <= Fraction(1, 200)
    if abs(Fraction(rounded) - exact) == Fraction(1, 200):
        assert abs(rounded) > abs(exact)


def test_a_thousand_euros_over_three_equal_communes():
    assert shares(Decimal("1000.00"), {"60509": 1, "60508": 1, "60507": 1}) == {
        "60509": Decimal("333.34"),
        "60508": Decimal("333.33"),
        "60507": Decimal("333.33"),
    }


def test_the_largest_remainder_is_served_first_whatever_the_order():
    assert shares(Decimal("0.10"), {"few": 1, "many": 8}) == {"few": Decimal("0.01"), "many": Decimal("0.09")}


def test_where_nobody_was_counted_shares_are_equal():
    assert shares(Decimal("1000.00"), {"a": 0, "b": 0}) == {"a": Decimal(500), "b": Decimal(500)}


@pytest.mark.parametrize(
    ("total", "weights"), [("1.00", {}), ("1.00", {"a": -1, "b": 2}), ("1.005", {"a": 1})], ids=str
)
def test_what_cannot_be_shared_is_refused(total, weights):
    with pytest.raises(ValueError, match=r"shares|cents"):
        shares(Decimal(total), weights)


@settings(max_examples=1_200)
@given(cents, st.lists(st.integers(0, 500_000), min_size=1, max_size=6))
def test_shares_add_up_and_none_is_a_cent_from_what_is_exact(total, weights):
    given_out = shares(total, dict(enumerate(weights)))
    assert sum(given_out.values()) == total
    everything = sum(weights)
    for number, weight in enumerate(weights):
        exact = Fraction(total) * weight / everything if everything else Fraction(total) / len(weights)
        assert abs(Fraction(given_out[number]) - exact) < Fraction(CENT)
        assert weight or not everything or given_out[number] == 0


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("1000", "1 000,00 €"),
        ("1000000.5", "1 000 000,50 €"),
        ("1E+3", "1 000,00 €"),
        ("0", "0,00 €"),
        ("999.99", "999,99 €"),
        ("-175.89", "\u2212175,89 €"),
        ("1.0000", "1,00 €"),
        ("1.0305", "1,0305 €"),
        ("1.030", "1,03 €"),
    ],
)
def test_amounts_are_written_as_they_are_read_in_france(amount, written):
    assert euros(Decimal(amount)).replace("\u00a0", " ") == written
    assert " " not in euros(Decimal(amount))


@pytest.mark.parametrize("amount", ["0.00001", "NaN"])
def test_writing_never_rounds(amount):
    with pytest.raises(ValueError, match=r"rounded|invalid"):
        euros(Decimal(amount))
