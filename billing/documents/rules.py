"""Rules that no public validator holds: those of Chorus Pro for public buyers, and ours (billing.md, 1.5 and 2.2).

All but the first are asked of what the XML says, not of what it was made from: that is what is sent.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from billing.documents.findings import Finding
from billing.documents.payload import TYPE_OF_CREDIT_NOTE, Payload
from billing.documents.reading import Said, differences, meant_by, said_by
from billing.enums import ASKS_FOR_ENGAGEMENT, ASKS_FOR_SERVICE, BuyerKind, BuyerRequirement
from billing.identifiers import LONGEST_REFERENCE, LONGEST_SERVICE_CODE
from billing.models.parties import LONGEST_NAME
from billing.money import CENT, ZERO
from billing.taxes import vat_of

LONGEST_NUMBER = 20
LONGEST_ADDRESS = 400
LONGEST_IBAN = 27
LONGEST_TEXT = 1024
_SIRET_DIGITS = 14
_NUMBER = re.compile(r"-?[0-9]{1,19}(\.[0-9]{1,6})?")


def broken_by(payload: Payload, xml: bytes) -> list[Finding]:
    """The rules that an XML breaks, of the frozen payload that it was made from. Raises RefusedError for no XML."""
    said = said_by(xml)
    found = [
        Finding("PALIER-XML", f"Le XML ne dit pas ce que dit le document : {name}.")
        for name in differences(meant_by(payload), said)
    ]
    found += _of_money(said)
    if not (said["due_on"] or said["terms"]):
        found.append(Finding("PALIER-ECHEANCE", "Ni date ni conditions de paiement."))
    found += _of_requirement(payload, said)
    if payload["buyer"]["kind"] == BuyerKind.PUBLIC:
        found += _of_chorus(said)
    return found


def _of_money(said: Said) -> Iterator[Finding]:
    """Sums, and VAT to the cent: the public rule lets a euro pass (BR-CO-17).

    Partial credit notes are cumulative: theirs may differ by a cent from their own net times the rate, their sum never
    (billing.taxes.credited).
    """
    nets: dict[tuple[str, str], Decimal] = {}
    for line in said["lines"]:
        price, per = line["price"]
        if _amount(line["count"]) * _amount(price) != _amount(line["net"]) * _amount(per or "1"):
            yield Finding(
                "PALIER-LIGNE", f"Ligne {line['number']} : la quantité par le prix n’en donne pas le montant."
            )
        key = (line["category"], line["rate"])
        nets[key] = nets.get(key, ZERO) + _amount(line["net"])
    allowed = CENT if said["type"] == TYPE_OF_CREDIT_NOTE else ZERO
    for vat in said["vat"]:
        net = nets.pop((vat["category"], vat["rate"]), ZERO)
        exact = vat_of(net, _amount(vat["rate"]))
        if net != _amount(vat["net"]) or abs(exact - _amount(vat["amount"])) > allowed:
            yield Finding("PALIER-TVA", f"La TVA à {vat['rate']} % n’est pas celle de la somme des lignes.")
    if nets:
        yield Finding("PALIER-TVA", "Une ligne est d’un taux de TVA qui n’a pas de total.")
    totals = {name: _amount(amount) for name, amount in said["totals"].items()}
    whole = sum((_amount(one["amount"]) for one in said["vat"]), ZERO)
    if totals["vat"] != whole or totals["gross"] != totals["net"] + whole or totals["lines"] != totals["net"]:
        yield Finding("PALIER-TOTAUX", "Les totaux ne sont pas la somme de ce qui les précède.")
    if totals["payable"] != totals["gross"] + totals["rounding"] or abs(totals["rounding"]) > CENT:
        yield Finding("PALIER-TOTAUX", "Le montant à payer n’est pas le total, au centime d’arrondi près.")


def _amount(written: str) -> Decimal:
    """What is written, or nothing for what is no number: that it is not what was meant is told already."""
    return Decimal(written) if _NUMBER.fullmatch(written) else ZERO


def _of_requirement(payload: Payload, said: Said) -> Iterator[Finding]:
    """BR-FR-CPRO-11 to 13: what the buyer's record in Chorus Pro asks for."""
    requirement = payload["buyer"]["requirement"]
    service, engagement = said["service"] and said["buyer"]["service"], said["engagement"]
    if requirement in ASKS_FOR_SERVICE and not service:
        yield Finding("BR-FR-CPRO-11", "Cet acheteur demande un code service.")
    if requirement in ASKS_FOR_ENGAGEMENT and not engagement:
        yield Finding("BR-FR-CPRO-12", "Cet acheteur demande un numéro d’engagement.")
    if requirement == BuyerRequirement.SERVICE_OR_ENGAGEMENT and not (service or engagement):
        yield Finding("BR-FR-CPRO-13", "Cet acheteur demande un code service ou un numéro d’engagement.")


def _of_chorus(said: Said) -> Iterator[Finding]:
    seller, buyer = said["seller"], said["buyer"]
    sources = [number for number, _ in said["credits"]]
    for rule, party, words in (("03", seller, "Le vendeur"), ("10", buyer, "L’acheteur")):
        if len(party["siret"]) != _SIRET_DIGITS or not party["siret"].startswith(party["siren"] or "-"):
            yield Finding(f"BR-FR-CPRO-{rule}", f"{words} n’a pas de SIRET qui commence par son SIREN.")
    if said["type"] == TYPE_OF_CREDIT_NOTE and len(sources) != 1:
        yield Finding("BR-FR-CPRO-20", "Un avoir cite une facture, et une seule.")
    if said["process"] == "S5":
        yield Finding("BR-FR-CPRO-24", "Chorus Pro ne prend pas ce cadre de facturation.")
    for rule, party in (("26", seller), ("27", buyer)):
        if len(party["contacts"]) > 1:
            yield Finding(f"BR-FR-CPRO-{rule}", "Un vendeur, un acheteur ont un contact au plus.")
    if said["type"] == TYPE_OF_CREDIT_NOTE and (said["means"] or said["iban"]):
        yield Finding("BR-FR-CPRO-AVOIR", "Chorus Pro refuse un avoir qui dit comment il se paie.")
    for rule, words, text, longest in _lengths(said, sources):
        if len(text) > longest:
            yield Finding(f"BR-FR-CPRO-{rule}", f"{words} : {longest} signes au plus.")


def _lengths(said: Said, sources: list[str]) -> Iterator[tuple[str, str, str, int]]:
    """Texts that Chorus Pro cuts or refuses: its rule, what it is, what it says, and how long it may be."""
    seller, buyer = said["seller"], said["buyer"]
    yield "02", "Le numéro", said["number"], LONGEST_NUMBER
    for source in sources:
        yield "02", "Le numéro de la facture d’origine", source, LONGEST_NUMBER
    yield "13", "Le code service", said["service"], LONGEST_SERVICE_CODE
    yield "14", "La référence du marché", said["market"], LONGEST_REFERENCE
    yield "15", "Le numéro d’engagement", said["engagement"], LONGEST_REFERENCE
    for line in said["lines"]:
        yield "31", f"La désignation de la ligne {line['number']}", line["words"], LONGEST_TEXT
    yield "32", "L’adresse du vendeur", f"{seller['street']} {seller['city']}", LONGEST_ADDRESS
    yield "33", "L’adresse de l’acheteur", f"{buyer['street']} {buyer['city']}", LONGEST_ADDRESS
    yield "34", "Le nom commercial du vendeur", seller["trading_name"], LONGEST_NAME
    yield "36", "Le nom commercial de l’acheteur", buyer["trading_name"], LONGEST_NAME
    yield "35", "Les conditions de paiement", said["terms"], LONGEST_TEXT
    yield "39", "L’IBAN", said["iban"], LONGEST_IBAN
    for _, note in said["notes"]:
        yield "42", "Une mention", note, LONGEST_TEXT
    yield "43", "Le nom du vendeur", seller["name"], LONGEST_NAME
    yield "44", "Le nom de l’acheteur", buyer["name"], LONGEST_NAME
