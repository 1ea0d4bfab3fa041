"""Numbers of commitment: given by the town through its window, or typed; followed once; asked for in time."""

import datetime
import logging

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from billing import engagements
from billing.access import for_current_town
from billing.drafting import prepare_yearly
from billing.enums import BuyerRequirement, ContractState, TownActKind, YearStart
from billing.models import Contract, Engagement, TownAct
from harness.billing import OPERATOR, TODAY, a_buyer, a_seller, an_invoice, ready, signed
from tenants.context import facing

PONT, LORMES = "60509", "58145"
BEGINS, NEXT = datetime.date(2026, 10, 1), datetime.date(2027, 10, 1)
DIRECTOR = "La directrice du CCAS"


@pytest.fixture
def contract(books):
    return ready(books, {PONT: 640}, buyer=a_buyer(requirement=BuyerRequirement.ENGAGEMENT))


def told(entry, contract, number, *, year=BEGINS):
    """By the town itself, from its own pages."""
    with facing(entry), for_current_town():
        return engagements.tell(contract, year_starts_on=year, number=number, by=DIRECTOR)


def typed(contract, number, *, year=BEGINS):
    return engagements.give(contract, year_starts_on=year, number=number, by=OPERATOR)


def numbers(contract):
    return [(one.number, one.given_by) for one in contract.engagements.all()]


def test_a_town_gives_its_number_and_it_is_followed_once(books, contract):
    told(books, contract, "  EJ-2026  17 ")
    assert numbers(contract) == []
    assert [one.number for one in engagements.follow_acts(contract)] == ["EJ-2026 17"]
    assert engagements.follow_acts(contract) == []
    assert engagements.follow_every_act() == 0
    assert numbers(contract) == [("EJ-2026 17", DIRECTOR)]
    told(books, contract, "EJ-18")
    told(books, contract, "EJ-27", year=NEXT)
    assert engagements.follow_every_act() == 2
    assert engagements.engagement_of(contract, BEGINS) == "EJ-18"
    assert engagements.engagement_of(contract, NEXT) == "EJ-27"


def test_the_last_one_given_counts_whoever_gave_it(books, contract):
    told(books, contract, "EJ-1")
    engagements.follow_acts(contract)
    typed(contract, "EJ-2")
    assert engagements.follow_acts(contract) == []
    assert engagements.engagement_of(contract, BEGINS) == "EJ-2"
    told(books, contract, "EJ-1")
    engagements.follow_acts(contract)
    assert numbers(contract) == [("EJ-1", DIRECTOR), ("EJ-2", OPERATOR), ("EJ-1", DIRECTOR)]


def test_preparing_an_invoice_follows_what_its_town_gave(books, contract):
    with pytest.raises(ValidationError):
        prepare_yearly(contract, a_seller(), on=BEGINS, by=OPERATOR)
    told(books, contract, "EJ-1")
    prepare_yearly(contract, a_seller(), on=BEGINS, by=OPERATOR)
    assert numbers(contract) == [("EJ-1", DIRECTOR)]


@pytest.mark.parametrize("give", ["told", "typed"])
@pytest.mark.parametrize(
    ("number", "year", "field"),
    [
        ("", BEGINS, "number"),
        (" \u200b ", BEGINS, "number"),
        ("E" * 51, BEGINS, "number"),
        ("EJ-1", BEGINS + datetime.timedelta(days=1), "year_starts_on"),
        ("EJ-1", datetime.date(2025, 10, 1), "year_starts_on"),
        ("EJ-1", datetime.date(2029, 10, 1), "year_starts_on"),
    ],
)
def test_a_number_is_one_and_of_a_year_of_the_contract(books, give, number, year, field):
    contract = ready(books, {PONT: 640}, ends_on=datetime.date(2029, 10, 1))
    with pytest.raises(ValidationError) as refusal:
        told(books, contract, number, year=year) if give == "told" else typed(contract, number, year=year)
    assert set(refusal.value.message_dict) == {field}
    assert not TownAct.objects.exists()
    assert not Engagement.objects.exists()


def test_the_first_year_of_a_calendar_began_before_its_contract(books):
    contract = ready(books, {PONT: 640}, year_start=YearStart.CALENDAR)
    first = datetime.date(2026, 1, 1)
    typed(contract, "EJ-1", year=first)
    assert engagements.engagement_of(contract, first) == "EJ-1"


def test_a_town_gives_no_number_to_another_s_contract(books, other_town, contract):
    with pytest.raises(DatabaseError), transaction.atomic():
        told(other_town, contract, "EJ-1")
    assert not TownAct.objects.exists()


def test_an_act_that_no_screen_lets_through_stops_nothing(books, contract, caplog):
    wrong = {"contract": contract, "kind": TownActKind.ENGAGEMENT, "done_by": DIRECTOR}
    TownAct.objects.create(year_starts_on=BEGINS, words="E" * 60, **wrong)
    TownAct.objects.create(year_starts_on=TODAY, words="Secret", **wrong)
    told(books, contract, "EJ-1")
    with caplog.at_level(logging.WARNING):
        assert engagements.follow_every_act() == 1
    assert numbers(contract) == [("EJ-1", DIRECTOR)]
    assert "is no engagement" in caplog.text
    assert "Secret" not in caplog.text


def asked_for(on):
    return [(one.contract.pk, one.year.start) for one in engagements.lacking(on)]


@pytest.mark.parametrize(
    ("requirement", "service", "is_asked"),
    [
        (BuyerRequirement.NONE, "", False),
        (BuyerRequirement.SERVICE, "FINANCES", False),
        (BuyerRequirement.ENGAGEMENT, "", True),
        (BuyerRequirement.SERVICE_OR_ENGAGEMENT, "", True),
        (BuyerRequirement.SERVICE_OR_ENGAGEMENT, "FINANCES", False),
        (BuyerRequirement.SERVICE_AND_ENGAGEMENT, "FINANCES", True),
    ],
)
def test_a_number_is_asked_of_who_wants_one(books, requirement, service, is_asked):
    contract = ready(books, {PONT: 640}, buyer=a_buyer(requirement=requirement, service_code=service))
    assert asked_for(TODAY) == ([(contract.pk, BEGINS)] if is_asked else [])


def test_it_is_asked_sixty_days_before_the_period(books, contract):
    typed(contract, "EJ-1")
    assert asked_for(NEXT - datetime.timedelta(days=61)) == []
    assert asked_for(NEXT - datetime.timedelta(days=60)) == [(contract.pk, NEXT)]
    typed(contract, "EJ-2", year=NEXT)
    assert asked_for(NEXT - datetime.timedelta(days=60)) == []


def test_it_is_asked_before_a_contract_begins_and_never_after_its_end(books):
    buyer = a_buyer(requirement=BuyerRequirement.ENGAGEMENT)
    contract = signed(books, PONT, buyer=buyer, ends_on=NEXT)
    assert asked_for(datetime.date(2026, 7, 1)) == []
    assert asked_for(datetime.date(2026, 9, 1)) == [(contract.pk, BEGINS)]
    assert asked_for(datetime.date(2027, 9, 1)) == [(contract.pk, BEGINS)]
    Contract.objects.update(state=ContractState.ENDED)
    assert asked_for(TODAY) == []


def test_a_year_that_is_billed_asks_for_nothing(books):
    contract = an_invoice(books, {PONT: 640}).contract
    contract.buyer.requirement = BuyerRequirement.ENGAGEMENT
    contract.buyer.save()
    assert asked_for(TODAY) == []


def test_the_list_takes_as_many_queries_for_many(books, django_assert_num_queries):
    for _ in range(5):
        signed(books, PONT, town_id=None, buyer=a_buyer(requirement=BuyerRequirement.ENGAGEMENT))
    with django_assert_num_queries(3):
        assert len(asked_for(TODAY)) == 5
