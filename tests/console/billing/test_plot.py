"""The drawing of revenue: its scale, its bars, its texts; contrasts are computed from the theme."""

import datetime
from decimal import Decimal

import pytest

from billing.revenue import Month
from console.billing_desk.plot import BOTTOM, HEIGHT, TOP, nice_top, plot_of
from harness.billing import a_seller, ready
from harness.books import PONT, desk_of
from tenants.context import platform_context
from themes import colours
from themes.brand import PLATFORM_BRAND
from themes.tokens import STATIC_ROLES, Scheme, compute_scale

READABLE = 3  # WCAG 1.4.11


def month(number: int, invoiced: str, expected: str = "0") -> Month:
    return Month(datetime.date(2026, number, 1), Decimal(invoiced), Decimal(expected))


@pytest.mark.parametrize(
    ("most", "top"),
    [
        ("0", "1000"), ("0.5", "4"), ("999", "1000"), ("1000", "1000"), ("1000.01", "2000"), ("2000.01", "5000"),
        ("72715", "100000"), ("154681", "200000"), ("5000001", "10000000"),
    ],
)  # fmt: skip
def test_the_scale_ends_on_a_number_that_people_say(most, top):
    assert nice_top(Decimal(most)) == Decimal(top)


def test_what_is_to_come_stands_on_what_was_invoiced():
    drawn = plot_of([month(1, "500", "250"), month(2, "1000"), month(3, "-20")])
    high = HEIGHT - TOP - BOTTOM
    first, second, third = drawn.columns
    assert Decimal(first.invoiced.height) == Decimal(high) / 2
    assert Decimal(first.expected.y) + Decimal(first.expected.height) == Decimal(first.invoiced.y)
    assert Decimal(second.invoiced.y) == TOP
    assert (third.invoiced.height, third.expected.height) == ("0.0", "0.0")
    assert [mark.amount for mark in drawn.marks] == [0, 250, 500, 750, 1000]


def test_nothing_at_all_is_drawn_too():
    assert plot_of([]).columns == []
    assert {column.invoiced.height for column in plot_of([month(1, "0")]).columns} == {"0.0"}


@pytest.mark.parametrize("scheme", list(Scheme))
@pytest.mark.parametrize("role", [PLATFORM_BRAND.brand_colour, "#ffd500", "#101010"])
def test_bars_and_their_edges_are_seen_on_the_page(scheme, role):
    ours, neutral = compute_scale(role, scheme), compute_scale(STATIC_ROLES["neutral"], scheme)
    page = neutral.background_default
    assert colours.contrast(ours.border_strong, page) >= READABLE
    assert colours.contrast(ours.border_strong, ours.surface_tinted) >= READABLE
    assert colours.contrast(neutral.text_default, page) >= 7


@pytest.mark.django_db
def test_the_page_says_it_in_words_and_in_a_table():
    with platform_context():
        a_seller()
        ready(None, {PONT: 1200})
    page = desk_of().get("/console/facturation/recettes/").content.decode()
    for said in ('role="img"', "<title id=", "<desc id=", "1\xa0200,00\xa0€ à facturer", "En tout"):
        assert said in page, said
    assert "<script" not in page.partition("<svg")[2]


@pytest.mark.django_db
def test_nobody_sells_yet():
    assert "rien ne se calcule encore" in desk_of().get("/console/facturation/recettes/").content.decode()
