"""Bars of amounts by month, drawn in SVG without a script: what was invoiced, and what is to come, above it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

from django.utils.formats import date_format

from billing.money import ZERO
from billing.revenue import Month

WIDTH, HEIGHT = 1160, 400
LEFT, RIGHT, TOP, BOTTOM = 150, 40, 20, 50
GAP = 8
STEPS = 4
LABEL_EACH = 3  # months
_NICE = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))


@dataclass(frozen=True)
class Bar:
    """A rectangle, in the units of the drawing, as text: a template must not write them with a comma."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Column:
    """A month: its bars, and its label where there is room for one."""

    month: Month
    label: str
    middle: str
    invoiced: Bar
    expected: Bar


@dataclass(frozen=True)
class Mark:
    """A line of the grid, and the amount that it stands for."""

    y: str
    amount: Decimal


@dataclass(frozen=True)
class Plot:
    """All that is drawn."""

    columns: list[Column]
    marks: list[Mark]
    base: str


def plot_of(months: Sequence[Month]) -> Plot:
    """The drawing of some months. A month whose credits exceed its invoices has no bar: its table says so."""
    top = nice_top(max((one.invoiced + one.expected for one in months), default=ZERO))
    room = Decimal(HEIGHT - TOP - BOTTOM)
    each = Decimal(WIDTH - LEFT - RIGHT) / max(len(months), 1)

    def high(amount: Decimal) -> Decimal:
        return max(amount, ZERO) / top * room

    columns = []
    for rank, one in enumerate(months):
        x, invoiced, expected = LEFT + each * rank + GAP // 2, high(one.invoiced), high(one.expected)
        floor = Decimal(HEIGHT - BOTTOM)
        columns.append(
            Column(
                one,
                date_format(one.first_day, "N y").lower() if rank % LABEL_EACH == 0 else "",
                _text(x + (each - GAP) / 2),
                Bar(_text(x), _text(floor - invoiced), _text(each - GAP), _text(invoiced)),
                Bar(_text(x), _text(floor - invoiced - expected), _text(each - GAP), _text(expected)),
            )
        )
    marks = [Mark(_text(HEIGHT - BOTTOM - room * step / STEPS), top * step / STEPS) for step in range(STEPS + 1)]
    return Plot(columns, marks, _text(Decimal(HEIGHT - BOTTOM)))


def nice_top(most: Decimal) -> Decimal:
    """The amount at the top of the grid: the next of 1, 2, 5 and their tens, of which a quarter is whole."""
    if most <= 0:
        return Decimal(1000)
    ten = Decimal(10) ** (len(str(int(most.to_integral_value(ROUND_UP)))) - 1)
    return max(next(one * ten for one in _NICE if one * ten >= most), Decimal(STEPS))


def _text(number: Decimal) -> str:
    return f"{number:.1f}"
