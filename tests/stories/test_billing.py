"""Years of books: Pont-Sainte-Maxence, from a quote to a transfer; an intercommunality that grows in March."""

import datetime
import hashlib
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from billing.filing import make_pdf
from billing.models import Contract, CountSnapshot, Draft, Engagement, Invoice, Payment, Quote
from billing.verifying import verify
from geography.services import import_ages
from harness.billing import a_buyer, a_contact, a_seller
from harness.books import biller
from harness.console import console_of
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.desk import make_account
from harness.towns import entry_of
from tenants.context import platform_context, town_context

pytestmark = pytest.mark.django_db
DESK, BOOKS = "/console/facturation/", "/bureau/contrat/"
EXAMPLE = settings.ROOT / "platform/geography/data/exemple-insee.csv"
PONT, LORMES, CORBIGNY = "60509", "58145", "58083"


@pytest.fixture
def today(monkeypatch):
    """What day it is: a function that says another one."""

    def pass_to(day: str) -> None:
        now = datetime.datetime.fromisoformat(f"{day}T10:00:00+00:00")
        monkeypatch.setattr(timezone, "now", lambda: now)

    return pass_to


class Clara:
    """Who bills, at her desk: she signs in again each day."""

    def __init__(self) -> None:
        self.account = biller()

    def does(self, path: str, **typed: object) -> str:
        """Send a form, which is accepted; the address that follows."""
        answer = console_of(self.account).post(DESK + path, typed)
        assert answer.status_code == 302, (path, answer.content.decode()[-3000:])
        return answer["Location"]

    def reads(self, path: str) -> str:
        answer = console_of(self.account).get(DESK + path)
        assert answer.status_code == 200, path
        return answer.content.decode()


def mayor_of(host: str, account: Account) -> Client:
    client = Client(headers={"host": host})
    with town_context(entry_of(host)):
        client.force_login(account, "django.contrib.auth.backends.ModelBackend")
    return client


def read(client: Client, path: str) -> str:
    answer = client.get(BOOKS + path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def terms(**changes: object) -> dict[str, object]:
    said = {
        "reference": "",
        "begins_on": "2026-10-01",
        "ends_on": "",
        "year_start": "anniversary",
        "count_basis": "census",
        "age": "60",
        "counted_on": "first_day",
        "unit": "1",
        "floor": "1000",
        "price_basis": "net",
        "floor_scope": "contract",
        "prorates_floor": "oui",
        "adjusting": "in_year",
        "least_adjustment": "15",
    }
    return said | changes


def issued(clara: Clara, contract: Contract, kind: str = "annuelle") -> Invoice:
    """Prepared, tried by every rule, numbered; then its PDF, which the worker makes."""
    clara.does(f"contrat/{contract.pk}/preparer/", kind=kind, period="2026-10-01", seller=contract.quote.seller_id)
    draft = Draft.objects.latest("pk")
    assert "Toutes les règles sont respectées" in clara.reads(f"facture/brouillon/{draft.pk}/emettre/")
    clara.does(f"facture/brouillon/{draft.pk}/emettre/")
    with platform_context():
        invoice = Invoice.objects.get(draft=draft)
        make_pdf(invoice)
        return invoice


def approved(clara: Clara, contract: Contract, as_of: str, **numbers: object) -> CountSnapshot:
    clara.does(f"contrat/{contract.pk}/compter/", as_of=as_of, note="", **numbers)
    count = CountSnapshot.objects.latest("pk")
    clara.does(f"comptage/{count.pk}/", geste="montrer")
    return count


def ordered(clara: Clara, mayor: Account, town: int, today: Callable[[str], None]) -> Contract:
    """A quote of what the census counts, that the town reads, and the order that accepts it."""
    today("2026-09-01")
    with platform_context():
        import_ages(EXAMPLE, hashlib.sha256(EXAMPLE.read_bytes()).hexdigest())
        seller, buyer = a_seller(), a_buyer(requirement="engagement")
        a_contact(buyer)

    clara.does("devis/nouveau/", **terms(town=town, seller=seller.pk, buyer=buyer.pk, communes=[PONT]))
    quote = Quote.objects.get()
    assert "2\xa0952,00\xa0€" in clara.reads(f"devis/{quote.pk}/")
    clara.does(f"devis/{quote.pk}/envoyer/", valid_days="60")
    assert "DE-2026-00001" in read(mayor_of(FIRST_TOWN, mayor), f"devis/{quote.pk}/")

    today("2026-09-15")
    order = {"name": "Mme Roy", "function": "Présidente du CCAS", "order_number": "BC-2026-17", "content": ""}
    clara.does(f"devis/{quote.pk}/accepter/", proof="order", accepted_on="2026-09-14", **order)
    contract = Contract.objects.get()
    assert Engagement.objects.get().number == "BC-2026-17"
    return contract


def test_pont_sainte_maxence_from_a_quote_to_its_transfer(other_town, today):
    """A quote, an order, a count that is contested, an invoice, its deposit by hand, the bank's line."""
    town = entry_of(FIRST_TOWN)
    clara = Clara()
    with town_context(town):
        mayor = make_account("mairie@ville.example", "Administrateurs", first_name="Odile")
    with town_context(other_town):
        neighbour = make_account("mairie@voisine.example", "Administrateurs", first_name="Jean")
    contract = ordered(clara, mayor, town.id, today)

    today("2026-10-01")
    count = approved(clara, contract, "2026-10-01")
    assert "Chiffres d’exemple" in read(mayor_of(FIRST_TOWN, mayor), f"comptage/{count.pk}/")
    town_hall = mayor_of(FIRST_TOWN, mayor)
    contested = town_hall.post(f"{BOOKS}comptage/{count.pk}/contester/", {"words": "La résidence a fermé en juin."})
    assert contested.status_code == 302
    next_door = mayor_of(SECOND_TOWN, neighbour)
    assert next_door.get(f"{BOOKS}comptage/{count.pk}/").status_code == 404
    assert "La résidence a fermé en juin." in clara.reads(f"comptage/{count.pk}/")
    answered = "Le recensement date de 2022 ; le prochain en tiendra compte."
    clara.does(f"comptage/{count.pk}/", geste="repondre", words=answered)
    assert answered in read(mayor_of(FIRST_TOWN, mayor), f"comptage/{count.pk}/")

    today("2026-11-02")
    clara.does(f"comptage/{count.pk}/", geste="approuver")
    invoice = issued(clara, contract)
    assert (invoice.number, invoice.net, invoice.payable) == (
        "FA-2026-00001", Decimal("2952.00"), Decimal("3542.40"),
    )  # fmt: skip
    clara.does(f"facture/{invoice.pk}/depot/", sent_on="2026-11-02", flow_number="FLX-2026-0001")
    sent = invoice.transmissions.get()
    clara.does(f"facture/envoi/{sent.pk}/statut/", known="MISE_A_DISPOSITION", said_on="2026-11-02")

    town_hall = mayor_of(FIRST_TOWN, mayor)
    page = read(town_hall, f"facture/{invoice.pk}/")
    assert "FLX-2026-0001" in page
    assert "BC-2026-17" in page
    for kind, begins in (("pdf", b"%PDF-"), ("xml", b"<?xml")):
        stored = invoice.files.get(kind=kind)
        answer = town_hall.get(f"{BOOKS}facture/{invoice.pk}.{kind}")
        assert answer.content.startswith(begins)
        assert hashlib.sha256(answer.content).hexdigest() == stored.sha256
        assert mayor_of(SECOND_TOWN, neighbour).get(f"{BOOKS}facture/{invoice.pk}.{kind}").status_code == 404

    today("2026-11-28")
    line = {
        "buyer": contract.buyer_id,
        "received_on": "2026-11-27",
        "amount": "3 542,40",
        "bank_reference": "MANDAT 412 BORD 37",
    }
    clara.does("paiement/nouveau/", **line)
    clara.does(f"paiement/{Payment.objects.get().pk}/", **{f"facture_{invoice.pk}": "3 542,40"})
    assert "payée" in read(mayor_of(FIRST_TOWN, mayor), "factures/")
    assert "Rien à faire ici" in clara.reads("")
    with platform_context():
        assert list(verify()) == []


def test_an_intercommunality_where_a_commune_joins_in_march(db, today):
    """600 seniors under the minimum; 700 more from 1 March: 300 × 214 / 365 above it. Then they leave at once."""
    today("2026-09-01")
    clara = Clara()
    with platform_context():
        seller = a_seller()
        buyer = a_buyer(name="Communauté de communes Tannay-Brinon-Corbigny")
    asked = terms(
        town=entry_of(FIRST_TOWN).id, seller=seller.pk, buyer=buyer.pk, communes=[LORMES, CORBIGNY],
        count_basis="agreed", source="Délibération du 3 juillet 2026",
    )  # fmt: skip
    clara.does("devis/nouveau/", **asked | {f"seniors_{LORMES}": "350", f"seniors_{CORBIGNY}": "250"})
    quote = Quote.objects.get()
    clara.does(f"devis/{quote.pk}/envoyer/", valid_days="60")
    accepted = {"proof": "order", "order_number": "D-2026-31", "accepted_on": "2026-09-01", "content": ""}
    clara.does(f"devis/{quote.pk}/accepter/", name="M. Petit", function="Président", **accepted)
    contract = Contract.objects.get()
    count = CountSnapshot.objects.get()
    clara.does(f"comptage/{count.pk}/", geste="montrer")

    today("2026-10-05")
    clara.does(f"comptage/{count.pk}/", geste="approuver")
    first = issued(clara, contract)
    assert [(line.words.split(",")[0], line.net) for line in first.lines.all()] == [
        ("Palier", Decimal("600.00")), ("Complément au minimum annuel", Decimal("400.00")),
    ]  # fmt: skip

    today("2027-03-01")
    clara.does(f"contrat/{contract.pk}/rejoindre/", communes=[PONT], on="2027-03-01")
    numbers = {f"seniors_{LORMES}": "350", f"seniors_{CORBIGNY}": "250", f"seniors_{PONT}": "700"}
    joined = approved(clara, contract, "2027-03-01", source="Délibération du 2 février 2027", **numbers)
    today("2027-04-02")
    clara.does(f"comptage/{joined.pk}/", geste="approuver")
    second = issued(clara, contract, "regularisation")
    assert (second.number, second.net) == ("FA-2027-00001", Decimal("175.89"))
    assert "Pont-Sainte-Maxence depuis le 1er mars 2027" in second.lines.get().words

    today("2027-04-03")
    clara.does(f"contrat/{contract.pk}/quitter/", commune=PONT, on="2027-03-02")
    clara.does(
        f"contrat/{contract.pk}/preparer/", kind="regularisation", period="2026-10-01", seller=contract.quote.seller_id
    )
    draft = Draft.objects.latest("pk")
    clara.does(f"facture/brouillon/{draft.pk}/emettre/")
    note = Invoice.objects.get(draft=draft)
    assert (note.number, note.source, note.net) == ("AV-2027-00001", second, Decimal("175.07"))
    with platform_context():
        assert list(verify()) == []
