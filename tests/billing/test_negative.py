"""What is wrong with an invoice is named by its rule: those of public validators, then those that nobody else has."""

import copy
import dataclasses
import re
import threading

import pytest

from billing.documents import checks, cii
from billing.documents.checks import checked_xml, findings_of
from billing.documents.cii import profile_of, xml_of
from billing.documents.facturx import facturx_of
from billing.documents.findings import Finding, RefusedError
from billing.documents.rules import broken_by
from billing.documents.validation import schematron_findings
from harness.documents import a_credit_note, an_invoice

SERVICE = {"market": "", "engagement": "EJ-1", "service": "FINANCES"}


@dataclasses.dataclass(frozen=True)
class Case:
    """A payload, whose XML is changed on its way; and a rule that says so."""

    rule: str
    old: str
    new: str = ""
    payload: dict = dataclasses.field(default_factory=an_invoice)


def note(subject):
    """A note of a code, whole."""
    content = r"<ram:Content>[^<]*</ram:Content>"
    return rf"(?s)<ram:IncludedNote>\s*{content}\s*<ram:SubjectCode>{subject}<.*?</ram:IncludedNote>"


# Those of the design's billing.md, 2.2, that public rules catch.
PUBLIC = {
    "unknown unit": Case("FX-SCH-A-000613", 'unitCode="IE"', 'unitCode="QQQ"'),
    "unknown unit, extended": Case(
        "FX-SCH-A-001076", 'unitCode="IE"', 'unitCode="QQQ"', an_invoice(references=SERVICE)
    ),
    "sum of VAT": Case("BR-CO-15", "<ram:GrandTotalAmount>1200.00", "<ram:GrandTotalAmount>1201.00"),
    "sum to pay": Case("BR-CO-16", "<ram:DuePayableAmount>1200.00", "<ram:DuePayableAmount>1201.00"),
    "credit of nothing": Case(
        "BR-FR-CO-05", r"(?s)<ram:InvoiceReferencedDocument>.*</ram:InvoiceReferencedDocument>", "", a_credit_note()
    ),
    "no word on recovery": Case("BR-FR-05", note("PMT")),
    "no word on late payment": Case("BR-FR-05", note("PMD")),
    "no word on discount": Case("BR-FR-05", note("AAB")),
    "a space in the number": Case("BR-FR-02", "<ram:ID>FA-2026-00001", "<ram:ID>FA 2026 00001"),
    "a long number": Case("BR-FR-01", "<ram:ID>FA-2026-00001", f"<ram:ID>{'F' * 36}"),
    "no address of the buyer": Case(
        "BR-FR-12", r'(?s)<ram:URIUniversalCommunication>\s*<ram:URIID schemeID="0225">216005090.*?Communication>'
    ),
    "another's SIRET": Case("BR-FR-09", "21600509000016", "21600510800018"),
    "due before it is issued": Case("BR-FR-CO-07", "20261227", "20261101"),
    "Chorus Pro's own process": Case("BR-FR-08", "<ram:ID>S1<", "<ram:ID>A1<"),
    "a strange treatment": Case(
        "BR-FR-20",
        "<ram:IncludedNote>",
        "<ram:IncludedNote><ram:Content>B2G</ram:Content><ram:SubjectCode>BAR</ram:SubjectCode></ram:IncludedNote>"
        "<ram:IncludedNote>",
    ),
}
# Those that they let pass.
OURS = {
    "VAT wrong by a cent": Case("PALIER-TVA", r"200\.00<", "200.01<"),
    "a price that is not the line's": Case("PALIER-LIGNE", "<ram:ChargeAmount>1.0000", "<ram:ChargeAmount>1.1000"),
    "neither a date nor terms": Case("PALIER-ECHEANCE", r"(?s)<ram:SpecifiedTradePaymentTerms>.*?PaymentTerms>"),
    "another name": Case("PALIER-XML", "Pont-Sainte-Maxence", "Pont"),
    "totals": Case("PALIER-TOTAUX", "<ram:TaxBasisTotalAmount>1000", "<ram:TaxBasisTotalAmount>1001"),
    "a cent too many to pay": Case("PALIER-TOTAUX", "<ram:DuePayableAmount>1200.00", "<ram:DuePayableAmount>1200.01"),
    "a number of 21 signs": Case("BR-FR-CPRO-02", "FA-2026-00001", "F" * 21),
    "no SIRET of the seller": Case("BR-FR-CPRO-03", r'<ram:GlobalID schemeID="0009">7[^\n]*'),
    "no SIRET of the buyer": Case("BR-FR-CPRO-10", r'<ram:GlobalID schemeID="0009">2[^\n]*'),
    "a long market": Case("BR-FR-CPRO-14", "MAPA-2026-04", "M" * 51),
    "a long engagement": Case("BR-FR-CPRO-15", "EJ-1", "E" * 51, an_invoice(references=SERVICE)),
    "two sources": Case(
        "BR-FR-CPRO-20",
        r"(?s)(<ram:InvoiceReferencedDocument>.*</ram:InvoiceReferencedDocument>)",
        r"\1\1",
        a_credit_note(),
    ),
    "a process of subcontractors": Case("BR-FR-CPRO-24", "<ram:ID>S1<", "<ram:ID>S5<"),
    "two contacts": Case("BR-FR-CPRO-26", r"(?s)(<ram:DefinedTradeContact>.*?</ram:DefinedTradeContact>)", r"\1\1"),
    "long words": Case("BR-FR-CPRO-31", "Complément au", "C" * 1025),
    "a long address": Case("BR-FR-CPRO-32", "12 rue des Voisins", "r" * 400),
    "long terms": Case("BR-FR-CPRO-35", "Paiement à 30 jours", "P" * 1025),
    "a long IBAN": Case("BR-FR-CPRO-39", "FR7630006000011234567890189", "F" * 28),
    "a long note": Case("BR-FR-CPRO-42", "Pas d’escompte", "P" * 1025),
    "a long name of seller": Case("BR-FR-CPRO-43", "<ram:Name>Palier<", f"<ram:Name>{'P' * 100}<"),
    "a long name of buyer": Case("BR-FR-CPRO-44", "CCAS de", "C" * 100),
    "a credit that says how it is paid": Case(
        "BR-FR-CPRO-AVOIR",
        "<ram:ApplicableTradeTax>\n        <ram:CalculatedAmount>",
        "<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>58</ram:TypeCode>"
        "</ram:SpecifiedTradeSettlementPaymentMeans><ram:ApplicableTradeTax>\n        <ram:CalculatedAmount>",
        a_credit_note(),
    ),
}


def changed(case):
    xml = xml_of(case.payload).decode()
    after = re.sub(case.old, case.new, xml)
    assert after != xml, "the case changes nothing"
    return after.encode()


@pytest.fixture(scope="module")
def public_rules():
    """What public validators find in each case: one program for all."""
    found = schematron_findings([(profile_of(case.payload), changed(case)) for case in PUBLIC.values()])
    return {name: {one.rule for one in of_one} for name, of_one in zip(PUBLIC, found, strict=True)}


@pytest.mark.parametrize("name", PUBLIC)
def test_public_validators_name_the_rule(public_rules, name):
    assert PUBLIC[name].rule in public_rules[name]


@pytest.mark.parametrize("case", OURS.values(), ids=OURS)
def test_our_own_rules_name_theirs(case):
    assert case.rule in {one.rule for one in broken_by(case.payload, changed(case))}


@pytest.mark.parametrize("payload", [an_invoice(), a_credit_note(), an_invoice(references=SERVICE)])
def test_what_is_right_breaks_no_rule_and_stays_as_it_is(payload):
    before = copy.deepcopy(payload)
    assert broken_by(payload, checked_xml(payload)) == []
    assert payload == before, "factur-x changes the dict that it is given"


@pytest.mark.parametrize(
    ("requirement", "references", "rule"),
    [
        ("service", {"engagement": "EJ-1"}, "BR-FR-CPRO-11"),
        ("engagement", {"service": "FINANCES"}, "BR-FR-CPRO-12"),
        ("service_and_engagement", {"service": "FINANCES"}, "BR-FR-CPRO-12"),
        ("service_or_engagement", {}, "BR-FR-CPRO-13"),
        ("service_or_engagement", {"engagement": "EJ-1"}, None),
    ],
)
def test_a_buyer_reads_what_it_asks_for(requirement, references, rule):
    payload = an_invoice(references={"market": "", "engagement": "", "service": ""} | references)
    payload["buyer"]["requirement"] = requirement
    found = [one.rule for one in broken_by(payload, xml_of(payload))]
    assert found == ([rule] if rule else [])


def leaves(said, path=()):
    """Where each text of a dict of factur-x is, what its library adds left out."""
    if isinstance(said, dict):
        for key, value in said.items():
            yield from leaves(value, (*path, key))
    elif isinstance(said, list):
        for rank, value in enumerate(said):
            yield from leaves(value, (*path, rank))
    else:
        yield path


@pytest.mark.parametrize("payload", [an_invoice(references=SERVICE), a_credit_note()], ids=["invoice", "credit note"])
def test_whatever_is_dropped_on_the_way_is_seen(monkeypatch, payload):
    """factur-x drops what it does not know, and says nothing: each text in its turn is given under a strange key."""
    fields = cii.fields_of(payload)
    for path in leaves(fields):
        given = copy.deepcopy(fields)
        at = given
        for key in path[:-1]:
            at = at[key]
        at[f"{path[-1]}x"] = at.pop(path[-1])
        monkeypatch.setattr(cii, "fields_of", lambda _, given=given: given)
        with pytest.raises(RefusedError):
            checked_xml(payload)


def test_a_page_that_tells_another_total_is_refused(monkeypatch):
    payload = an_invoice()
    xml = xml_of(payload)
    page = facturx_of(payload, xml)
    monkeypatch.setattr(checks, "facturx_of", lambda *_: page)
    assert checks.checked_pdf(payload, xml) == page
    with pytest.raises(RefusedError, match="PALIER-PDF"):
        checks.checked_pdf(an_invoice(totals=payload["totals"] | {"payable": "1200.01"}), xml)


def test_a_dry_run_tells_all_that_is_wrong_with_each():
    wrong = an_invoice(due_on="2026-11-01")
    wrong["buyer"]["name"] = "CCAS 漢"
    control = an_invoice()
    control["seller"]["city"] = "Nan\x07tes"
    first, second, third = findings_of([wrong, an_invoice(), control])
    assert {one.rule for one in first} == {"BR-FR-CO-07", "PALIER-SIGNE"}
    assert "Acheteur, nom : « 漢 » ne s’imprime pas. Écrivez-le autrement." in {one.words for one in first}
    assert second == []
    assert {one.rule for one in third} == {"PALIER-XML", "PALIER-SIGNE"}
    assert any(one.words.startswith("Vendeur, ville") for one in third)


def test_while_some_are_read_by_public_rules_the_next_ones_are_composed(monkeypatch):
    monkeypatch.setattr(checks, "MOST_DOCUMENTS", 1)
    begun, read = threading.Event(), []

    def answered(documents):
        begun.set()
        read.append(len(documents))
        return [[Finding("BR-1", "x")] for _ in documents]

    def composed():
        yield an_invoice()
        assert begun.wait(10), "it is composed whole, then read"
        yield an_invoice()

    monkeypatch.setattr(checks, "schematron_findings", answered)
    assert [[one.rule for one in each] for each in findings_of(composed())] == [["BR-1"], ["BR-1"]]
    assert read == [1, 1]
