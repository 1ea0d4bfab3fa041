"""What a document says, whole: parties copied, lines, VAT, mentions; amounts as text. It is frozen, hashed and printed.

The same draft, counts, number and day give the same payload.
"""

import datetime
import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from billing.documents.evidence import counts_of
from billing.enums import CreditReason, PriceBasis, Series, VatRegime
from billing.law import DAYS_TO_PAY, STANDARD_RATE, mentions
from billing.models import Buyer, Draft, Invoice, Seller, SellerRegime
from billing.money import ZERO
from billing.periods import Period
from billing.taxes import NOTHING, Taxed, credited, vat_of

Payload = dict[str, Any]
# UNTDID 1001.
TYPE_OF_INVOICE, TYPE_OF_CREDIT_NOTE = "380", "381"
# Codes that pass both public Schematrons (billing.md, 1.6).
CATEGORIES = {
    VatRegime.TAXED: ("S", ""),
    VatRegime.FRANCHISE: ("E", "VATEX-FR-FRANCHISE"),
    VatRegime.EXEMPT: ("E", "VATEX-EU-132"),
}


@dataclass(frozen=True)
class Totals:
    """Of a document: before tax, its VAT, and the cent that a price with tax may need (BT-114)."""

    taxed: Taxed
    rounding: Decimal = ZERO

    @property
    def payable(self) -> Decimal:
        """What is paid, or given back."""
        return self.taxed.gross + self.rounding


def payload_of(
    draft: Draft, *, number: str, on: datetime.date, regime: SellerRegime, engagement: str, totals: Totals
) -> Payload:
    """The payload of a draft once it has a number and a day. `totals` are those of `totals_of`, or of a credit."""
    buyer, contract = draft.contract.buyer, draft.contract
    is_credit = draft.source is not None
    category, exemption = CATEGORIES[VatRegime(regime.regime)]
    said: Payload = {
        "type": TYPE_OF_CREDIT_NOTE if is_credit else TYPE_OF_INVOICE,
        "number": number,
        "issued_on": on.isoformat(),
        "due_on": "" if is_credit else (on + datetime.timedelta(days=DAYS_TO_PAY)).isoformat(),
        "period": {"starts_on": draft.starts_on.isoformat(), "ends_on": draft.ends_on.isoformat()},
        "seller": _seller(draft.seller),
        "buyer": _buyer(buyer),
        "references": {"market": contract.reference, "engagement": engagement, "service": buyer.service_code},
        "lines": draft.lines,
        "vat": [
            {
                "category": category,
                "exemption": exemption,
                "rate": str(rate_of(regime)),
                "net": str(totals.taxed.net),
                "amount": str(totals.taxed.vat),
                "due": _vat_due(regime),
            }
        ],
        "totals": {
            "net": str(totals.taxed.net),
            "vat": str(totals.taxed.vat),
            "gross": str(totals.taxed.gross),
            "rounding": str(totals.rounding),
            "payable": str(totals.payable),
        },
        "mentions": mentions(
            on, buyer=buyer.kind, regime=regime.regime, on_debits=regime.on_debits, is_credit=is_credit
        ),
        "counts": counts_of(draft.lines),
    }
    said["is_example"] = any(count["is_example"] for count in said["counts"])
    if draft.source is not None:
        said["is_example"] = draft.source.payload["is_example"]
        said["credits"] = {
            "number": draft.source.number,
            "issued_on": draft.source.issued_on.isoformat(),
            "reason": CreditReason(draft.reason).label,
        }
    return said


def period_of(said: Payload) -> Period:
    """The days that a payload's period, or one of its lines, is for."""
    return Period(*(datetime.date.fromisoformat(said[name]) for name in ("starts_on", "ends_on")))


def rate_of(regime: SellerRegime) -> int:
    """Percent."""
    return STANDARD_RATE if regime.regime == VatRegime.TAXED else 0


def _vat_due(regime: SellerRegime) -> str:
    """When it is owed: of services, when they are paid, unless their seller opted for the invoice's day (BT-8)."""
    if regime.regime != VatRegime.TAXED:
        return ""
    return "invoice" if regime.on_debits else "payment"


def net_of(draft: Draft) -> Decimal:
    """The sum of its lines, before tax."""
    return sum((Decimal(line["net"]) for line in draft.lines), ZERO)


def agreed_of(draft: Draft) -> Decimal:
    """The sum of its lines, in the prices of its contract."""
    return sum((Decimal(line["agreed"]) for line in draft.lines), ZERO)


def totals_of(draft: Draft, regime: SellerRegime) -> Totals:
    """Of an invoice: VAT once, of the sum; the cent of a price that was agreed with its tax."""
    net = net_of(draft)
    taxed = Taxed(net, vat_of(net, Decimal(rate_of(regime))))
    is_gross = draft.contract.price_basis == PriceBasis.GROSS
    return Totals(taxed, agreed_of(draft) - taxed.gross if is_gross else ZERO)


def credit_totals(draft: Draft, source: Invoice, already: list[Invoice]) -> Totals:
    """Of a credit note: its VAT is what is owed back in all, less what was given back; the last one gives the cent too.

    A part of a price that was agreed with its tax is given back to the cent: its VAT is what is not before tax.
    Raises ValueError beyond what is left to credit.
    """
    given = sum((Taxed(one.net, one.vat) for one in already), NOTHING)
    net, agreed = net_of(draft), agreed_of(draft)
    taxed = credited(net, invoiced=Taxed(source.net, source.vat), already=given)
    if given.net + net == source.net:
        return Totals(taxed, Decimal(source.payload["totals"]["rounding"]))
    return Totals(Taxed(net, agreed - net) if agreed != net else taxed)


def hash_of(payload: Payload, previous: str) -> str:
    """SHA-256 of the previous hash and of the payload in canonical JSON: sorted keys, no space, UTF-8."""
    canonical = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


def series_of(draft: Draft) -> Series:
    """Which continuous series numbers it."""
    return Series.CREDIT_NOTE if draft.source_id else Series.INVOICE


def _seller(seller: Seller) -> Payload:
    kept = ("name", "legal_form", "siret", "register", "vat_number", "street", "postal_code", "city", "email", "iban")
    return {field: getattr(seller, field) for field in (*kept, "telephone")}


def _buyer(buyer: Buyer) -> Payload:
    kept = ("kind", "name", "siret", "street", "postal_code", "city", "requirement")
    return {field: str(getattr(buyer, field)) for field in kept}
