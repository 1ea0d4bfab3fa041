"""The books on a town's screens: nothing typed is lost, files are those that were stored, late is said there only."""

import datetime
import hashlib

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from accounts.roles import ADMINISTRATORS, AGENTS
from aid.onboarding.enums import VolunteerState
from aid.onboarding.models import Volunteer
from aid.people.models import Person
from billing.counting import approve
from billing.models import Buyer, Contract, CountReview, TownAct
from billing.paying import allocate, balance_of, receive
from harness.billing import OPERATOR
from harness.browsers import browser_at
from harness.town_books import Books, colleague, town_books
from tenants.context import platform_context

BOOKS = "/bureau/contrat/"
LATE = "Une facture est en retard"
ASKED = "Nous attendons un numéro d’engagement"
EXAMPLE = "Chiffres d’exemple."


@pytest.fixture
def rows(town) -> Books:
    """A contract whose invoice is late, a count to read, a number that is asked."""
    return town_books(town)


@pytest.fixture
def mayor(town) -> Client:
    return browser_at(town.domain, colleague(ADMINISTRATORS))


def page_of(client: Client, path: str = "") -> BeautifulSoup:
    answer = client.get(BOOKS + path)
    assert answer.status_code == 200, path
    assert "no-store" in answer["Cache-Control"]
    return BeautifulSoup(answer.content, "html.parser")


def text_of(client: Client, path: str = "") -> str:
    return " ".join(page_of(client, path).select_one("main").get_text(" ").split())


def acts() -> list[tuple[str, str]]:
    with platform_context():
        return list(TownAct.objects.order_by("pk").values_list("words", "done_by"))


def test_a_town_without_a_contract_reads_so(mayor):
    assert "Pas de contrat pour le moment" in text_of(mayor)
    assert "Aucun comptage" in text_of(mayor, "comptages/")
    assert "Aucune facture" in text_of(mayor, "factures/")
    assert "Pas de contrat" in text_of(mayor, "engagement/")
    assert mayor.get(f"{BOOKS}engagement/donner/").status_code == 404


def test_the_contract_page_says_all_of_it(rows, mayor):
    text = text_of(mayor)
    for words in (
        "Période en cours", rows.invoice.number, "Période à venir", "1 000,00 €", "Complément au minimum annuel",
        "CCAS de Pont-Sainte-Maxence", "216 005 090 00016", "FINANCES", "Mme Roy", "Pont-Sainte-Maxence", "Signé le",
    ):  # fmt: skip
        assert words in text, words


def test_figures_that_nobody_counted_are_said_so_on_each_page(rows, mayor):
    for path in (
        "",
        f"comptage/{rows.counted.pk}/",
        f"comptage/{rows.proposed.pk}/",
        f"facture/{rows.invoice.pk}/",
    ):
        assert EXAMPLE in text_of(mayor, path), path
    assert "chiffres d’exemple" in text_of(mayor, "comptages/")


# --- Counts


def test_a_count_is_contested_from_its_page(rows, mayor):
    link = page_of(mayor, f"comptage/{rows.proposed.pk}/").find("a", string="Contester ce comptage")
    form = BeautifulSoup(mayor.get(link["href"]).content, "html.parser").select_one("form.form")
    assert form["method"] == "post"
    for _ in range(2):
        answer = mayor.post(link["href"], {"words": "Il y en a 700 : voyez notre liste."})
        assert answer["Location"] == f"{BOOKS}comptage/{rows.proposed.pk}/"
    assert acts() == [("Il y en a 700 : voyez notre liste.", "Farida Ben Ali")]
    text = text_of(mayor, f"comptage/{rows.proposed.pk}/")
    assert "Vous contestez : Il y en a 700" in text
    assert "contesté, réponse à venir" in text


@pytest.mark.parametrize(
    ("words", "told"), [("", "Écrivez ce qui ne va pas."), ("x" * 1001, "1000\u00a0signes au plus")]
)
def test_what_is_wrong_is_told_next_to_its_field_and_nothing_is_lost(rows, mayor, words, told):
    page = BeautifulSoup(
        mayor.post(f"{BOOKS}comptage/{rows.proposed.pk}/contester/", {"words": words}).content, "html.parser"
    )
    field = page.select_one("textarea[name=words]")
    assert field.get_text().strip() == words
    assert told in page.find(id=field["aria-describedby"].split()[-1]).get_text()
    assert page.select_one(".ds-error-summary a")["href"] == f"#{field['id']}"
    assert acts() == []


def test_a_count_that_was_approved_meanwhile_is_told_so(rows, mayor):
    with platform_context():
        CountReview.objects.create(snapshot=rows.proposed, step="approved", by=OPERATOR)
    path = f"{BOOKS}comptage/{rows.proposed.pk}/contester/"
    assert "Ce comptage est approuvé" in mayor.get(path).content.decode()
    answer = mayor.post(path, {"words": "Trop tard ?"}).content.decode()
    assert "Ce comptage est approuvé" in answer
    assert "Trop tard ?" in answer
    assert acts() == []


def test_a_form_without_its_token_does_nothing(rows, town, mayor):
    strict = Client(headers={"host": town.domain}, enforce_csrf_checks=True)
    strict.cookies = mayor.cookies
    assert strict.post(f"{BOOKS}comptage/{rows.proposed.pk}/contester/", {"words": "Non."}).status_code == 403
    assert acts() == []


def test_hostile_words_stay_words(rows, mayor):
    words = "<script>alert(1)</script> {{ 7|add:7 }} é€😀"
    mayor.post(f"{BOOKS}comptage/{rows.proposed.pk}/contester/", {"words": words})
    answer = mayor.get(f"{BOOKS}comptage/{rows.proposed.pk}/").content.decode()
    assert "<script>alert" not in answer
    assert "{{ 7|add:7 }}" in answer


# --- Invoices and their files


def test_an_invoice_is_explained_and_followed(rows, mayor):
    text = text_of(mayor, f"facture/{rows.invoice.pk}/")
    for words in (
        "640 seniors comptés à Pont-Sainte-Maxence", "exemple-insee.csv (recensement 2022)", "EJ-60509-1", "FINANCES",
        "TVA à 20 %", "1 200,00 €", "100,00 €", "numéro de flux FLUX-60509", "Mise à disposition de l’acheteur",
        "STATUT_INCONNU", rows.credit_note.number, "en retard",
    ):  # fmt: skip
        assert words in text, words
    assert "Pas d’escompte" in text
    assert "{" not in text


@pytest.mark.parametrize(("form", "content_type"), [("pdf", "application/pdf"), ("xml", "application/xml")])
def test_a_file_is_served_as_it_is_stored(rows, mayor, form, content_type):
    with platform_context():
        stored = rows.invoice.files.get(kind=form)
    answer = mayor.get(f"{BOOKS}facture/{rows.invoice.pk}.{form}")
    assert answer.content == bytes(stored.content)
    assert hashlib.sha256(answer.content).hexdigest() == stored.sha256
    assert answer["Content-Type"] == content_type
    assert answer["Content-Disposition"] == f'attachment; filename="{rows.invoice.number}.{form}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert int(answer["Content-Length"]) == stored.size
    assert "no-store" in answer["Cache-Control"]
    assert stored.sha256 in text_of(mayor, f"facture/{rows.invoice.pk}/")


def test_a_file_that_is_not_made_yet_is_absent_and_the_page_says_so(rows, mayor):
    assert mayor.get(f"{BOOKS}facture/{rows.credit_note.pk}.pdf").status_code == 404
    assert "Le document se prépare" in text_of(mayor, f"facture/{rows.credit_note.pk}/")


def test_a_quote_and_what_was_signed(rows, mayor):
    text = text_of(mayor, f"devis/{rows.accepted.pk}/")
    assert "Accepté par Anne Roy, Directrice du CCAS" in text
    answer = mayor.get(f"{BOOKS}devis/{rows.accepted.pk}-accepte.pdf")
    assert answer["Content-Disposition"] == f'attachment; filename="{rows.accepted.number}-accepte.pdf"'
    assert "renvoyez-nous le devis signé" in text_of(mayor, f"devis/{rows.offered.pk}/")
    assert mayor.get(f"{BOOKS}devis/{rows.offered.pk}-accepte.pdf").status_code == 404


# --- Numbers of engagement


def test_a_number_that_is_asked_is_given(rows, mayor):
    assert ASKED in text_of(mayor)
    form = page_of(mayor, "engagement/donner/").select_one("form.form")
    choices = form.select("input[name=starts_on]")
    assert [bool(one.has_attr("checked")) for one in choices] == [True]
    sent = {"starts_on": choices[0]["value"], "number": " EJ 2027-0042 "}
    assert mayor.post(f"{BOOKS}engagement/donner/", sent)["Location"] == f"{BOOKS}engagement/"
    assert acts() == [("EJ 2027-0042", "Farida Ben Ali")]
    assert "EJ 2027-0042" in text_of(mayor, "engagement/")
    assert ASKED not in text_of(mayor)


@pytest.mark.parametrize(
    ("sent", "field", "told"),
    [
        ({"number": "EJ-1", "starts_on": ""}, "starts_on", "Choisissez une période."),
        ({"number": "EJ-1", "starts_on": "2001-01-01"}, "starts_on", "Choisissez une période."),
        ({"number": "EJ-1", "starts_on": "demain"}, "starts_on", "Choisissez une période."),
        ({"number": "", "starts_on": None}, "number", "Écrivez le numéro d’engagement."),
        ({"number": "x" * 51, "starts_on": None}, "number", "50\u00a0signes au plus"),
    ],
)
def test_a_wrong_number_is_told_and_kept(rows, mayor, sent, field, told):
    path = f"{BOOKS}engagement/donner/"
    value = page_of(mayor, "engagement/donner/").select_one("input[name=starts_on]")["value"]
    page = BeautifulSoup(
        mayor.post(path, {name: value if typed is None else typed for name, typed in sent.items()}).content,
        "html.parser",
    )
    assert told in page.find(id=f"id_{field}-erreur").get_text()
    assert page.select_one("input[name=number]").get("value", "") == sent["number"]
    assert acts() == []


# --- Late


def test_late_is_said_on_these_pages_and_nowhere_else(rows, town, mayor):
    for path in ("", "comptages/", "factures/", "engagement/", f"facture/{rows.invoice.pk}/"):
        assert LATE in text_of(mayor, path), path
    agent = browser_at(town.domain, colleague(AGENTS))
    senior = Account.objects.create_account(email="jeanne@exemple.example")
    Person.objects.create(first_name="Jeanne", account=senior)
    volunteer = Account.objects.create_account(email="alice@exemple.example")
    Volunteer.objects.create(
        person=Person.objects.create(first_name="Alice", account=volunteer),
        state=VolunteerState.ADMITTED,
        admitted_on="2026-11-01",
    )
    elsewhere = {
        "/": browser_at(town.domain),
        "/demander/": browser_at(town.domain),
        "/bureau/": agent,
        "/bureau/demandes/": mayor,
        "/gestion/": mayor,
        "/mon-espace/": browser_at(town.domain, senior),
        "/mon-espace/mes-informations/": browser_at(town.domain, volunteer),
    }
    pages = {path: client.get(path).content.decode() for path, client in elsewhere.items()}
    with platform_context():
        Contract.objects.filter(pk=rows.contract.pk).update(state="late")
    for path, client in elsewhere.items():
        answer = client.get(path)
        assert answer.status_code == 200, path
        for words in ("en retard", "facture est"):
            assert answer.content.decode().count(words) == pages[path].count(words), path
        assert LATE not in answer.content.decode(), path
    assert "Une facture attend son paiement" in text_of(mayor)


def test_what_is_paid_is_late_no_more(rows, mayor):
    today = timezone.localdate()
    with platform_context():
        left = balance_of(rows.invoice, today=today).left
        paid = receive(Buyer.objects.get(), amount=left, received_on=today, bank_reference="V", by=OPERATOR)
        allocate(paid, {rows.invoice: left}, by=OPERATOR)
    assert LATE not in text_of(mayor)
    assert "payée" in text_of(mayor, "factures/")


def test_a_page_asks_little(rows, mayor, django_assert_max_num_queries):
    for path in ("", "comptages/", "factures/", f"facture/{rows.invoice.pk}/", "engagement/"):
        mayor.get(BOOKS + path)
        with django_assert_max_num_queries(75):
            mayor.get(BOOKS + path)


def test_thirty_days_later_a_count_is_approved_without_a_word(rows, mayor):
    with platform_context():
        later = timezone.now() + datetime.timedelta(days=31)
        approve(rows.proposed, by=OPERATOR, now=later)
    assert "approuvé" in text_of(mayor, f"comptage/{rows.proposed.pk}/")
