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
from harness.billing import OPERATOR, TODAY, a_buyer, a_count, a_seller, approved, ready
from harness.databases import FIRST_TOWN
from harness.documents import a_credit_note, an_invoice
from harness.towns import entry_of
from tenants.context import platform_context

PONT, LORMES = "60509", "58145"


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
    approved(a_count(contract, {LORMES: 700}, as_of=datetime.date(2027, 3, 1)))
    return contract


def drafts(books):
    """By the name of their case; the invoices that two of them credit, and one adjusts, are issued."""
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
    made = {name: yearly(contract, taxed) for name, contract in contracts.items()}
    for seller, name in ((franchise, "franchise"), (exempt, "exempt")):
        made[name] = yearly(ready(books, {PONT: 640}, town_id=None), seller)
    for name, net in (("credit in full", None), ("credit in part", Decimal("175.89"))):
        invoice = issue(yearly(ready(books, {PONT: 640}, town_id=None), taxed), on=TODAY, by=OPERATOR)
        made[name] = prepare_credit(invoice, net=net, reason=CreditReason.MISTAKE, by=OPERATOR)
    made["adjustment"] = grown(books, taxed)
    return made


def grown(books, seller):
    """From 1 100 to 1 400 seniors on the 1st of March, once the year is billed."""
    contract = ready(books, {PONT: 1100}, town_id=None)
    issue(yearly(contract, seller), on=TODAY, by=OPERATOR)
    approved(a_count(contract, {PONT: 1400}, as_of=datetime.date(2027, 3, 1)))
    [draft] = prepare_adjustment(contract, year_of_day=contract.begins_on, issued_on=TODAY, by=OPERATOR)
    return draft


@pytest.fixture(scope="module")
def cases(own_database):
    with platform_context():
        return drafts(entry_of(FIRST_TOWN))


@pytest.fixture(scope="module")
def tried(cases):
    """What is found in each before it has a number."""
    with platform_context():
        return dict(zip(cases, dry_run(list(cases.values()), on=TODAY), strict=True))


@pytest.fixture(scope="module")
def issued(cases, tried):
    """Each with its number, its XML and its page.

    No socket is opened meanwhile, loopback included (requirement 12): PostgreSQL's is not Python's.
    """

    def refused(*_args, **_kwargs):
        raise AssertionError("a socket is opened")

    with platform_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "socket", refused)
        patch.setattr(socket, "create_connection", refused)
        made = {name: issue(draft, on=TODAY, by=OPERATOR) for name, draft in cases.items()}
        for one in made.values():
            make_pdf(one)
    return made


@pytest.fixture
def files(issued):
    """The two forms of each, as they are stored."""
    with platform_context():
        return {name: {kind: stored(one, kind) for kind in DocumentKind} for name, one in issued.items()}


def test_every_case_passes_every_validator_before_it_has_a_number(cases, tried):
    assert tried == {name: [] for name in cases}


def test_every_case_passes_every_validator_once_it_has_one(issued, files):
    found = schematron_findings([(profile_of(issued[name].payload), one["xml"]) for name, one in files.items()])
    assert dict(zip(files, found, strict=True)) == {name: [] for name in issued}
    assert profile_of(issued["service"].payload) == profile_of(issued["both"].payload) == "extended"
    assert profile_of(issued["engagement"].payload) == "en16931"
    with platform_context():
        assert list(verify()) == []


def test_another_reader_than_ours_finds_the_xml_in_the_page(files):
    for name, one in files.items():
        found = get_facturx_xml_from_pdf(one["pdf"], check_schematron=False)
        assert found == ("factur-x.xml", one["xml"]), name


def text_of(page):
    return " ".join(" ".join(one.extract_text() for one in PdfReader(io.BytesIO(page)).pages).split())


def test_pages_say_what_people_look_for(files):
    said = {name: text_of(one["pdf"]) for name, one in files.items()}
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


def test_payloads_of_tests_have_the_keys_of_real_ones(issued):
    def keys(said):
        if isinstance(said, dict):
            return {key: keys(value) for key, value in said.items()}
        return keys(said[0]) if isinstance(said, list) and said else None

    assert keys(an_invoice()) == keys(issued["floor"].payload)
    assert keys(a_credit_note()) == keys(issued["credit in full"].payload)
