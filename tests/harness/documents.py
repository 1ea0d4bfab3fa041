"""Payloads for tests, as `billing.documents.payload` writes them: a test holds that their keys are the same."""

import copy
from typing import Any

from billing.law import mentions
from harness.billing import TODAY

TERMS: dict[str, Any] = {"buyer": "public", "regime": "taxed", "on_debits": False}
_YEAR = {"starts_on": "2026-10-01", "ends_on": "2027-10-01"}
_INVOICE: dict[str, Any] = {
    "type": "380",
    "number": "FA-2026-00001",
    "issued_on": "2026-11-27",
    "due_on": "2026-12-27",
    "period": _YEAR,
    "seller": {
        "name": "Palier",
        "legal_form": "SCIC SA à capital variable",
        "siret": "73282932000074",
        "register": "RCS Nantes 732 829 320",
        "vat_number": "FR44732829320",
        "street": "12 rue des Voisins",
        "postal_code": "44000",
        "city": "Nantes",
        "email": "facturation@palier.example",
        "iban": "FR7630006000011234567890189",
        "telephone": "02 61 91 00 00",
    },
    "buyer": {
        "kind": "public",
        "name": "CCAS de Pont-Sainte-Maxence",
        "siret": "21600509000016",
        "street": "1 place Pierre Mendès France",
        "postal_code": "60700",
        "city": "Pont-Sainte-Maxence",
        "requirement": "none",
    },
    "references": {"market": "MAPA-2026-04", "engagement": "", "service": ""},
    "lines": [
        {
            "kind": "seniors",
            "words": "Palier, du 1er octobre 2026 au 30 septembre 2027, par senior de 60 ans et plus et par an",
            "count": 640,
            "unit": "1.0000",
            "net": "640.00",
            "agreed": "640.00",
            "evidence": [1],
        }
        | _YEAR,
        {
            "kind": "floor",
            "words": "Complément au minimum annuel, du 1er octobre 2026 au 30 septembre 2027",
            "count": 1,
            "unit": "360.00",
            "net": "360.00",
            "agreed": "360.00",
            "evidence": [1],
        }
        | _YEAR,
    ],
    "vat": [
        {"category": "S", "exemption": "", "rate": "20", "net": "1000.00", "amount": "200.00", "due": "payment"},
    ],
    "totals": {"net": "1000.00", "vat": "200.00", "gross": "1200.00", "rounding": "0.00", "payable": "1200.00"},
    "counts": [
        {
            "snapshot": 1,
            "as_of": "2026-10-01",
            "basis": "census",
            "age": 60,
            "total": 640,
            "source": "exemple-insee.csv",
            "vintage": 2022,
            "sha256": "0" * 64,
            "is_example": True,
            "words": "640 personnes de 60 ans et plus. Chiffres d’exemple : personne ne les a comptés.",
            "communes": [{"code": "60509", "name": "Pont-Sainte-Maxence", "count": 640}],
        }
    ],
    "is_example": True,
}
_CREDIT: dict[str, Any] = {
    "type": "381",
    "number": "AV-2026-00001",
    "due_on": "",
    "credits": {"number": "FA-2026-00001", "issued_on": "2026-11-27", "reason": "erreur de notre part"},
    "counts": [],
}


_TERMS: dict[str, Any] = {
    "contract": {"count_basis": "census", "age": "60"},
    "communes": [{"code": "60509", "name": "Pont-Sainte-Maxence", "read": "640", "count": 640}],
    "source": {"words": "exemple-insee.csv", "vintage": 2022, "sha256": "0" * 64, "is_example": True},
    "words": [
        "Prix : 1,00 € par senior et par an, avec un minimum annuel de 1 000,00 €, hors taxes.",
        "Sont comptés, à partir de 60 ans : habitants recensés par l’INSEE, le premier jour de la période.",
    ],
}


def an_invoice(**changes: Any) -> dict[str, Any]:
    """An invoice of a floor: 640 seniors, 1 000,00 € before tax."""
    return copy.deepcopy(_INVOICE | {"mentions": mentions(TODAY, is_credit=False, **TERMS)} | changes)


def a_credit_note(**changes: Any) -> dict[str, Any]:
    """The whole of that invoice, given back."""
    return copy.deepcopy(_INVOICE | _CREDIT | {"mentions": mentions(TODAY, is_credit=True, **TERMS)} | changes)


def a_quote(**changes: Any) -> dict[str, Any]:
    """The same, offered."""
    said = {"type": "quote", "number": "DE-2026-00001", "valid_until": "2027-02-27", "counts": [], "terms": _TERMS}
    made = an_invoice(**said | changes)
    del made["due_on"]
    return made


def with_text(said: Any, text: str) -> Any:
    """The same, every text that people type replaced by another; what is code, date or amount stays."""
    if isinstance(said, dict):
        return {key: text if key in _TYPED and value else with_text(value, text) for key, value in said.items()}
    return [with_text(one, text) for one in said] if isinstance(said, list) else said


_TYPED = {"name", "legal_form", "register", "street", "city", "telephone", "words", "market", "engagement", "reason"}
