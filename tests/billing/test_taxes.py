"""VAT: once per rate, parted from prices that hold it, given back to the cent."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.money import CENT, ZERO, shares
from billing.taxes import NOTHING, Taxed, credited, from_gross, part_of_gross, vat_of

TWENTY = Decimal("20.00")
RATES = [Decimal(rate) for rate in ("0", "2.10", "5.50", "8.50", "10.00", "20.00")]
amounts = st.integers(1, 1_000_000_00).map(lambda count: Decimal(count).scaleb(-2))
NETS = [Decimal(net) for net in ("68.33", "68.33", "57.50", "85.00")]


def test_vat_is_of_the_sum_and_never_line_by_line():
    """What a peer's bill got wrong: 55,84 € line by line."""
    assert sum(vat_of(net, TWENTY) for net in NETS) == Decimal("55.84")
    assert vat_of(sum(NETS, ZERO), TWENTY) == Decimal("55.83")


@pytest.mark.parametrize(("net", "rate"), [("1.00", "-1"), ("1.00", "101"), ("1.00", "NaN"), ("1.005", "20")])
def test_what_is_no_rate_or_no_cents_is_refused(net, rate):
    with pytest.raises(ValueError, match=r"rate|cents"):
        vat_of(Decimal(net), Decimal(rate))


@pytest.mark.parametrize(
    ("gross", "net", "vat", "rounding"),
    [
        ("1000.00", "833.33", "166.67", "0.00"),
        ("1200.00", "1000.00", "200.00", "0.00"),
        ("0.03", "0.03", "0.01", "-0.01"),
    ],
)
def test_a_price_with_its_tax_is_parted(gross, net, vat, rounding):
    parted = from_gross(Decimal(gross), TWENTY)
    assert (parted.taxed, parted.rounding) == (Taxed(Decimal(net), Decimal(vat)), Decimal(rounding))


@settings(max_examples=3_800)
@given(amounts, st.sampled_from(RATES))
def test_parting_loses_nothing_and_rounds_only_what_no_vat_can_give(gross, rate):
    parted = from_gross(gross, rate)
    assert parted.taxed.gross + parted.rounding == gross
    assert parted.taxed.vat == vat_of(parted.taxed.net, rate)
    assert abs(parted.rounding) <= CENT
    if parted.rounding:
        around = (parted.taxed.net - CENT, parted.taxed.net, parted.taxed.net + CENT)
        assert all(net + vat_of(net, rate) != gross for net in around)


def credit_all(invoiced: Taxed, nets: list[Decimal]) -> list[Taxed]:
    """One note for each net, after the others."""
    notes: list[Taxed] = []
    for net in nets:
        notes.append(credited(net, invoiced=invoiced, already=sum(notes, NOTHING)))
    return notes


def test_notes_give_back_the_vat_of_the_invoice_and_not_a_cent_more():
    invoiced = Taxed(sum(NETS, ZERO), Decimal("55.83"))
    notes = credit_all(invoiced, NETS)
    assert [note.vat for note in notes] == [Decimal(vat) for vat in ("13.67", "13.66", "11.50", "17.00")]
    assert sum(notes, NOTHING) == invoiced


@settings(max_examples=800)
@given(amounts, st.sampled_from(RATES), st.lists(st.integers(0, 1_000), min_size=1, max_size=5))
def test_partial_notes_sum_exactly_to_net_and_vat(net, rate, weights):
    invoiced = Taxed(net, vat_of(net, rate))
    parts = [part for part in shares(net, dict(enumerate(weights))).values() if part]
    notes = credit_all(invoiced, parts)
    assert sum(notes, NOTHING) == invoiced
    assert all(note.vat >= 0 and abs(note.vat - vat_of(note.net, rate)) <= CENT for note in notes)


@settings(max_examples=800)
@given(
    amounts.filter(lambda gross: gross >= 1),
    st.sampled_from(RATES),
    st.lists(st.integers(2, 10_000), min_size=1, max_size=4),
)
def test_parts_of_a_price_with_its_tax_are_given_back_to_the_cent(gross, rate, parts):
    whole, rounding = (parted := from_gross(gross, rate)).taxed, parted.rounding
    notes: list[Taxed] = []
    for part in (Decimal(cents).scaleb(-2) for cents in parts):
        already = sum(notes, NOTHING)
        note = part_of_gross(part, rate, already=already)
        if already.gross + part >= gross or already.net + note.net == whole.net or not note.net:
            break
        assert note.gross == part
        notes.append(note)
    already = sum(notes, NOTHING)
    last = credited(whole.net - already.net, invoiced=whole, already=already)
    assert already.gross + last.gross + rounding == gross
    assert all(note.vat >= 0 and abs(note.vat - vat_of(note.net, rate)) <= CENT for note in [*notes, last])


@pytest.mark.parametrize("net", ["0.00", "-1.00", "60.01", "0.005"])
def test_nothing_is_credited_beyond_what_is_left(net):
    invoiced = Taxed(Decimal(100), Decimal(20))
    with pytest.raises(ValueError, match=r"left|cents"):
        credited(Decimal(net), invoiced=invoiced, already=Taxed(Decimal(40), Decimal(8)))
