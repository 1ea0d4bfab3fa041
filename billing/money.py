"""Euros: exact until the one rounding to cents, shared without losing a cent, written as French people read them.

No amount is ever a binary fraction: Decimal refuses to be added to one, and a test reads the source of the room.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import TypeVar

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
# Of a price, for one senior: an index moves it by less than a cent.
MOST_DECIMALS = 4
_CENTS_A_EURO = 100
_HELD = "\u00a0"
_MINUS = "\u2212"
# More digits than any sum of invoices has: a quotient is cut far below what could make half a cent of it.
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow])

Key = TypeVar("Key")


def round_half_up(amount: Decimal, *, over: Decimal | int = 1) -> Decimal:
    """`amount` divided by `over`, in cents; half a cent goes away from zero. The only rounding of the room.

    Raises TypeError for what is no Decimal, ValueError for what is no finite number.
    """
    if not isinstance(amount, Decimal):
        raise TypeError(f"an amount is a Decimal, not {type(amount).__name__}")
    if not amount.is_finite():
        raise ValueError(f"{amount} is not finite")
    cents = _EXACT.quantize(_EXACT.divide(amount, Decimal(over)), CENT)
    return cents or ZERO  # never « -0.00 »


def in_cents(amount: Decimal) -> Decimal:
    """An amount that is of whole cents already. Raises ValueError for another: it was to be rounded once, before."""
    if round_half_up(amount) != amount:
        raise ValueError(f"{amount} is not of whole cents")
    return round_half_up(amount)


def whole(number: Decimal) -> int:
    """The nearest whole number, half going up: of people, whom a census counts with decimals. Raises as the above."""
    return int(round_half_up(number / _CENTS_A_EURO) * _CENTS_A_EURO)


def apportion(units: int, weights: Mapping[Key, Decimal | int]) -> dict[Key, int]:
    """Share out whole units by weight, by the largest remainder: the shares add up to them.

    Equal remainders are served in the order of `weights`; equal shares where nobody weighs. Raises ValueError for a
    negative weight, or nobody to share among.
    """
    weighed = {key: Decimal(weight) for key, weight in weights.items()}
    if not weighed or min(weighed.values()) < 0:
        raise ValueError("shares are among somebody, and no weight is negative")
    if not any(weighed.values()):
        weighed = dict.fromkeys(weighed, Decimal(1))
    everything = sum(weighed.values(), Decimal(0))
    given: dict[Key, int] = {}
    remainders: dict[Key, Decimal] = {}
    for key, weight in weighed.items():
        quotient, remainders[key] = _EXACT.divmod(_EXACT.multiply(units, weight), everything)
        given[key] = int(quotient)
    left = units - sum(given.values())
    for key in sorted(remainders, key=remainders.__getitem__, reverse=True)[:left]:
        given[key] += 1
    return given


def shares(total: Decimal, weights: Mapping[Key, Decimal | int]) -> dict[Key, Decimal]:
    """Share out an amount of whole cents by weight, as `apportion` does: the shares add up to it, to the cent.

    Raises ValueError for an amount that is not of whole cents, a negative weight, or nobody to share among.
    """
    cents = int(in_cents(abs(total)) * _CENTS_A_EURO)
    sign = -1 if total < 0 else 1
    return {
        key: round_half_up(Decimal(sign * given), over=_CENTS_A_EURO)
        for key, given in apportion(cents, weights).items()
    }


def euros(amount: Decimal) -> str:
    """« 1 000,00 € », « 1,0305 € » for a price, « −15,00 € »; its spaces do not break.

    Nothing is rounded here: raises ValueError beyond four decimals.
    """
    decimals = max(2, -int(amount.normalize().as_tuple().exponent))
    if decimals > MOST_DECIMALS:
        raise ValueError(f"{amount} was to be rounded before it is shown")
    written = f"{abs(amount):,.{decimals}f}".replace(",", _HELD).replace(".", ",")
    return f"{_MINUS if amount < 0 else ''}{written}{_HELD}€"
