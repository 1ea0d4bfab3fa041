"""Numbers of documents and of buyers."""

import pytest
from django.core.exceptions import ValidationError

from billing.enums import BuyerRequirement, Series
from billing.identifiers import (
    NUMBER,
    check_requirement,
    document_number,
    engagement_number,
    market_reference,
    service_code,
)

PONT = "216005092"


def code_of(refusal: pytest.ExceptionInfo[ValidationError]) -> str:
    return refusal.value.code


@pytest.mark.parametrize(
    ("series", "rank", "number"),
    [(Series.INVOICE, 1, "FA-2026-00001"), (Series.CREDIT_NOTE, 99_999, "AV-2026-99999")],
)
def test_numbers_are_written(series, rank, number):
    assert document_number(series, 2026, rank) == number
    assert len(number) <= 20


@pytest.mark.parametrize("rank", [0, -1, 100_000])
def test_a_series_has_no_number_outside_its_five_digits(rank):
    with pytest.raises(ValueError, match="no number"):
        document_number(Series.INVOICE, 2026, rank)


def test_the_pattern_is_the_one_that_was_asked():
    assert NUMBER.fullmatch("FA-2026-00001")
    assert not NUMBER.fullmatch("FA-2026-00001 ")


def test_codes_and_references_are_kept_as_they_are_read():
    assert service_code(" SERVICE\u200b-12 ") == "SERVICE-12"
    assert engagement_number("EJ\u00a02026 \t 42") == "EJ 2026 42"
    assert market_reference("") == ""


@pytest.mark.parametrize(
    ("check", "longest"),
    [(service_code, 100), (engagement_number, 50), (market_reference, 50)],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_codes_and_references_are_no_longer_than_chorus_takes(check, longest):
    assert check("x" * longest) == "x" * longest
    with pytest.raises(ValidationError) as refusal:
        check("x" * (longest + 1))
    assert code_of(refusal) == "length"


@pytest.mark.parametrize("typed", ["FACTURES_PUBLIQUES", "factures_publiques "])
def test_the_service_that_chorus_refuses_is_refused_here(typed):
    with pytest.raises(ValidationError) as refusal:
        service_code(typed)
    assert code_of(refusal) == "service"


GIVEN = {"nothing": ("", ""), "service": ("S", ""), "engagement": ("", "E"), "both": ("S", "E")}
ENOUGH = {
    BuyerRequirement.NONE: {"nothing", "service", "engagement", "both"},
    BuyerRequirement.SERVICE: {"service", "both"},
    BuyerRequirement.ENGAGEMENT: {"engagement", "both"},
    BuyerRequirement.SERVICE_OR_ENGAGEMENT: {"service", "engagement", "both"},
    BuyerRequirement.SERVICE_AND_ENGAGEMENT: {"both"},
}


def passes(requirement: BuyerRequirement, service: str, engagement: str) -> bool:
    try:
        check_requirement(requirement, service=service, engagement=engagement)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("requirement", BuyerRequirement)
def test_each_buyer_is_given_what_it_asks_for(requirement):
    assert {name for name, both in GIVEN.items() if passes(requirement, *both)} == ENOUGH[requirement]


def test_what_lacks_is_said_by_field():
    with pytest.raises(ValidationError) as refusal:
        check_requirement(BuyerRequirement.SERVICE_AND_ENGAGEMENT, service="", engagement="")
    assert set(refusal.value.message_dict) == {"service", "engagement"}
