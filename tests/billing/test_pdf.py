"""The PDF: an archive that a screen reader reads; within, its XML and nothing else, whatever is typed (rule 13)."""

import io
import socket
from pathlib import Path

import pikepdf
import pytest
from pikepdf.pdfa import validate_written
from pypdf import PdfReader

from billing.documents import facturx
from billing.documents.checks import checked_xml
from billing.documents.cii import xml_of
from billing.documents.facturx import facturx_of, files_in
from billing.documents.findings import RefusedError
from billing.documents.paper import PROMISED, paper_of
from billing.documents.reading import said_by
from billing.documents.text import text_in
from core.printing import PrintingError, pdf
from harness.documents import a_credit_note, a_quote, an_invoice, with_text

ROWS = Path(__file__).parents[1] / "themes" / "printing" / "rows.typ"
SERVICE = {"market": "", "engagement": "EJ-1", "service": "FINANCES"}
# What pikepdf's reader of PDF/A does not know: names that are described in the file itself (6.6.2.3), which it says is
# « A » (6.6.4), and how Typst writes an outline. It does not read files within, nor tags: veraPDF does, by a person.
UNKNOWN_TO_PIKEPDF = {"ISO_19005_3:6.6.2.3.1-1", "ISO_19005_3:6.6.4-3", "pikepdf:schema-OutlineItem"}
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
HOSTILE = {
    "a link to a file": '<a rel=attachment href="file:///etc/passwd">x</a>',
    "an attachment": '#pdf.attach("/etc/passwd", read("/etc/passwd"))',
    "a file read": '#read("/etc/passwd") #image("/etc/passwd")',
    "markup": "*gras* _x_ $y$ <z> @w = Titre",
    "an end of text": '"] #panic("x") [',
    "an entity": '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]> &y;',
    "an end of XML": "</ram:Name><ram:Name>]]>-->",
    "a network": '#import "@preview/x:1.0.0" http://127.0.0.1:9/x',
    "a long word": "W" * 90,
    "right to left": "\u202emuirtemmoc",
    "spaces": "  CCAS \u00a0 de\u2009Pont ",
    "a script": "<script>alert(1)</script>' OR 1=1 --",
}


def opened(content):
    return pikepdf.open(io.BytesIO(content))


def text_of(content):
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.fixture(scope="module", params=["invoice", "credit note", "service"])
def whole(request):
    """A payload, its XML and its Factur-X."""
    payload = {
        "invoice": an_invoice,
        "credit note": a_credit_note,
        "service": lambda: an_invoice(references=SERVICE),
    }[request.param]()
    xml = checked_xml(payload)
    return payload, xml, facturx_of(payload, xml)


def test_it_is_tagged_in_french_and_named(whole):
    _, _, content = whole
    with opened(content) as document:
        root = document.Root
        assert str(root.Lang) == "fr-FR"
        assert bool(root.MarkInfo.Marked)
        assert root.StructTreeRoot.K is not None
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert "/OpenAction" not in root
        assert "/JavaScript" not in root.Names


def test_all_its_fonts_are_within(whole):
    _, _, content = whole
    with opened(content) as document:
        described = [one for one in document.objects if isinstance(one, pikepdf.Dictionary) and "/FontName" in one]
        assert described
        assert all({"/FontFile2", "/FontFile3"} & set(one.keys()) for one in described)


def test_its_xml_is_within_and_nothing_else(whole):
    _, xml, content = whole
    with opened(content) as document:
        assert files_in(document) == [("factur-x.xml", "/Data", xml)]
        assert list(document.attachments) == ["factur-x.xml"]
        embedded = [
            one for one in document.objects if isinstance(one, pikepdf.Stream) and one.get("/Type") == "/EmbeddedFile"
        ]
        assert [str(one.Subtype) for one in embedded] == ["/text/xml"]


def test_it_says_what_it_is(whole):
    payload, _, content = whole
    with opened(content) as document:
        packet = bytes(document.Root.Metadata.read_bytes()).decode()
        root = facturx.parsed(packet.encode())
        meta = document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False)
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "A")
        assert meta["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
    assert packet.count("<rdf:RDF") == 1
    assert [one.get(f"{RDF}about") for one in root.iter(f"{RDF}Description")] == ["", ""]
    fx = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"
    said = {one.tag.removeprefix(fx): one.text for one in root.iter() if str(one.tag).startswith(fx)}
    assert said == {
        "DocumentType": "INVOICE",
        "DocumentFileName": "factur-x.xml",
        "Version": "1.0",
        "ConformanceLevel": "EXTENDED" if payload["references"]["service"] else "EN 16931",
    }
    described = "{http://www.aiim.org/pdfa/ns/property#}name"
    assert said.keys() <= {one.text for one in root.iter(described)}


def test_a_reader_of_archives_finds_what_it_does_not_know_and_no_more(whole):
    _, _, content = whole
    report = validate_written(io.BytesIO(content), "3b")
    assert {one.rule for one in report.findings if one.kind == "violation"} <= UNKNOWN_TO_PIKEPDF
    plain = pdf(
        ROWS, {"title": "x", "date": "", "town": {"name": "x", "colour": "#000000", "telephone": ""}, "rows": []}
    )
    found = {one.rule for one in validate_written(io.BytesIO(plain), "3b").findings if one.kind == "violation"}
    assert found - UNKNOWN_TO_PIKEPDF, "the reader lets anything pass"


def test_its_text_is_read_as_another_reader_does(whole):
    payload, _, content = whole
    with opened(content) as document:
        assert text_in(document) == "".join(text_of(content).split())
        assert payload["number"] in text_in(document)


def test_a_text_that_cannot_be_read_is_not_there(whole):
    _, _, content = whole
    with opened(content) as document:
        for one in document.objects:
            if isinstance(one, pikepdf.Dictionary) and "/ToUnicode" in one:
                del one["/ToUnicode"]
        assert text_in(document) == ""


def test_the_same_document_is_the_same_bytes(whole):
    payload, xml, content = whole
    assert facturx_of(payload, xml) == content


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_what_is_typed_is_text_in_every_field(typed, monkeypatch):
    def refused(*_args, **_kwargs):
        raise AssertionError("a socket is opened")

    monkeypatch.setattr(socket, "socket", refused)
    payload = with_text(an_invoice(references=SERVICE | {"engagement": "E"}), typed[:90])
    # What XML holds is what was typed, to the sign; the rules of length are another matter.
    xml = xml_of(payload)
    assert said_by(xml)["buyer"]["name"] == payload["buyer"]["name"] == typed[:90]
    content = facturx_of(payload, xml)
    with opened(content) as document:
        assert files_in(document) == [("factur-x.xml", "/Data", xml)]
        assert not [one for page in document.pages for one in page.get("/Annots", []) if "/A" in one]
    assert b"root:x:0:0" not in content
    assert "root:x:0:0" not in text_of(content)
    quote = paper_of(with_text(a_quote(), typed[:90]))
    with opened(quote) as document:
        assert (files_in(document), list(document.attachments)) == ([], [])


def test_an_xml_that_is_not_alone_is_refused(monkeypatch):
    payload = an_invoice()
    xml = xml_of(payload)
    other = paper_of(payload, xml_of(an_invoice(number="FA-2026-00002")))
    for page in (other, paper_of(payload)):
        monkeypatch.setattr(facturx, "paper_of", lambda *_, page=page: page)
        with pytest.raises(RefusedError, match="PALIER-PDF"):
            facturx_of(payload, xml)


@pytest.mark.parametrize(
    ("place", "name", "sign", "words"),
    [
        ("buyer", "name", "漢", "Acheteur, nom : « 漢 »"),
        ("buyer", "street", "😀", "Acheteur, adresse : « 😀 »"),
        ("seller", "legal_form", "\ue000", "Vendeur, forme et capital : « \ue000 »"),
        ("references", "market", "\x07", "Références, référence du marché : « un signe invisible »"),
    ],
)
def test_a_sign_that_no_font_draws_is_refused_by_its_field(place, name, sign, words):
    payload = an_invoice()
    payload[place][name] = f"Pont{sign}"
    with pytest.raises(RefusedError) as refusal:
        paper_of(payload)
    assert [one.words for one in refusal.value.findings] == [f"{words} ne s’imprime pas. Écrivez-le autrement."]


def test_letters_of_europe_are_drawn():
    payload = with_text(an_invoice(), "Œuvre de Škoda, Łódź, Ñandú, Ğ, ŷ – « l’été » à 3 € ½ … ✓"[:-2])
    assert "Łódź" in text_of(paper_of(payload))


def test_no_page_of_less_is_made(monkeypatch):
    """Where the promise cannot be kept for a reason that is ours, nothing is printed: no fallback."""
    monkeypatch.setattr("billing.documents.paper.sheet_of", lambda _: {})
    with pytest.raises(PrintingError):
        paper_of(an_invoice())
    assert PROMISED == (["a-3a", "ua-1"],)


def test_a_quote_says_how_to_accept_it():
    said = " ".join(text_of(paper_of(a_quote())).split())
    for words in (
        "Devis",
        "DE-2026-00001",
        "Valable jusqu’au 27 février 2027",
        "Bon pour accord",
        "Nom",
        "Fonction",
        "Signature et cachet",
        "Montant du devis 1 200,00 €",
        "Chiffres d’exemple",
    ):
        assert words in said
    assert "IBAN" not in said
