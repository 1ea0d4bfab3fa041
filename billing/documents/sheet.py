"""What a payload says, in the words of a printed page: amounts, dates and numbers as French people read them."""

import datetime
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from billing.documents.cii import price_of
from billing.documents.evidence import told
from billing.documents.payload import TYPE_OF_CREDIT_NOTE, Payload, period_of
from billing.enums import CountBasis, LineKind
from billing.money import euros
from core.company_numbers import format_siret
from core.french import day_words, grouped, held_together
from themes.brand import PLATFORM_BRAND

# Of a payload that is offered, not owed.
TYPE_OF_QUOTE = "quote"
_TITLES = {TYPE_OF_CREDIT_NOTE: "Avoir", TYPE_OF_QUOTE: "Devis"}
_OWED = {TYPE_OF_CREDIT_NOTE: "En votre faveur", TYPE_OF_QUOTE: "Montant du devis"}
# Longer than an address of e-mail, which is copied as it is: it may be cut after each ten signs.
_LONG_WORD, _PART = re.compile(r"\S{27,}"), re.compile(r".{10}")
_BREAK = "\u200b"
_HELD = "\u00a0"

Pairs = list[tuple[str, str]]


def sheet_of(payload: Payload) -> dict[str, Any]:
    """The data of the template `typst/document.typ`, of an invoice, a credit note or a quote: texts alone."""
    kind = payload["type"]
    seller, buyer = payload["seller"], payload["buyer"]
    counts = _offered(payload) if kind == TYPE_OF_QUOTE else payload["counts"]
    said = {
        "title": f"{_TITLES.get(kind, 'Facture')} {payload['number']}",
        "kind": _TITLES.get(kind, "Facture"),
        "number": payload["number"],
        "day": [int(part) for part in payload["issued_on"].split("-")],
        "town": {"name": seller["name"], "colour": PLATFORM_BRAND.brand_colour, "telephone": seller["telephone"]},
        "email": seller["email"],
        "seller": _seller(seller),
        "buyer": _buyer(buyer),
        "facts": _pairs(_facts(payload)),
        "example": "Chiffres d’exemple" if payload["is_example"] else "",
        "lines": [_line(line, payload) for line in payload["lines"]],
        "sums": _pairs(_sums(payload)),
        "owed": (_OWED.get(kind, "Net à payer"), euros(Decimal(payload["totals"]["payable"]))),
        "pay": [] if kind in _TITLES else _pairs(_paying(payload)),
        "counts": [_count(one) for one in counts],
        "terms": payload["terms"]["words"] if kind == TYPE_OF_QUOTE else [],
        "mentions": [one["words"] for one in payload["mentions"]],
        "accepts": _accepting(payload) if kind == TYPE_OF_QUOTE else "",
    }
    return _shown(said)


def asked_of_sheet(payload: Payload) -> list[str]:
    """What whoever reads the page has to find on it: its number and its totals."""
    totals = payload["totals"]
    return [payload["number"], *(euros(Decimal(totals[name])) for name in ("net", "vat", "gross", "payable"))]


def _day(iso: str) -> str:
    return day_words(datetime.date.fromisoformat(iso))


def _seller(seller: Payload) -> dict[str, Any]:
    ids = [("SIRET", format_siret(seller["siret"])), ("TVA", seller["vat_number"])]
    return {
        "name": seller["name"],
        "lines": [seller["legal_form"], seller["street"], f"{seller['postal_code']} {seller['city']}"],
        "ids": _pairs([*ids, ("Immatriculation", seller["register"])]),
    }


def _buyer(buyer: Payload) -> dict[str, Any]:
    return {
        "name": buyer["name"],
        "lines": [buyer["street"], f"{buyer['postal_code']} {buyer['city']}"],
        "ids": _pairs([("SIRET", format_siret(buyer["siret"]))]),
    }


def _facts(payload: Payload) -> Iterable[tuple[str, str]]:
    references, period = payload["references"], period_of(payload["period"])
    yield "Date", _day(payload["issued_on"])
    if payload["type"] == TYPE_OF_QUOTE:
        yield "Valable jusqu’au", _day(payload["valid_until"])
    if payload["type"] == TYPE_OF_CREDIT_NOTE:
        yield "Facture d’origine", f"{payload['credits']['number']} du {_day(payload['credits']['issued_on'])}"
        yield "Motif", payload["credits"]["reason"]
    yield "Période", period.words
    yield "Numéro d’engagement", references["engagement"]
    yield "Code service", references["service"]
    yield "Marché ou convention", references["market"]


def _line(line: dict[str, Any], payload: Payload) -> dict[str, str]:
    return {
        "words": line["words"],
        "detail": " ; ".join(_details(line, payload)),
        "count": grouped(line["count"]),
        "unit": euros(Decimal(line["unit"])) + (" TTC" if line["agreed"] != line["net"] else ""),
        "net": euros(Decimal(line["net"])),
    }


def _details(line: dict[str, Any], payload: Payload) -> Iterable[str]:
    """Why a quantity times a price is not the amount, where it is not; and the price before tax, for that many."""
    days, year = period_of(line).days, period_of(payload["period"]).days
    if line["kind"] == LineKind.SENIORS and Decimal(line["unit"]) * line["count"] != Decimal(line["agreed"]):
        # The period of a quote is the days that it is for; of an invoice, the whole year.
        yield f"pour {days} jours sur {year}" if days < year else f"pour {days} jours"
    if line["agreed"] != line["net"]:
        price, per = price_of(line)
        yield f"prix convenu toutes taxes comprises, soit {euros(Decimal(line['agreed']))}"
        yield f"hors taxes, {euros(Decimal(price))}{f' pour {grouped(int(per))} personnes' if per else ''}"


def _sums(payload: Payload) -> Iterable[tuple[str, str]]:
    totals = payload["totals"]
    yield "Total hors taxes", euros(Decimal(totals["net"]))
    for vat in payload["vat"]:
        name = f"TVA à {Decimal(vat['rate']).normalize():f} %".replace(".", ",")
        yield name if Decimal(vat["rate"]) else "TVA, non due", euros(Decimal(vat["amount"]))
    yield "Total TTC", euros(Decimal(totals["gross"]))
    if Decimal(totals["rounding"]):
        yield "Arrondi du prix convenu", euros(Decimal(totals["rounding"]))


def _paying(payload: Payload) -> Iterable[tuple[str, str]]:
    seller = payload["seller"]
    yield "Virement à", seller["name"]
    yield "IBAN", _HELD.join(re.findall(r".{1,4}", seller["iban"]))
    yield "Référence", payload["number"]
    yield "Échéance", _day(payload["due_on"]) if payload["due_on"] else ""


def _count(count: Payload) -> dict[str, Any]:
    communes = count["communes"]
    rows = [(one["name"], grouped(one["count"])) for one in communes] if len(communes) > 1 else []
    title = f"Seniors comptés dans {len(communes)} communes, le {_day(count['as_of'])}" if rows else ""
    return {"words": count["words"], "title": title, "rows": rows}


def _offered(payload: Payload) -> list[dict[str, Any]]:
    """The figures of a quote, which are no count yet, told as one."""
    terms, day = payload["terms"], payload["issued_on"]
    source, contract, communes = terms["source"], terms["contract"], terms["communes"]
    words = told(
        basis=CountBasis(contract["count_basis"]),
        age=int(contract["age"]),
        total=sum(one["count"] for one in communes),
        on=datetime.date.fromisoformat(day),
        source=source["words"],
        vintage=source["vintage"],
        is_example=source["is_example"],
    )
    return [{"words": words, "as_of": day, "communes": communes}]


def _accepting(payload: Payload) -> str:
    seller, day = payload["seller"], _day(payload["valid_until"])
    amount = euros(Decimal(payload["totals"]["payable"]))
    # The amount again: this may be on a page of its own.
    return (
        f"Devis {payload['number']} du {_day(payload['issued_on'])}, de {amount}. Pour l’accepter, renvoyez-le daté et "
        f"signé au plus tard le {day}, ou votre bon de commande qui cite ce numéro, à {seller['email']}. Une "
        f"question ? {seller['telephone']}."
    )


def _pairs(pairs: Iterable[tuple[str, str]]) -> Pairs:
    return [(label, value) for label, value in pairs if value]


def _shown(said: Any) -> Any:
    """Texts as they are shown: signs held to their word, and a word that is longer than a column cut where it must."""
    if isinstance(said, dict):
        return {key: _shown(value) for key, value in said.items()}
    if isinstance(said, list | tuple):
        return [_shown(one) for one in said]
    if isinstance(said, str):
        return _LONG_WORD.sub(lambda word: _PART.sub(lambda part: part[0] + _BREAK, word[0]), held_together(said))
    return said
