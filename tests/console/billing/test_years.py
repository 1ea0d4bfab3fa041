"""A year at once: what it will do is shown; a worker does it, once; its page says how far it is, without a script."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from billing.enums import RunOutcome
from billing.models import Contract, CountSnapshot, Invoice, Run, RunItem, Seller
from billing.yearly import left_of
from billing.yearly import run as run_year
from console.billing_desk import jobs
from geography.models import AgeCount, Census
from harness.billing import OPERATOR, a_buyer, a_seller, ready, signed
from harness.books import CLARA, HUGO, PONT, biller, desk_of
from harness.jobs import empty_queue, run_worker
from tenants.context import platform_context

DESK = "/console/facturation/"


@pytest.fixture
def desk(own_database) -> Client:
    return desk_of()


@pytest.fixture(autouse=True, scope="module")
def contracts(own_database):
    """One that is ready, one that lacks its number of engagement, one that nobody counted; they stay."""
    with platform_context():
        a_seller()
        ready(None, {PONT: 1200}, buyer=a_buyer(name="CCAS prêt"))
        ready(None, {PONT: 1200}, buyer=a_buyer(name="CCAS sans numéro", requirement="engagement"))
        signed(None, PONT, buyer=a_buyer(name="CCAS non compté"))


def test_a_year_is_shown_then_counted_then_billed_by_a_worker(desk):
    page = desk.get(f"{DESK}passage/?annee=2026").content.decode()
    for said in ("Première période", "demande un numéro d’engagement", "Les seniors ne sont pas comptés"):
        assert said in page, said
    assert "1 contrat sans comptage de 2026" in page
    assert "pas calculé" in page
    assert "Sans 1 contrat, dont le montant n’est pas encore calculé." in page
    assert "CCAS sans numéro" not in desk.get(f"{DESK}passage/?annee=2026&montrer=pretes").content.decode()

    # Counted by a worker, who says what it could; the rest waits with its reason.
    with platform_context():
        census = Census.objects.create(vintage=2022, file_name="exemple-insee.csv", sha256="a" * 64)
        AgeCount.objects.create(commune_id=PONT, census=census, aged_60_to_74=900, aged_75_or_more=400)
    assert desk.post(f"{DESK}comptages/?annee=2026", {"geste": "compter"}).status_code == 302
    assert "Le travail est en cours" in desk.get(f"{DESK}comptages/?annee=2026").content.decode()
    run_worker()
    page = desk.get(f"{DESK}comptages/?annee=2026").content.decode()
    assert "Le travail est en cours" not in page
    with platform_context():
        made = CountSnapshot.objects.get(contract__buyer__name="CCAS non compté")
        assert (made.total, made.counted_by) == (1300, CLARA)

    # Billed by a worker, once, however often it is asked.
    with platform_context():
        seller = Seller.objects.get().pk
    url = f"{DESK}passage/2026/"
    assert "Choisissez une réponse." in desk.post(url, {"seller": ""}).content.decode()
    assert desk.post(url, {"seller": seller}).status_code == 302
    assert "déjà demandé" in desk.post(url, {"seller": seller}, follow=True).content.decode()
    page = desk.get(url).content.decode()
    assert "Le passage est en cours" in page
    assert "Il commence dans un instant." in page
    with platform_context():
        to_do = len(left_of(Run.objects.create(year=2026, by=CLARA), on=timezone.localdate()))
    assert to_do == 3
    assert "0 contrat traité sur 3." in desk.get(url).content.decode()
    assert desk.get(f"{DESK}passage/?annee=2026")["Location"] == url
    run_worker()
    page = desk.get(url).content.decode()
    assert "Le dernier passage" in page
    assert "CCAS sans numéro" in page
    with platform_context():
        invoice = Invoice.objects.get(draft__starts_on__year=2026)
        assert invoice.issued_by == CLARA
        assert Run.objects.get(year=2026).ended_at is not None
    desk.post(url, {"seller": seller})
    run_worker()
    with platform_context():
        assert Invoice.objects.filter(draft__starts_on__year=2026).count() == 1
    empty_queue()


def test_a_run_that_was_interrupted_says_so_and_goes_on(desk):
    with platform_context():
        contract = Contract.objects.filter(buyer__name="CCAS prêt").last()
        dead = Run.objects.create(year=2027, by=OPERATOR)
        day = datetime.date(2027, 10, 1)
        RunItem.objects.create(
            run=dead, contract=contract, year_starts_on=day, outcome=RunOutcome.REFUSED, words="Coupé."
        )  # fmt: skip
    page = desk.get(f"{DESK}passage/2027/").content.decode()
    assert "Le passage s’est interrompu" in page
    assert "Coupé." in page
    with platform_context():
        seller = Seller.objects.last()
    run_year(2027, seller, on=timezone.localdate(), by=OPERATOR)
    assert "s’est interrompu" not in desk.get(f"{DESK}passage/2027/").content.decode()


def test_what_a_run_could_not_do_is_counted_whole_and_shown_page_by_page(desk):
    with platform_context():
        contract = Contract.objects.filter(buyer__name="CCAS prêt").last()
        run = Run.objects.create(year=2028, by=OPERATOR, ended_at=timezone.now())
        RunItem.objects.bulk_create(
            RunItem(
                run=run,
                contract=contract,
                year_starts_on=datetime.date(2028, 1, 1) + datetime.timedelta(days=rank),
                outcome=RunOutcome.REFUSED,
                words=f"Motif {rank}.",
            )
            for rank in range(51)
        )
    first = desk.get(f"{DESK}passage/2028/").content.decode()
    assert "51 contrats dont la facture n’a pas pu être faite" in first
    assert "Motif 50." not in first
    assert "Motif 50." in desk.get(f"{DESK}passage/2028/?page=2").content.decode()


@pytest.mark.parametrize("year", [0, 1, 1999, 2999, 9999, 99999, 10**20])
def test_a_year_that_is_out_of_reach_has_no_run(desk, year):
    assert desk.get(f"{DESK}passage/{year}/").status_code == 404
    assert desk.post(f"{DESK}passage/{year}/", {"seller": 1}).status_code == 404


def test_a_job_says_who_asked(own_database):
    account = biller(HUGO)
    assert jobs._name_of(account.pk) == HUGO
    with platform_context():
        Account.objects.filter(pk=account.pk).update(first_name="Hugo", last_name="Petit")
    assert jobs._name_of(account.pk) == "Hugo Petit"
