"""The printed page of a payload: PDF/A-3a and PDF/UA-1 at once, by Typst, in the operator's brand, offline."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from billing.documents.findings import Finding, RefusedError
from billing.documents.payload import Payload
from billing.documents.sheet import sheet_of
from core.printing import PrintingError, pdf

# The only name that Factur-X knows.
EMBEDDED = "factur-x.xml"
_TEMPLATES = Path(__file__).parent / "typst"
# Both or nothing: an archive that a screen reader reads. No page of less is issued.
PROMISED = (["a-3a", "ua-1"],)
_PLACES = {
    "seller": "vendeur",
    "buyer": "acheteur",
    "references": "références",
    "lines": "lignes",
    "counts": "comptage",
    "mentions": "mentions",
    "credits": "facture d’origine",
    "terms": "conditions",
}
_NAMES = {
    "name": "nom",
    "street": "adresse",
    "city": "ville",
    "email": "adresse e-mail",
    "telephone": "téléphone",
    "legal_form": "forme et capital",
    "register": "immatriculation",
    "words": "texte",
    "market": "référence du marché",
    "reference": "référence du marché",
    "engagement": "numéro d’engagement",
    "service": "code service",
    "source": "source",
    "reason": "motif",
}


def paper_of(payload: Payload, xml: bytes | None = None) -> bytes:
    """The PDF of an invoice, a credit note or a quote, with its XML within.

    Raises RefusedError, with the fields that hold a sign that no font of the house draws: 漢, an emoji, a control.
    """
    embedded = {"xml": xml.decode() if xml else None, "xml-name": EMBEDDED}
    try:
        return pdf(_TEMPLATES / "document.typ", sheet_of(payload) | embedded, promised=PROMISED)
    except PrintingError:
        unprinted = list(_unprinted(payload))
        if not unprinted:
            raise
        raise RefusedError(unprinted) from None


def _unprinted(payload: Payload) -> Iterator[Finding]:
    for path, text in _texts(payload):
        # The fonts of the house draw all of ASCII that is printed; the others are tried, each on a page of its own.
        if (text.isascii() and text.isprintable()) or not (signs := _undrawn(text)):
            continue
        place, name = _PLACES.get(path[0], path[0]), _NAMES.get(path[-1], path[-1])
        words = f"{place.capitalize()}, {name} : « {signs} » ne s’imprime pas. Écrivez-le autrement."
        yield Finding("PALIER-SIGNE", words)


def _undrawn(text: str) -> str:
    return "".join(sign for sign in dict.fromkeys(text) if not sign.isascii() and not _is_drawn(sign)) or (
        "" if _is_drawn(text) else "un signe invisible"
    )


def _is_drawn(text: str) -> bool:
    try:
        pdf(_TEMPLATES / "sign.typ", {"text": text}, promised=PROMISED)
    except PrintingError:
        return False
    return True


def _texts(said: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(said, dict):
        for key, value in said.items():
            yield from _texts(value, (*path, key))
    elif isinstance(said, list):
        for value in said:
            yield from _texts(value, path)
    elif isinstance(said, str):
        yield path, said
