"""What identifies a document and its buyer, checked when it is typed: a wrong one comes back rejected weeks later.

Rules « BR-FR-… » are those of XP Z12-012; « CPRO » ones are applied by Chorus Pro alone, which publishes no validator.
"""

import re

from django.core.exceptions import ValidationError

from billing.enums import ASKS_FOR_ENGAGEMENT, ASKS_FOR_SERVICE, BuyerRequirement, Series
from core.text import tidy

LONGEST_SERVICE_CODE = 100  # BT-10, annex A
LONGEST_REFERENCE = 50  # BT-12 and BT-13: BR-FR-CPRO-14 and 15
HIGHEST_RANK = 99_999
_POSTAL_CODE = re.compile(r"[0-9]{5}")
NUMBER = re.compile(r"(FA|AV|DE)-([0-9]{4})-([0-9]{5})")
# In the directory of Chorus Pro, and refused by it: flows to this service are rejected.
REFUSED_SERVICE = "FACTURES_PUBLIQUES"

NEEDS_SERVICE = "Cet acheteur demande un code service : sans lui, sa facture serait rejetée."
NEEDS_ENGAGEMENT = "Cet acheteur demande un numéro d’engagement : sans lui, sa facture serait rejetée."
NEEDS_EITHER = "Cet acheteur demande un code service ou un numéro d’engagement."


def document_number(series: Series, year: int, rank: int) -> str:
    """« FA-2026-00001 »: 13 signs, where public buyers take 20 (BR-FR-CPRO-02). Raises ValueError past 99999."""
    number = f"{series.value}-{year:04}-{rank:05}"
    if rank < 1 or not NUMBER.fullmatch(number):
        raise ValueError(f"no number {rank} in the series {series.value} of {year}")
    return number


def service_code(typed: str) -> str:
    """The code of the service that pays, as Chorus Pro lists it; empty for none. Raises ValidationError."""
    code = _kept(typed, LONGEST_SERVICE_CODE, "Un code service")
    if code.upper() == REFUSED_SERVICE:
        raise ValidationError(
            "Chorus Pro refuse les factures adressées à ce service : demandez-en un autre.", "service"
        )
    return code


def engagement_number(typed: str) -> str:
    """The number of the buyer's commitment of spending (BT-13); empty for none. Raises ValidationError."""
    return _kept(typed, LONGEST_REFERENCE, "Un numéro d’engagement")


def market_reference(typed: str) -> str:
    """The reference of the market or convention (BT-12); empty for none. Raises ValidationError."""
    return _kept(typed, LONGEST_REFERENCE, "Une référence de marché")


def validate_postal_code(typed: str) -> None:
    """Refuse what is no French postal code."""
    if not _POSTAL_CODE.fullmatch(typed):
        raise ValidationError("Un code postal a cinq chiffres.", "postal_code")


def check_requirement(requirement: BuyerRequirement, *, service: str, engagement: str) -> None:
    """Raise ValidationError, by field, where an invoice lacks what its buyer asks for."""
    if requirement == BuyerRequirement.SERVICE_OR_ENGAGEMENT:
        if not (service or engagement):
            raise ValidationError(NEEDS_EITHER, "requirement")
        return
    missing = {}
    if wants_service(requirement) and not service:
        missing["service"] = NEEDS_SERVICE
    if wants_engagement(requirement, service=service) and not engagement:
        missing["engagement"] = NEEDS_ENGAGEMENT
    if missing:
        raise ValidationError(missing)


def wants_service(requirement: BuyerRequirement) -> bool:
    """Whether a buyer's invoices must all bear a service code."""
    return requirement in ASKS_FOR_SERVICE


def wants_engagement(requirement: BuyerRequirement, *, service: str) -> bool:
    """Whether a buyer's invoices must bear a number of engagement: always, or for want of a service code."""
    return requirement in ASKS_FOR_ENGAGEMENT or (requirement == BuyerRequirement.SERVICE_OR_ENGAGEMENT and not service)


def _kept(typed: str, longest: int, what: str) -> str:
    kept = tidy(typed)
    if len(kept) > longest:
        raise ValidationError(f"{what} compte {longest} signes au plus.", "length")
    return kept
