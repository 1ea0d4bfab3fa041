"""Numbers of engagement as a town gives them: asked in time, kept as acts, the last one counts."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from billing.engagements import follow_acts, give
from billing.enums import BuyerRequirement
from billing.models import Engagement, TownAct
from billing.town_books import numbers
from billing.town_books.reading import NotPossibleError
from harness.billing import OPERATOR, TODAY, a_buyer, an_invoice, signed
from harness.town_books import DAY, by_operator
from tenants.context import platform_context

PONT, BY = "60509", "Anne Roy"


@pytest.fixture
def books(town):
    """The rows are the operator's; the town reads them."""
    return town


def needy(books, **changes):
    said = {"requirement": BuyerRequirement.ENGAGEMENT} | changes
    return by_operator(signed, books, PONT, buyer=by_operator(a_buyer, **said))


def test_a_number_is_asked_sixty_days_before_its_period(books):
    contract = needy(books)
    starts = datetime.date(2027, 10, 1)
    numbers.give_number(starts_on=contract.begins_on, number="EJ-1", by=BY, today=TODAY)
    assert numbers.periods_to_number(starts - 61 * DAY) == ()
    asked = numbers.periods_to_number(starts - 60 * DAY)
    assert [one.period.start for one in asked] == [starts]
    assert numbers.give_number(starts_on=starts, number=" EJ-2 ", by=BY, today=starts - 60 * DAY)
    assert not numbers.give_number(starts_on=starts, number="EJ-2", by=BY, today=starts - 60 * DAY), "pressed twice"
    assert numbers.periods_to_number(starts - 60 * DAY) == ()
    by_operator(follow_acts, contract)
    with platform_context():
        assert list(Engagement.objects.values_list("number", "given_by")) == [("EJ-1", BY), ("EJ-2", BY)]
    page = numbers.numbers_page(starts - 60 * DAY)
    assert [one.words for one in page.given] == [
        "EJ-2, pour la période qui commence le 1er octobre 2027",
        "EJ-1, pour la période qui commence le 1er octobre 2026",
    ]


def test_the_last_number_counts_whoever_gave_it(books):
    contract = needy(books)
    year = {"starts_on": contract.begins_on, "today": TODAY, "by": BY}
    numbers.give_number(number="EJ-1", **year)
    by_operator(give, contract, year_starts_on=contract.begins_on, number="EJ-2", by=OPERATOR)
    assert numbers.numbers_page(TODAY).periods[0].number == "EJ-2"
    numbers.give_number(number="EJ-3", **year)
    assert numbers.numbers_page(TODAY).periods[0].number == "EJ-3"


@pytest.mark.parametrize(
    ("starts_on", "number", "field"),
    [
        (datetime.date(2026, 10, 1), "", "number"),
        (datetime.date(2026, 10, 1), "x" * 51, "number"),
        (datetime.date(2026, 10, 2), "EJ", "year_starts_on"),
        (datetime.date(1900, 1, 1), "EJ", "year_starts_on"),
        (datetime.date(9999, 1, 1), "EJ", "year_starts_on"),
    ],
)
def test_a_wrong_number_or_period_is_told_by_field(books, starts_on, number, field):
    needy(books)
    with pytest.raises(ValidationError) as refusal:
        numbers.give_number(starts_on=starts_on, number=number, by=BY, today=TODAY)
    assert set(refusal.value.message_dict) == {field}
    assert not by_operator(TownAct.objects.exists)


def test_a_period_that_is_billed_keeps_its_number(books):
    by_operator(an_invoice, books, {PONT: 640})
    with pytest.raises(NotPossibleError, match="FA-2026-00001"):
        numbers.give_number(starts_on=datetime.date(2026, 10, 1), number="EJ", by=BY, today=TODAY)
    assert [one.is_open for one in numbers.numbers_page(TODAY).periods] == [False, True]


@pytest.mark.parametrize(
    ("requirement", "service", "wants", "lacks"),
    [
        (BuyerRequirement.NONE, "", False, False),
        (BuyerRequirement.SERVICE, "", False, True),
        (BuyerRequirement.SERVICE_OR_ENGAGEMENT, "FIN", False, False),
        (BuyerRequirement.SERVICE_OR_ENGAGEMENT, "", True, False),
        (BuyerRequirement.SERVICE_AND_ENGAGEMENT, "", True, True),
    ],
)
def test_what_the_buyer_s_invoices_must_bear(books, requirement, service, wants, lacks):
    needy(books, requirement=requirement, service_code=service)
    assert numbers.numbers_page(TODAY).lacks_service == lacks
    assert bool(numbers.periods_to_number(TODAY)) == wants
