"""All that a document is asked before it has a number, for one or a thousand; and again once it has it."""

import io
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice

from billing.documents.cii import profile_of, xml_of
from billing.documents.facturx import facturx_of
from billing.documents.findings import Finding, RefusedError
from billing.documents.paper import paper_of
from billing.documents.payload import Payload
from billing.documents.rules import broken_by
from billing.documents.schematron import MOST_DOCUMENTS
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


def findings_of(payloads: Iterable[Payload]) -> list[list[Finding]]:
    """Try each document whole, as it would be issued: XML, XSD, our rules, both public Schematrons, PDF.

    Nothing is kept. What is wrong with each, in the same order; an empty list for one that may be issued.
    """
    tried: list[_Tried] = []
    asked: list[_Tried] = []
    answers: list[Future[list[list[Finding]]]] = []
    rest = iter(payloads)
    with ThreadPoolExecutor(1) as pool:
        # The programs of Saxon read some while these are laid out here, and the next ones are composed.
        while some := [_written(payload) for payload in islice(rest, MOST_DOCUMENTS)]:
            readable = [(profile_of(one.payload), one.xml) for one in some if one.xml is not None]
            answers.append(pool.submit(schematron_findings, readable))
            for one in some:
                one.found += _printed(one)
            tried += some
            asked += [one for one in some if one.xml is not None]
        for one, found in zip(asked, chain.from_iterable(each.result() for each in answers), strict=True):
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
