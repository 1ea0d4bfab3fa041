"""All that a document is asked before it has a number, for one or a thousand; and again once it has it."""

import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from billing.documents.cii import profile_of, xml_of
from billing.documents.facturx import facturx_of
from billing.documents.findings import Finding, RefusedError
from billing.documents.paper import paper_of
from billing.documents.payload import Payload
from billing.documents.rules import broken_by
from billing.documents.sheet import asked_of_sheet
from billing.documents.text import text_in
from billing.documents.validation import schematron_findings
from core.printing import PrintingError


@dataclass
class _Tried:
    """A document that is tried: its XML, where there is one, and what is wrong so far."""

    payload: Payload
    xml: bytes | None
    found: list[Finding]


def checked_xml(payload: Payload) -> bytes:
    """The XML of a payload, which its XSD and our own rules agree to. Raises RefusedError."""
    xml = xml_of(payload)
    broken = broken_by(payload, xml)
    if broken:
        raise RefusedError(broken)
    return xml


def checked_pdf(payload: Payload, xml: bytes) -> bytes:
    """The Factur-X of a payload and its XML, whose totals are those that people read. Raises RefusedError."""
    import pikepdf

    pdf = facturx_of(payload, xml)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        text = text_in(document)
    missing = [words for words in asked_of_sheet(payload) if "".join(words.split()) not in text]
    if missing:
        raise RefusedError([Finding("PALIER-PDF", f"Cette page ne dit pas {words}.") for words in missing])
    return pdf


def findings_of(payloads: Sequence[Payload]) -> list[list[Finding]]:
    """Try each document whole, as it would be issued: XML, XSD, our rules, both public Schematrons, PDF.

    Nothing is kept. What is wrong with each, in the same order; an empty list for one that may be issued.
    """
    tried = [_written(payload) for payload in payloads]
    asked = [one for one in tried if one.xml is not None]
    with ThreadPoolExecutor(1) as pool:
        # The programs of Saxon work while pages are laid out here.
        answers = pool.submit(
            schematron_findings, [(profile_of(one.payload), one.xml) for one in asked if one.xml is not None]
        )
        for one in tried:
            one.found += _printed(one)
        for one, found in zip(asked, answers.result(), strict=True):
            one.found += found
    return [one.found for one in tried]


def _written(payload: Payload) -> _Tried:
    try:
        xml = xml_of(payload)
    except RefusedError as refusal:
        return _Tried(payload, None, list(refusal.findings))
    return _Tried(payload, xml, broken_by(payload, xml))


def _printed(one: _Tried) -> list[Finding]:
    try:
        if one.xml is None:
            paper_of(one.payload)
        else:
            checked_pdf(one.payload, one.xml)
    except RefusedError as refusal:
        return list(refusal.findings)
    except PrintingError:
        # Of this one alone: the others of a run are tried.
        return [Finding("PALIER-PDF", "Cette page ne s’imprime pas.")]
    return []
