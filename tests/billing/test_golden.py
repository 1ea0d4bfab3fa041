"""The cases of issue 7, from contract to bytes: every validator reads each, and finds nothing (requirement 9)."""

import datetime
import io
import socket
from decimal import Decimal

import pytest
from facturx import get_facturx_xml_from_pdf
from pypdf import PdfReader

from billing.adjusting import prepare_adjustment
from billing.documents.cii import profile_of
from billing.documents.validation import schematron_findings
from billing.drafting import prepare_credit, prepare_yearly
from billing.enums import BuyerKind, BuyerRequirement, CreditReason, DocumentKind, PriceBasis, VatRegime
from billing.filing import make_pdf, stored
from billing.issuing import dry_run, issue
from billing.models import Engagement, Membership
from billing.verifying import verify
from geography.models import Commune
from harness.billing import OPERATOR, a_buyer, a_count, a_seller, ready
from harness.documents import a_credit_note, an_invoice

PONT, LORMES = "60509", "58145"
TODAY = datetime.date(2026, 11, 27)


def yearly(contract, seller):
    return prepare_yearly(contract, seller, on=contract.begins_on, by=OPERATOR)


def engaged(books, by_commune, number, **changes):
    contract = ready(books, by_commune, town_id=None, **changes)
    Engagement.objects.create(contract=contract, year_starts_on=contract.begins_on, number=number, given_by="La ville")
    return contract


def joined_in_march(books):
    """Lormes comes on the 1st of March: two lines of seniors, of 151 and 214 days."""
    contract = ready(books, {PONT: 600}, town_id=None)
    Membership.objects.create(
        contract=contract, commune=Commune.objects.get(code=LORMES), starts_on=datetime.date(2027, 3, 1)
    )
    count = a_count(contract, {LORMES: 700}, as_of=datetime.date(2027, 3, 1))
    count.reviews.create(step="approved", by=OPERATOR)
    return contract


@pytest.fixture
def cases(books):
    """Drafts by the name of their case, and two invoices that were credited."""
    taxed, franchise, exempt = (a_seller(regime) for regime in VatRegime)
    service, both = BuyerRequirement.SERVICE, BuyerRequirement.SERVICE_AND_ENGAGEMENT
    fifty_two = Commune.objects.filter(department="60").order_by("code").values_list("code", flat=True)[:52]
    contracts = {
        "floor": ready(books, {PONT: 640}, reference="MAPA-2026-04"),
        "above": ready(books, {PONT: 1812}, town_id=None),
        "intercommunality": ready(books, {code: 100 + 7 * rank for rank, code in enumerate(fifty_two)}, town_id=None),
        "service": ready(books, {PONT: 640}, town_id=None, buyer=a_buyer(requirement=service, service_code="FINANCES")),
        "engagement": engaged(books, {PONT: 640}, "EJ-2026-17", buyer=a_buyer(requirement=BuyerRequirement.ENGAGEMENT)),
        "both": engaged(books, {PONT: 640}, "EJ-18", buyer=a_buyer(requirement=both, service_code="FINANCES")),
        "association": ready(
            books, {PONT: 640}, town_id=None, buyer=a_buyer(kind=BuyerKind.ASSOCIATION, name="Les Voisins")
        ),
        "joined": joined_in_march(books),
        "gross": ready(books, {PONT: 1640}, town_id=None, price_basis=PriceBasis.GROSS),
        "nobody": ready(books, {PONT: 0}, town_id=None),
    }
    drafts = {name: yearly(contract, taxed) for name, contract in contracts.items()}
    for seller, name in ((franchise, "franchise"), (exempt, "exempt")):
        drafts[name] = yearly(ready(books, {PONT: 640}, town_id=None), seller)
    for name, net in (("credit in full", None), ("credit in part", Decimal("175.89"))):
        invoice = issue(yearly(ready(books, {PONT: 640}, town_id=None), taxed), on=TODAY, by=OPERATOR)
        drafts[name] = prepare_credit(invoice, net=net, reason=CreditReason.MISTAKE, by=OPERATOR)
    drafts["adjustment"] = grown(books, taxed)
    return drafts


def grown(books, seller):
    """From 1 100 to 1 400 seniors on the 1st of March, once the year is billed."""
    contract = ready(books, {PONT: 1100}, town_id=None)
    issue(yearly(contract, seller), on=TODAY, by=OPERATOR)
    count = a_count(contract, {PONT: 1400}, as_of=datetime.date(2027, 3, 1))
    count.reviews.create(step="approved", by=OPERATOR)
    [draft] = prepare_adjustment(contract, year_of_day=contract.begins_on, issued_on=TODAY, by=OPERATOR)
    return draft


def test_every_case_passes_every_validator_before_and_after_it_has_a_number(cases, monkeypatch):
    drafts = list(cases.values())
    assert dict(zip(cases, dry_run(drafts, on=TODAY), strict=True)) == {name: [] for name in cases}

    # From here to the bytes no socket is opened, loopback included (requirement 12): PostgreSQL's is not Python's.
    def refused(*_args, **_kwargs):
        raise AssertionError("a socket is opened")

    monkeypatch.setattr(socket, "socket", refused)
    monkeypatch.setattr(socket, "create_connection", refused)
    issued = {name: issue(draft, on=TODAY, by=OPERATOR) for name, draft in cases.items()}
    for one in issued.values():
        make_pdf(one)
    monkeypatch.undo()

    kept = {name: stored(one, DocumentKind.XML) for name, one in issued.items()}
    found = schematron_findings([(profile_of(issued[name].payload), xml) for name, xml in kept.items()])
    assert dict(zip(cases, found, strict=True)) == {name: [] for name in cases}
    assert profile_of(issued["service"].payload) == profile_of(issued["both"].payload) == "extended"
    assert profile_of(issued["engagement"].payload) == "en16931"
    for name, one in issued.items():
        # Read by another's eyes than ours.
        file_name, xml = get_facturx_xml_from_pdf(stored(one, DocumentKind.PDF), check_schematron=False)
        assert (file_name, xml) == ("factur-x.xml", kept[name])
    assert list(verify()) == []


def text_of(invoice):
    make_pdf(invoice)
    pages = PdfReader(io.BytesIO(stored(invoice, DocumentKind.PDF))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_pages_say_what_people_look_for(cases):
    said = {name: text_of(issue(draft, on=TODAY, by=OPERATOR)) for name, draft in cases.items()}
    for words in ("Facture", "Complément au minimum annuel", "360,00 €", "Net à payer 1 200,00 €", "MAPA-2026-04"):
        assert words in said["floor"]
    assert "FR76 3000 6000" in said["floor"]
    assert "exemple-insee.csv » de l’INSEE, millésime 2022" in said["floor"]
    assert "additionnées, puis arrondies une seule fois" in said["floor"]
    assert "52 communes" in said["intercommunality"]
    assert "214 jours sur 365" in said["joined"]
    assert "Code service FINANCES" in said["both"]
    assert "Numéro d’engagement EJ-18" in said["both"]
    assert "293 B" in said["franchise"]
    assert "TVA, non due 0,00 €" in said["exempt"]
    assert "toutes taxes comprises" in said["gross"]
    assert "Régularisation" in said["adjustment"]
    for name, words in said.items():
        # On each document whose numbers nobody counted.
        assert "Chiffres d’exemple" in words, name
        assert ("IBAN" in words) is not name.startswith("credit"), name
    for name in ("credit in full", "credit in part"):
        assert "Facture d’origine FA-2026-" in said[name]
        assert "En votre faveur" in said[name]


def test_payloads_of_tests_have_the_keys_of_real_ones(cases):
    def keys(said):
        if isinstance(said, dict):
            return {key: keys(value) for key, value in said.items()}
        return keys(said[0]) if isinstance(said, list) and said else None

    assert keys(an_invoice()) == keys(issue(cases["floor"], on=TODAY, by=OPERATOR).payload)
    assert keys(a_credit_note()) == keys(issue(cases["credit in full"], on=TODAY, by=OPERATOR).payload)
