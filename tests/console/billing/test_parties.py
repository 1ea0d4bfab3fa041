"""Sellers and buyers: created, changed, refused in a sentence beside the field; nothing typed is lost."""

import pytest

from billing.models import Buyer, FinanceContact, Seller
from harness.billing import a_buyer, a_contact, a_seller
from harness.books import CLARA, desk_of
from tenants.context import platform_context

pytestmark = pytest.mark.django_db
DESK = "/console/facturation/"
SELLER = {
    "name": "Palier",
    "legal_form": "SCIC SA à capital variable",
    "siret": "732 829 320 00074",
    "register": "RCS Nantes 732 829 320",
    "vat_number": "FR 44 732829320",
    "street": "12 rue des Voisins",
    "postal_code": "44000",
    "city": "Nantes",
    "email": "facturation@palier.example",
    "telephone": "02 61 91 00 00",
    "iban": "FR76 3000 6000 0112 3456 7890 189",
}
BUYER = {
    "kind": "public",
    "name": "CCAS de Creil",
    "siret": "216 005 090 00016",
    "street": "1 place de la Mairie",
    "postal_code": "60100",
    "city": "Creil",
    "requirement": "service",
    "service_code": "FINANCES",
}


def test_a_seller_is_kept_without_its_spaces_and_has_a_regime():
    desk = desk_of()
    answer = desk.post(f"{DESK}vendeur/nouveau/", SELLER)
    seller = Seller.objects.get()
    assert answer["Location"] == f"{DESK}vendeur/{seller.pk}/"
    assert (seller.siret, seller.iban) == ("73282932000074", "FR7630006000011234567890189")
    assert seller.vat_number == "FR44732829320"
    page = desk.get(answer["Location"]).content.decode()
    assert "rien ne peut être facturé" in page
    desk.post(answer["Location"], {"starts_on": "2026-01-01", "regime": "taxed", "on_debits": "non"})
    assert seller.regimes.get().on_debits is False
    assert "en cours" in desk.get(answer["Location"]).content.decode()


def test_who_changed_what_is_read_on_the_page():
    desk = desk_of()
    seller = desk.post(f"{DESK}vendeur/nouveau/", SELLER)["Location"]
    desk.post(f"{seller}modifier/", SELLER | {"city": "Rennes"})
    desk.post(f"{seller}modifier/", SELLER | {"city": "Rennes", "iban": "FR76 0000"})
    page = desk.get(seller).content.decode()
    assert page.count(CLARA) >= 2
    assert "Ville&nbsp;: Nantes → Rennes" in page
    assert "FR76 0000" not in page
    desk.post(seller, {"starts_on": "2026-01-01", "regime": "taxed", "on_debits": "non"})
    assert "Régime de TVA&nbsp;: assujetti à la TVA, à partir du 1er janvier 2026" in desk.get(seller).content.decode()
    buyer = desk.post(f"{DESK}acheteur/nouveau/", BUYER)["Location"]
    desk.post(buyer, {"geste": "ajouter", "name": "Mme Roy", "email": "finances@ville.example"})
    desk.post(buyer, {"geste": "retirer", "contact": FinanceContact.objects.get().pk})
    page = desk.get(buyer).content.decode()
    assert "Contact des finances&nbsp;: Mme Roy<" in page
    assert "Contact des finances&nbsp;: Mme Roy, retiré" in page


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"siret": "732 829 320 00075"}, "Ce SIRET n’existe pas"),
        ({"siret": "12"}, "Un SIRET a quatorze chiffres"),
        ({"iban": "FR76 0000"}, "Cet IBAN n’existe pas"),
        ({"postal_code": "4400"}, "Un code postal a cinq chiffres."),
        ({"name": ""}, "Remplissez cette ligne."),
        ({"name": "x" * 100}, "Écrivez 99 signes au plus."),
        ({"email": "facturation"}, "Cette adresse e-mail n’est pas complète."),
        ({"vat_number": "DE123"}, "commence par FR"),
    ],
)
def test_what_is_wrong_of_a_seller_is_said_and_kept_on_the_page(typed, told):
    answer = desk_of().post(f"{DESK}vendeur/nouveau/", SELLER | typed)
    page = answer.content.decode()
    assert told in page
    assert "12 rue des Voisins" in page
    assert not Seller.objects.exists()


def test_a_franchise_has_no_option_and_a_day_one_regime():
    with platform_context():
        seller = a_seller()
    desk, url = desk_of(), f"{DESK}vendeur/{seller.pk}/"
    refused = desk.post(url, {"starts_on": "2027-01-01", "regime": "franchise", "on_debits": "oui"}).content.decode()
    assert "Seul un vendeur assujetti" in refused
    twice = desk.post(url, {"starts_on": "2020-01-01", "regime": "exempt", "on_debits": "non"}).content.decode()
    assert "Un régime commence déjà ce jour-là." in twice
    assert seller.regimes.count() == 1


def test_a_buyer_is_asked_what_its_invoices_must_bear():
    desk = desk_of()
    page = desk.get(f"{DESK}acheteur/nouveau/").content.decode()
    assert "checked" not in page
    refused = desk.post(f"{DESK}acheteur/nouveau/", {**BUYER, "requirement": ""}).content.decode()
    assert "Choisissez une réponse." in refused
    assert "CCAS de Creil" in refused
    answer = desk.post(f"{DESK}acheteur/nouveau/", BUYER)
    buyer = Buyer.objects.get()
    assert answer["Location"] == f"{DESK}acheteur/{buyer.pk}/"
    assert (buyer.siret, buyer.requirement, buyer.service_code) == ("21600509000016", "service", "FINANCES")
    changed = desk.post(f"{DESK}acheteur/{buyer.pk}/modifier/", BUYER | {"service_code": "FACTURES_PUBLIQUES"})
    assert "Chorus Pro refuse" in changed.content.decode()


def test_contacts_of_finance_come_once_and_go():
    with platform_context():
        buyer = a_buyer()
        other = a_contact(a_buyer(name="Autre", siret="73282932000074"))
    desk, url = desk_of(), f"{DESK}acheteur/{buyer.pk}/"
    roy = {"geste": "ajouter", "name": "Mme Roy", "email": "roy@ccas.example"}
    assert desk.post(url, roy).status_code == 302
    assert "Ce contact est déjà noté." in desk.post(url, roy).content.decode()
    kept = buyer.contacts.get()
    for number in (other.pk, "x", kept.pk, kept.pk):
        assert desk.post(url, {"geste": "retirer", "contact": number}).status_code == 302
    assert not buyer.contacts.exists()
    assert FinanceContact.objects.filter(pk=other.pk).exists(), "of another buyer"
    assert buyer.steps.count() == 2, "added, taken away: pressed twice, it is written once"


def test_buyers_are_found_by_name_town_and_siret():
    with platform_context():
        a_buyer()
        a_buyer(name="Les Voisins", siret="73282932000074", city="Nantes")
    desk = desk_of()
    for typed, found, lost in (
        ("voisins nantes", "Les Voisins", "CCAS de Pont"),
        ("732 829", "Les Voisins", "CCAS de Pont"),
        ("pont", "CCAS de Pont", "Les Voisins"),
    ):
        page = desk.get(f"{DESK}acheteurs/", {"q": typed}).content.decode()
        assert found in page
        assert lost not in page
    assert "Aucun acheteur ne correspond" in desk.get(f"{DESK}acheteurs/?q=zzz").content.decode()
