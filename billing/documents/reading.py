"""What an XML says, read without what wrote it; and what a payload has it say. Two texts of one thing, on purpose:

factur-x drops silently the keys that it does not know (billing.md, 2.2), so what was meant is compared to what is sent.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from billing.documents.cii import last_day, parsed, price_of, siren_of, unit_of
from billing.documents.payload import TYPE_OF_CREDIT_NOTE, Payload

Said = dict[str, Any]
_NAMES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
}
PROFILES = {
    "en16931": "urn:cen.eu:en16931:2017",
    "extended": "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended",
}
_DUE = {"payment": "72", "invoice": "5", "": ""}  # UNTDID 2475
_EXEMPTIONS = ("franchise", "exempt")


def said_by(xml: bytes) -> Said:
    """All that an XML says, by our own names; amounts and dates as they are written. Raises RefusedError."""
    root = _Node(parsed(xml))
    document, deal = root.one("rsm:ExchangedDocument"), root.one("rsm:SupplyChainTradeTransaction")
    agreement = deal.one("ram:ApplicableHeaderTradeAgreement")
    settlement = deal.one("ram:ApplicableHeaderTradeSettlement")
    context = root.one("rsm:ExchangedDocumentContext")
    totals = settlement.one("ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    means = settlement.one("ram:SpecifiedTradeSettlementPaymentMeans")
    return {
        "process": context.text("ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID"),
        "profile": context.text("ram:GuidelineSpecifiedDocumentContextParameter/ram:ID"),
        "number": document.text("ram:ID"),
        "type": document.text("ram:TypeCode"),
        "issued_on": document.day("ram:IssueDateTime/udt:DateTimeString"),
        "notes": [(one.text("ram:SubjectCode"), one.text("ram:Content")) for one in document.all("ram:IncludedNote")],
        "seller": _party(agreement.one("ram:SellerTradeParty")),
        "buyer": _party(agreement.one("ram:BuyerTradeParty")),
        "service": agreement.text("ram:BuyerReference"),
        "engagement": agreement.text("ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"),
        "market": agreement.text("ram:ContractReferencedDocument/ram:IssuerAssignedID"),
        "done_on": deal.day(
            "ram:ApplicableHeaderTradeDelivery/ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/"
            "udt:DateTimeString"
        ),
        "lines": [_line(one) for one in deal.all("ram:IncludedSupplyChainTradeLineItem")],
        "currency": settlement.text("ram:InvoiceCurrencyCode"),
        "remittance": settlement.text("ram:PaymentReference"),
        "means": means.text("ram:TypeCode"),
        "iban": means.text("ram:PayeePartyCreditorFinancialAccount/ram:IBANID"),
        "account": means.text("ram:PayeePartyCreditorFinancialAccount/ram:AccountName"),
        "vat": [_vat(one) for one in settlement.all("ram:ApplicableTradeTax")],
        "period": _period(settlement),
        "terms": settlement.text("ram:SpecifiedTradePaymentTerms/ram:Description"),
        "due_on": settlement.day("ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString"),
        "totals": {
            "lines": totals.text("ram:LineTotalAmount"),
            "net": totals.text("ram:TaxBasisTotalAmount"),
            "vat": totals.text("ram:TaxTotalAmount"),
            "gross": totals.text("ram:GrandTotalAmount"),
            "rounding": totals.text("ram:RoundingAmount"),
            "payable": totals.text("ram:DuePayableAmount"),
        },
        "credits": [
            (one.text("ram:IssuerAssignedID"), one.day("ram:FormattedIssueDateTime/qdt:DateTimeString"))
            for one in settlement.all("ram:InvoiceReferencedDocument")
        ],
    }


def meant_by(payload: Payload) -> Said:
    """What the XML of a payload has to say, nothing more and nothing less."""
    seller, buyer, totals = payload["seller"], payload["buyer"], payload["totals"]
    references, is_credit = payload["references"], payload["type"] == TYPE_OF_CREDIT_NOTE
    mentions = {one["key"]: one["words"] for one in payload["mentions"]}
    exemption = next((words for key, words in mentions.items() if key in _EXEMPTIONS), "")
    rate = f"{Decimal(payload['vat'][0]['rate']):.2f}"
    return {
        "process": "S1",
        "profile": PROFILES["extended" if references["service"] else "en16931"],
        "number": payload["number"],
        "type": payload["type"],
        "issued_on": payload["issued_on"],
        "notes": _notes(mentions) + [("AAI", count["words"]) for count in payload["counts"]],
        "seller": _meant_party(seller)
        | {
            "vat_number": seller["vat_number"],
            "tax_number": "" if seller["vat_number"] else siren_of(seller["siret"]),
            "legal": f"{seller['legal_form']}, {seller['register']}",
            "contacts": [(seller["name"], seller["telephone"], seller["email"])],
        },
        "buyer": _meant_party(buyer, references["service"]),
        "service": references["service"],
        "engagement": references["engagement"],
        "market": references["market"],
        "done_on": payload["period"]["starts_on"],
        "lines": [
            {
                "number": str(number),
                "words": line["words"],
                "count": str(line["count"]),
                "unit": unit_of(line),
                "price": price_of(line),
                "net": line["net"],
                "period": (line["starts_on"], last_day(line)),
                "category": payload["vat"][0]["category"],
                "rate": rate,
            }
            for number, line in enumerate(payload["lines"], start=1)
        ],
        "currency": "EUR",
        "remittance": "" if is_credit else payload["number"],
        "means": "" if is_credit else "58",
        "iban": "" if is_credit else seller["iban"],
        "account": "" if is_credit else seller["name"],
        "vat": [
            {
                "category": vat["category"],
                "exemption": vat["exemption"],
                "reason": exemption,
                "rate": rate,
                "net": vat["net"],
                "amount": vat["amount"],
                "due": _DUE[vat["due"]],
            }
            for vat in payload["vat"]
        ],
        "period": (payload["period"]["starts_on"], last_day(payload["period"])),
        "terms": next((words for key, words in mentions.items() if key.endswith("_terms")), ""),
        "due_on": payload["due_on"],
        "totals": {
            "lines": totals["net"],
            "net": totals["net"],
            "vat": totals["vat"],
            "gross": totals["gross"],
            "rounding": totals["rounding"] if Decimal(totals["rounding"]) else "",
            "payable": totals["payable"],
        },
        "credits": [(payload["credits"]["number"], payload["credits"]["issued_on"])] if is_credit else [],
    }


def differences(meant: Said, said: Said, at: str = "") -> Iterator[str]:
    """The names of what is not said as it was meant."""
    for name in sorted(meant.keys() | said.keys()):
        one, other = meant.get(name), said.get(name)
        if isinstance(one, dict) and isinstance(other, dict):
            yield from differences(one, other, f"{at}{name}.")
        elif one != other:
            yield f"{at}{name}"


class _Node:
    """An element, or none: what is missing is an empty text."""

    def __init__(self, element: Any) -> None:
        self._element = element

    def all(self, path: str) -> list["_Node"]:
        """Those at a path, none of nothing."""
        return [] if self._element is None else [_Node(one) for one in self._element.findall(path, _NAMES)]

    def one(self, path: str) -> "_Node":
        """The first at a path, or none."""
        return _Node(None if self._element is None else self._element.find(path, _NAMES))

    def text(self, path: str) -> str:
        """What it says at a path."""
        return "" if self._element is None else self._element.findtext(path, "", _NAMES)

    def attribute(self, name: str) -> str:
        """One of its attributes."""
        return "" if self._element is None else self._element.get(name, "")

    def day(self, path: str) -> str:
        """A day at a path, as ISO writes it."""
        written = self.text(path)
        return f"{written[:4]}-{written[4:6]}-{written[6:]}" if written else ""


def _party(party: _Node) -> Said:
    registrations = {
        scheme: party.text(f"ram:SpecifiedTaxRegistration/ram:ID[@schemeID='{scheme}']") for scheme in ("VA", "FC")
    }
    contacts = party.all("ram:DefinedTradeContact")
    return {
        "name": party.text("ram:Name"),
        "siren": party.text("ram:SpecifiedLegalOrganization/ram:ID[@schemeID='0002']"),
        "trading_name": party.text("ram:SpecifiedLegalOrganization/ram:TradingBusinessName"),
        "siret": party.text("ram:GlobalID[@schemeID='0009']"),
        "service": party.text("ram:GlobalID[@schemeID='0224']"),
        "identifiers": len(party.all("ram:GlobalID")) + len(party.all("ram:ID")),
        "endpoint": party.text("ram:URIUniversalCommunication/ram:URIID[@schemeID='0225']"),
        "street": party.text("ram:PostalTradeAddress/ram:LineOne"),
        "postal_code": party.text("ram:PostalTradeAddress/ram:PostcodeCode"),
        "city": party.text("ram:PostalTradeAddress/ram:CityName"),
        "country": party.text("ram:PostalTradeAddress/ram:CountryID"),
        "vat_number": registrations["VA"],
        "tax_number": registrations["FC"],
        "legal": party.text("ram:Description"),
        "contacts": [
            (
                one.text("ram:PersonName"),
                one.text("ram:TelephoneUniversalCommunication/ram:CompleteNumber"),
                one.text("ram:EmailURIUniversalCommunication/ram:URIID"),
            )
            for one in contacts
        ],
    }


def _meant_party(party: Payload, service: str = "") -> Said:
    siren = siren_of(party["siret"])
    return {
        "name": party["name"],
        "siren": siren,
        "trading_name": "",
        "siret": party["siret"],
        "service": service,
        "identifiers": 2 if service else 1,
        "endpoint": siren,
        "street": party["street"],
        "postal_code": party["postal_code"],
        "city": party["city"],
        "country": "FR",
        "vat_number": "",
        "tax_number": "",
        "legal": "",
        "contacts": [],
    }


def _notes(mentions: dict[str, str]) -> list[tuple[str, str]]:
    """Each with its code; those that are told elsewhere (terms, exemption) are no notes."""
    codes = {"category": "", "debits": "", "no_discount": "AAB", "credit_discount": "AAB"}
    codes |= {f"{side}_late": "PMD" for side in ("public", "private", "credit")}
    codes |= {f"{side}_recovery": "PMT" for side in ("public", "private", "credit")}
    return [(codes[key], words) for key, words in mentions.items() if key in codes]


def _line(line: _Node) -> Said:
    agreement, settlement = line.one("ram:SpecifiedLineTradeAgreement"), line.one("ram:SpecifiedLineTradeSettlement")
    price = agreement.one("ram:NetPriceProductTradePrice")
    quantity = line.one("ram:SpecifiedLineTradeDelivery/ram:BilledQuantity")
    return {
        "number": line.text("ram:AssociatedDocumentLineDocument/ram:LineID"),
        "words": line.text("ram:SpecifiedTradeProduct/ram:Name"),
        "count": line.text("ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"),
        "unit": quantity.attribute("unitCode"),
        "price": (price.text("ram:ChargeAmount"), price.text("ram:BasisQuantity")),
        "net": settlement.text("ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"),
        "period": _period(settlement),
        "category": settlement.text("ram:ApplicableTradeTax/ram:CategoryCode"),
        "rate": settlement.text("ram:ApplicableTradeTax/ram:RateApplicablePercent"),
    }


def _vat(vat: _Node) -> Said:
    return {
        "category": vat.text("ram:CategoryCode"),
        "exemption": vat.text("ram:ExemptionReasonCode"),
        "reason": vat.text("ram:ExemptionReason"),
        "rate": vat.text("ram:RateApplicablePercent"),
        "net": vat.text("ram:BasisAmount"),
        "amount": vat.text("ram:CalculatedAmount"),
        "due": vat.text("ram:DueDateTypeCode"),
    }


def _period(settlement: _Node) -> tuple[str, str]:
    period = settlement.one("ram:BillingSpecifiedPeriod")
    return period.day("ram:StartDateTime/udt:DateTimeString"), period.day("ram:EndDateTime/udt:DateTimeString")
