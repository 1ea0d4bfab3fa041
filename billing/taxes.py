"""VAT of whole documents: computed once per rate, and credited without ever giving back a cent too many."""

from dataclasses import dataclass
from decimal import Decimal

from billing.money import ZERO, in_cents, round_half_up

_PERCENT = 100


@dataclass(frozen=True)
class Taxed:
    """An amount before tax and its VAT, in whole cents."""

    net: Decimal
    vat: Decimal

    @property
    def gross(self) -> Decimal:
        """What is paid."""
        return self.net + self.vat

    def __add__(self, other: "Taxed") -> "Taxed":
        return Taxed(self.net + other.net, self.vat + other.vat)


@dataclass(frozen=True)
class FromGross:
    """A price that was agreed with its tax: what is before tax, its VAT, and the cent that no VAT can give.

    `rounding` is the payable rounding of EN 16931 (BT-114): net + VAT + rounding is the price.
    """

    taxed: Taxed
    rounding: Decimal


NOTHING = Taxed(ZERO, ZERO)


def vat_of(net: Decimal, rate: Decimal) -> Decimal:
    """The VAT of a sum before tax at a rate in percent, rounded once (EN 16931, BR-CO-17). Raises ValueError."""
    if not (rate.is_finite() and 0 <= rate <= _PERCENT):
        raise ValueError(f"{rate} is no rate")
    return round_half_up(in_cents(net) * rate, over=_PERCENT)


def from_gross(gross: Decimal, rate: Decimal) -> FromGross:
    """Part a price that was agreed with its tax, at a rate in percent.

    Some prices are no sum of whole cents and their VAT (0,03 € at 20 %): `rounding` is then one cent, else zero.
    """
    net = round_half_up(in_cents(gross) * _PERCENT, over=_PERCENT + rate)
    taxed = Taxed(net, vat_of(net, rate))
    return FromGross(taxed, gross - taxed.gross)


def part_of_gross(part: Decimal, rate: Decimal, *, already: Taxed) -> Taxed:
    """A part of a price that was agreed with its tax, to give back to the cent after what was given back `already`.

    Before tax it is reckoned of all that is given back by then: parts that are rounded one by one drift from their sum.
    Its VAT is the rest, within a cent of what the rate makes of it.
    """
    net = from_gross(already.gross + part, rate).taxed.net - already.net
    return Taxed(net, part - net)


def credited(net: Decimal, *, invoiced: Taxed, already: Taxed) -> Taxed:
    """A part of an invoice's rate to credit: its VAT is what is owed back in all, minus what was given back.

    Notes that credit the whole net give back the whole VAT, to the cent; taken one by one they may give a cent more.
    So the VAT of a note may differ by a cent from its own net times the rate. Raises ValueError beyond what is left.
    """
    left = invoiced.net - already.net
    if not ZERO < in_cents(net) <= left:
        raise ValueError(f"{net} is not within what is left to credit, {left}")
    return Taxed(net, round_half_up(invoiced.vat * (already.net + net), over=invoiced.net) - already.vat)
