"""Quotes: prepared by the rules of invoices, sent under a number, accepted on a paper, declined, made again."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.enums import QuoteState
from billing.models import Contract, Engagement, Quote
from billing.quoting import MOST_BYTES, send
from harness.billing import OPERATOR, PDF, a_buyer, a_seller, quoted
from harness.books import CLARA, CREIL, PONT, desk_of
from tenants.context import platform_context

pytestmark = pytest.mark.django_db
DESK = "/console/facturation/"
ANSWERS = {
    "town": "",
    "reference": "",
    "begins_on": "2027-01-01",
    "ends_on": "",
    "year_start": "calendar",
    "count_basis": "agreed",
    "age": "60",
    "counted_on": "first_day",
    "unit": "1",
    "floor": "1000",
    "price_basis": "net",
    "floor_scope": "contract",
    "prorates_floor": "non",
    "adjusting": "in_year",
    "least_adjustment": "15",
    "communes": [PONT, CREIL],
}


@pytest.fixture
def desk() -> Client:
    return desk_of()


@pytest.fixture
def sent() -> Quote:
    with platform_context():
        return send(quoted(None, {PONT: 1300}), on=timezone.localdate(), by=OPERATOR)


def acceptance(**changes: object) -> dict[str, object]:
    today = timezone.localdate().isoformat()
    signed = SimpleUploadedFile("devis signé.pdf", PDF, content_type="application/pdf")
    said = {"proof": "signed", "accepted_on": today, "name": "Mme Roy", "function": "Présidente", "content": signed}
    return said | changes


def test_a_quote_is_prepared_with_the_seniors_of_each_commune(desk):
    with platform_context():
        seller, buyer = a_seller(), a_buyer()
    said = ANSWERS | {"seller": seller.pk, "buyer": buyer.pk}
    asked = desk.post(f"{DESK}devis/nouveau/", said | {"geste": "chercher", "source": "Courriel"}).content.decode()
    assert f"seniors_{PONT}" in asked
    assert 'value="Courriel"' in asked
    assert "Donnez un nombre" in desk.post(f"{DESK}devis/nouveau/", said).content.decode()
    counted = {f"seniors_{PONT}": "1200", f"seniors_{CREIL}": "300"}
    assert "quel écrit" in desk.post(f"{DESK}devis/nouveau/", said | counted).content.decode()
    answer = desk.post(f"{DESK}devis/nouveau/", said | counted | {"source": "Courriel du 3 septembre"})
    quote = Quote.objects.get()
    assert answer["Location"] == f"{DESK}devis/{quote.pk}/"
    page = desk.get(answer["Location"]).content.decode()
    for told in ("1\xa0500,00\xa0€", "1\xa0800,00\xa0€", "Courriel du 3 septembre", f"par {CLARA}"):
        assert told in page, told


def test_a_form_that_is_sent_twice_prepares_one_quote(desk):
    with platform_context():
        said = ANSWERS | {"seller": a_seller().pk, "buyer": a_buyer().pk, "communes": [PONT], "source": "Courriel"}
    said |= {f"seniors_{PONT}": "1200"}
    first = desk.post(f"{DESK}devis/nouveau/", said)
    assert desk.post(f"{DESK}devis/nouveau/", said)["Location"] == first["Location"]
    assert Quote.objects.count() == 1


def test_a_quote_in_preparation_is_changed(desk):
    with platform_context():
        quote = quoted(None, {PONT: 1300}, count_basis="agreed")
    url = f"{DESK}devis/{quote.pk}/modifier/"
    assert 'value="1300"' in desk.get(url).content.decode()
    said = ANSWERS | {"seller": quote.seller_id, "buyer": quote.buyer_id, "communes": [PONT], "source": "Lettre"}
    assert desk.post(url, said | {f"seniors_{PONT}": "1400"}).status_code == 302
    assert Quote.objects.get().terms["communes"][0]["count"] == 1400


def test_a_quote_is_numbered_once_and_frozen(desk):
    with platform_context():
        quote = quoted(None, {PONT: 1300})
    url = f"{DESK}devis/{quote.pk}/envoyer/"
    assert "ne changeront plus" in desk.get(url).content.decode()
    assert "Donnez un nombre de jours." in desk.post(url, {"valid_days": "dix"}).content.decode()
    assert "un jour au moins" in desk.post(url, {"valid_days": "0"}).content.decode()
    assert desk.post(url, {"valid_days": "30"}).status_code == 302
    quote.refresh_from_db()
    assert (quote.state, quote.number[:3]) == (QuoteState.SENT, "DE-")
    # Pressed twice, or by two people: it is led to what was made.
    for again in (url, f"{DESK}devis/{quote.pk}/modifier/"):
        answer = desk.post(again, {"valid_days": "30"}, follow=True)
        assert answer.redirect_chain == [(f"{DESK}devis/{quote.pk}/", 302)]
        assert "Ce devis est envoyé." in answer.content.decode()
    assert quote.steps.count() == 1


def test_a_signed_pdf_signs_the_contract_and_is_kept_as_it_came(desk, sent):
    answer = desk.post(f"{DESK}devis/{sent.pk}/accepter/", acceptance())
    contract = Contract.objects.get()
    assert answer["Location"] == f"{DESK}contrat/{contract.pk}/"
    assert contract.steps.first().by == CLARA
    kept = desk.get(f"{DESK}devis/{sent.pk}/fichier/acceptation/")
    assert kept.content == PDF
    assert kept["Content-Disposition"] == f'attachment; filename="{sent.number}-accepte.pdf"'
    for twice in (
        desk.post(f"{DESK}devis/{sent.pk}/accepter/", acceptance()),
        desk.get(f"{DESK}devis/{sent.pk}/refuser/"),
    ):
        assert twice["Location"] == f"{DESK}contrat/{contract.pk}/"
    assert Contract.objects.count() == 1
    with CaptureQueriesContext(connection) as asked:
        assert "devis signé.pdf" in desk.get(f"{DESK}devis/{sent.pk}/").content.decode()
    assert not [one for one in asked if '"content"' in one["sql"]], "a page reads no paper"


def test_an_order_gives_its_number_to_the_first_invoice(desk, sent):
    said = acceptance(proof="order", content="", order_number="")
    assert "numéro du bon de commande" in desk.post(f"{DESK}devis/{sent.pk}/accepter/", said).content.decode()
    answer = desk.post(f"{DESK}devis/{sent.pk}/accepter/", said | {"order_number": "BC-17"})
    assert answer.status_code == 302
    assert Engagement.objects.get().number == "BC-17"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"content": ""}, "Joignez le PDF signé."),
        ({"content": SimpleUploadedFile("a.pdf", b"MZ\x90")}, "Choisissez un fichier PDF."),
        ({"content": SimpleUploadedFile("a.pdf", PDF + b"0" * MOST_BYTES)}, "trop lourd"),
        ({"accepted_on": "2099-01-01"}, "Ce jour n’est pas encore venu."),
        ({"accepted_on": "2020-01-01"}, "n’était pas encore envoyé"),
        ({"name": ""}, "Remplissez cette ligne."),
        ({"proof": ""}, "Choisissez une réponse."),
    ],
)
def test_what_is_no_acceptance_is_refused(desk, sent, changes, told):
    if hasattr(changes.get("content"), "seek"):
        changes["content"].seek(0)
    page = desk.post(f"{DESK}devis/{sent.pk}/accepter/", acceptance(**changes)).content.decode()
    assert told in page
    assert "Présidente" in page
    assert not Contract.objects.exists()


def test_one_that_waits_for_an_answer_is_not_made_again(desk, sent):
    url = f"{DESK}devis/{sent.pk}/"
    assert "En refaire un" not in desk.get(url).content.decode()
    assert "Ce devis est envoyé : rien n’est à refaire." in desk.post(url, {"geste": "refaire"}).content.decode()
    assert Quote.objects.count() == 1


def test_one_that_is_declined_says_why_and_is_made_again(desk, sent):
    url = f"{DESK}devis/{sent.pk}/"
    assert "Écrivez quelques mots." in desk.post(f"{url}refuser/", {"words": ""}).content.decode()
    assert desk.post(f"{url}refuser/", {"words": "Le budget n’est pas voté."}).status_code == 302
    assert "Le budget n’est pas voté." in desk.get(url).content.decode()
    assert desk.post(f"{url}refuser/", {"words": "Encore."})["Location"] == url
    answer = desk.post(url, {"geste": "refaire"})
    again = Quote.objects.latest("pk")
    assert answer["Location"] == f"{DESK}devis/{again.pk}/"
    assert (again.state, again.terms) == (QuoteState.PREPARED, sent.terms)
    assert desk.post(url, {"geste": "refaire"})["Location"] == answer["Location"], "pressed twice"
    assert desk.get(f"{DESK}devis/?q={sent.number}").content.decode().count(f"/devis/{again.pk}/") == 0
