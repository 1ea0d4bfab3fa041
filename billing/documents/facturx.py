"""The PDF that holds its own XML (Factur-X), for people and machines: one file inside, declared, and nothing else.

Typst embeds the file and says what the page promises; what Factur-X wants said of the file is added to the same packet
of metadata. Not by the factur-x library: it writes a packet of its own, which declares « B » of an archive that is
« A », forgets PDF/UA and `rdf:about`, tells the minute it was made, and takes ten times as long (billing.md, 2.3).
"""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from billing.documents.cii import EN16931, EXTENDED, parsed, profile_of
from billing.documents.findings import Finding, RefusedError
from billing.documents.paper import EMBEDDED, paper_of
from billing.documents.payload import Payload

if TYPE_CHECKING:
    import pikepdf

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
_LEVELS = {EN16931: "EN 16931", EXTENDED: "EXTENDED"}
# PDF/A asks that a name that it does not know be described (ISO 19005-3, 6.6.2.3).
_PROPERTIES = {
    "DocumentFileName": "Name of the embedded XML document",
    "DocumentType": "Type of the hybrid document",
    "Version": "Version of the standard of the embedded XML document",
    "ConformanceLevel": "Conformance level of the embedded XML document",
}
_FX = f"""<x xmlns:rdf="{_RDF}" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
 xmlns:schema="http://www.aiim.org/pdfa/ns/schema#" xmlns:property="http://www.aiim.org/pdfa/ns/property#">
<rdf:li rdf:parseType="Resource"><schema:schema>Factur-X PDFA Extension Schema</schema:schema>
<schema:namespaceURI>urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#</schema:namespaceURI>
<schema:prefix>fx</schema:prefix><schema:property><rdf:Seq>%s</rdf:Seq></schema:property></rdf:li>
<rdf:Description rdf:about=""><fx:DocumentType>INVOICE</fx:DocumentType>
<fx:DocumentFileName>{EMBEDDED}</fx:DocumentFileName><fx:Version>1.0</fx:Version>
<fx:ConformanceLevel>%s</fx:ConformanceLevel></rdf:Description></x>"""
_PROPERTY = (
    '<rdf:li rdf:parseType="Resource"><property:name>%s</property:name><property:valueType>Text</property:valueType>'
    "<property:category>external</property:category><property:description>%s</property:description></rdf:li>"
)
_PACKET = b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>%s<?xpacket end="r"?>'


def facturx_of(payload: Payload, xml: bytes) -> bytes:
    """The Factur-X of a payload and its XML: the same two give the same bytes, on the same versions of our tools.

    Raises RefusedError for a sign that is not drawn, or where the file does not hold this XML and nothing else.
    """
    # Not for each process that starts: see billing.documents.cii.
    import pikepdf
    from lxml import etree

    with pikepdf.open(io.BytesIO(paper_of(payload, xml))) as document:
        _refuse_other_files(document, xml)
        packet = parsed(bytes(document.Root.Metadata.read_bytes()))
        _declare(packet, _LEVELS[profile_of(payload)])
        document.Root.Metadata = document.make_stream(
            _PACKET % etree.tostring(packet, encoding="UTF-8", xml_declaration=False),
            Type=pikepdf.Name.Metadata,
            Subtype=pikepdf.Name.XML,
        )
        kept = io.BytesIO()
        document.save(kept, deterministic_id=True, fix_metadata_version=False)
    return kept.getvalue()


def files_in(document: "pikepdf.Pdf") -> Sequence[tuple[str, str, bytes]]:
    """The name, relation and bytes of each file that a PDF says it is associated with."""
    return [
        (str(one.UF), str(one.AFRelationship), bytes(one.EF.F.read_bytes())) for one in document.Root.get("/AF", [])
    ]


def _refuse_other_files(document: "pikepdf.Pdf", xml: bytes) -> None:
    if files_in(document) != [(EMBEDDED, "/Data", xml)] or list(document.attachments) != [EMBEDDED]:
        raise RefusedError([Finding("PALIER-PDF", "Ce PDF ne contient pas son XML, et lui seul.")])


def _declare(packet: Any, level: str) -> None:
    """Add to a packet of metadata what the embedded file is, and the words that say so."""
    properties = "".join(_PROPERTY % pair for pair in _PROPERTIES.items())
    schema, description = parsed((_FX % (properties, level)).encode())
    packet.find(f".//{{{_EXTENSION}}}schemas/{{{_RDF}}}Bag").append(schema)
    packet.find(f"{{{_RDF}}}RDF").append(description)
