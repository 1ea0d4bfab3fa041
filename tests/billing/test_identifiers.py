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
    read_number,
    service_code,
    siret_of,
)

PONT = "216005092"


def code_of(refusal: pytest.ExceptionInfo[ValidationError]) -> str:
    return refusal.value.code


@pytest.mark.parametrize(
    ("series", "rank", "number"),
    [(Series.INVOICE, 1, "FA-2026-00001"), (Series.CREDIT_NOTE, 99_999, "AV-2026-99999")],
)
def test_numbers_are_written_and_read_back(series, rank, number):
    assert document_number(series, 2026, rank) == number
    assert read_number(number) == (series, 2026, rank)
    assert len(number) <= 20


@pytest.mark.parametrize("rank", [0, -1, 100_000])
def test_a_series_has_no_number_outside_its_five_digits(rank):
    with pytest.raises(ValueError, match="no number"):
        document_number(Series.INVOICE, 2026, rank)


@pytest.mark.parametrize(
    "number",
    ["", "FA-2026-0001", "FA-2026-000001", "fa-2026-00001", "FA 2026 00001", "XX-2026-00001", "FA-2026-00001\n",
     "FA-2026-00000", "FA-٢٠٢٦-00001"],
)  # fmt: skip
def test_what_is_no_number_is_refused(number):
    with pytest.raises(ValueError, match="no number"):
        read_number(number)


def test_the_pattern_is_the_one_that_was_asked():
    assert NUMBER.fullmatch("FA-2026-00001")
    assert not NUMBER.fullmatch("FA-2026-00001 ")


@pytest.mark.parametrize(
    ("typed", "siren", "siret"),
    [
        ("732 829 320 00074", "732829320", "73282932000074"),
        ("35600000000048", "356000000", "35600000000048"),  # the seat of La Poste, by Luhn
        (
            "356 000 000 09075",
            "356000000",
            "35600000009075",
        ),  # one of its offices: its digits add up to a multiple of 5
    ],
)
def test_a_siret_is_kept_as_fourteen_digits(typed, siren, siret):
    assert siret_of(typed, siren=siren) == siret


@pytest.mark.parametrize(
    ("typed", "siren", "code"),
    [
        ("732 829 320 00075", "732829320", "siret"),  # its key
        ("356 000 000 09076", "356000000", "siret"),
        ("7328293200007", "732829320", "siret"),
        ("", PONT, "siret"),
        ("732 829 320 00074", PONT, "siren"),
    ],
)
def test_a_wrong_siret_or_another_s_is_refused(typed, siren, code):
    with pytest.raises(ValidationError) as refusal:
        siret_of(typed, siren=siren)
    assert code_of(refusal) == code


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
