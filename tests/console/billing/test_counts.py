"""Counts: made, rebuilt on screen from their evidence, shown, contested, answered, corrected, approved."""

import datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from billing.count_states import SHOWN_FOR
from billing.counting import contest, show
from billing.enums import CountBasis, ReviewStep
from billing.models import Contract, CountReview, CountSnapshot
from billing.yearly_counts import approve_ready
from console.billing_desk.years import TO_COUNT
from geography.models import AgeCount, Census
from harness.billing import OPERATOR, a_buyer, a_count, ready, signed
from harness.books import CLARA, CREIL, PONT, desk_of
from tenants.context import platform_context

pytestmark = pytest.mark.django_db
DESK = "/console/facturation/"


@pytest.fixture
def desk() -> Client:
    return desk_of()


@pytest.fixture
def census() -> Census:
    with platform_context():
        made = Census.objects.create(vintage=2022, file_name="exemple-insee.csv", sha256="a" * 64)
        for code, younger, older in ((PONT, "1200.4", "800.3"), (CREIL, "3000.3", "1500.3")):
            AgeCount.objects.create(
                commune_id=code, census=made, aged_60_to_74=Decimal(younger), aged_75_or_more=Decimal(older)
            )
    return made


def test_a_census_is_counted_and_its_number_rebuilt(desk, census):
    with platform_context():
        contract = signed(None, PONT, CREIL)
    url = f"{DESK}contrat/{contract.pk}/compter/"
    assert 'value="2026-10-01"' in desk.get(url).content.decode()
    answer = desk.post(url, {"as_of": "2026-10-01", "note": "Relu avec la mairie."})
    count = CountSnapshot.objects.get()
    assert (count.total, count.counted_by, count.note) == (6501, CLARA, "Relu avec la mairie.")
    page = desk.get(answer["Location"]).content.decode()
    for said in (
        "Chiffres d’exemple", "exemple-insee.csv", "2022", "a" * 64, "2\xa0000,7", "4\xa0500,6", "6\xa0501,3",
        "6\xa0501", "Montrer à la collectivité",
    ):  # fmt: skip
        assert said in page, said


def test_a_count_that_its_lines_do_not_give_is_denounced(desk):
    with platform_context():
        count = a_count(signed(None, PONT), {PONT: 1200}, total=1300)
    page = desk.get(f"{DESK}comptage/{count.pk}/").content.decode()
    assert "Les lignes ne redonnent pas ce nombre" in page


def test_no_census_is_said(desk):
    with platform_context():
        contract = signed(None, PONT)
    page = desk.post(f"{DESK}contrat/{contract.pk}/compter/", {"as_of": "2026-10-01"}).content.decode()
    assert "Aucun fichier de l’INSEE n’a été donné" in page
    assert not CountSnapshot.objects.exists()


def test_numbers_agreed_in_writing_are_typed_by_commune(desk):
    with platform_context():
        contract = signed(None, PONT, CREIL, count_basis=CountBasis.AGREED)
    url = f"{DESK}contrat/{contract.pk}/compter/"
    said = {"as_of": "2026-10-01", "source": "Lettre du maire", f"seniors_{PONT}": "1200", f"seniors_{CREIL}": "x"}
    refused = desk.post(url, said).content.decode()
    assert "Donnez un nombre, zéro au moins." in refused
    assert "Lettre du maire" in refused
    assert "zéro au moins" in desk.post(url, said | {f"seniors_{CREIL}": "-3"}).content.decode()
    assert "quel écrit" in desk.post(url, said | {f"seniors_{CREIL}": "3", "source": ""}).content.decode()
    shown = desk.post(url, said | {"geste": "voir", "as_of": "2026-11-01"}).content.decode()
    assert 'value="Lettre du maire"' in shown
    assert "Il reste" not in shown
    assert desk.post(url, said | {f"seniors_{CREIL}": "0"}).status_code == 302
    assert CountSnapshot.objects.get().total == 1200


def test_it_is_shown_then_approved_once_thirty_days_have_passed(desk):
    with platform_context():
        count = a_count(signed(None, PONT), {PONT: 1200})
    url = f"{DESK}comptage/{count.pk}/"
    assert "Montrez d’abord" in desk.post(url, {"geste": "approuver"}).content.decode()
    assert desk.post(url, {"geste": "montrer"}).status_code == 302
    assert "Elle a jusqu’au" in desk.get(url).content.decode()
    assert "pour le contester." in desk.post(url, {"geste": "approuver"}).content.decode()
    assert not CountReview.objects.filter(step=ReviewStep.APPROVED).exists()


def test_a_contest_is_read_and_answered(desk):
    with platform_context():
        count = a_count(signed(None, PONT), {PONT: 1200})
        show(count, by=OPERATOR)
        contest(count, words="Nous en comptons 1 100.", by="Mme Roy", now=timezone.now())
    url = f"{DESK}comptage/{count.pk}/"
    page = desk.get(url).content.decode()
    assert "Nous en comptons 1 100." in page
    assert "Écrivez quelques mots." in desk.post(url, {"geste": "repondre", "words": ""}).content.decode()
    assert desk.post(url, {"geste": "repondre", "words": "C’est le chiffre du recensement."}).status_code == 302
    assert count.reviews.last().by == CLARA
    again = desk.post(url, {"geste": "repondre", "words": "Encore."}).content.decode()
    assert "ne conteste pas ce comptage" in again


def test_a_correction_names_what_it_replaces(desk, census):
    with platform_context():
        contract = signed(None, PONT)
        wrong = a_count(contract, {PONT: 1200})
        other = a_count(signed(None, PONT, buyer=a_buyer(name="Autre")), {PONT: 5})
    url = f"{DESK}contrat/{contract.pk}/compter/"
    assert desk.get(f"{url}?remplace={other.pk}").status_code == 404
    answer = desk.post(f"{url}?remplace={wrong.pk}", {"as_of": "2026-10-01"})
    right = CountSnapshot.objects.get(replaces=wrong)
    assert answer["Location"] == f"{DESK}comptage/{right.pk}/"
    assert "Ce comptage a été corrigé" in desk.get(f"{DESK}comptage/{wrong.pk}/").content.decode()
    assert "corrigé : prenez le nouveau" in desk.post(
        f"{DESK}comptage/{wrong.pk}/", {"geste": "montrer"}
    ).content.decode()  # fmt: skip
    twice = desk.post(f"{url}?remplace={wrong.pk}", {"as_of": "2026-10-01"}).content.decode()
    assert "Ce comptage a été corrigé" in twice


def test_the_counts_of_a_year_are_told_by_where_they_are(desk):
    with platform_context():
        signed(None, PONT, buyer=a_buyer(name="CCAS à compter"))
        ready(None, {PONT: 10}, buyer=a_buyer(name="CCAS approuvé"))
    page = desk.get(f"{DESK}comptages/?annee=2026").content.decode()
    assert "CCAS à compter" in page
    assert "CCAS approuvé" in page
    narrowed = desk.get(f"{DESK}comptages/?annee=2026&montrer={TO_COUNT}").content.decode()
    assert "CCAS approuvé" not in narrowed
    assert "Aucun contrat n’est dans ce cas" in desk.get(f"{DESK}comptages/?annee=2025").content.decode()
    assert desk.get(f"{DESK}comptages/?annee=pomme").status_code == 200


def test_what_a_worker_cannot_count_is_not_promised_by_the_button(desk):
    """Numbers agreed in writing are given by hand, and stand until others are; who is registered waits for the day."""
    with platform_context():
        signed(None, PONT, buyer=a_buyer(name="CCAS recensé"))
        signed(None, PONT, buyer=a_buyer(name="CCAS inscrit"), count_basis=CountBasis.REGISTERED)
        signed(None, PONT, buyer=a_buyer(name="CCAS convenu"), count_basis=CountBasis.AGREED)
        ready(None, {PONT: 10}, buyer=a_buyer(name="CCAS déjà convenu"), count_basis=CountBasis.AGREED)
    page = desk.get(f"{DESK}comptages/?annee=2027").content.decode()
    assert "Compter et montrer 1 contrat<" in page
    assert "1 nombre convenu par écrit" in page
    assert "À donner à la main" in page
    narrowed = desk.get(f"{DESK}comptages/?annee=2027&montrer={TO_COUNT}").content.decode()
    assert [name for name in ("recensé", "inscrit", "convenu", "déjà convenu") if f"CCAS {name}<" in narrowed] == [
        "recensé", "inscrit", "convenu",
    ]  # fmt: skip
    assert "3 contrats sans comptage de 2027" in desk.get(f"{DESK}passage/?annee=2027").content.decode()


def test_those_that_were_read_for_long_enough_are_approved_together():
    with platform_context():
        read, contested, _ = (
            a_count(signed(None, PONT, buyer=a_buyer(name=name)), {PONT: 10}) for name in ("lu", "contesté", "neuf")
        )
        for count in (read, contested):
            show(count, by=OPERATOR)
        contest(contested, words="Non.", by="Mme Roy", now=timezone.now())
    later = timezone.now() + SHOWN_FOR + datetime.timedelta(days=1)
    assert approve_ready(2026, now=later, by=CLARA) == 1
    approved = CountReview.objects.filter(step=ReviewStep.APPROVED)
    assert [one.snapshot_id for one in approved] == [read.pk]
    assert Contract.objects.count() == 3
