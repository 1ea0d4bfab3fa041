"""The end of a contract: proposed by one, confirmed by another with their own account; nothing is announced before."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from billing.enums import ContractState
from billing.models import Contract
from console.models import EndProposal
from harness.billing import ready
from harness.books import CLARA, HUGO, PONT, biller, desk_of
from tenants.context import platform_context

pytestmark = pytest.mark.django_db
WORDS = {"referent": "Mme Roy, directrice", "words": "Le service est repris par l’intercommunalité."}


def day(after: int) -> str:
    return (timezone.localdate() + datetime.timedelta(days=after)).isoformat()


@pytest.fixture
def contract() -> Contract:
    with platform_context():
        return ready(None, {PONT: 1200}, state=ContractState.ACTIVE)


@pytest.fixture
def url(contract) -> str:
    return f"/console/facturation/contrat/{contract.pk}/fin/"


def proposed(url: str) -> Client:
    clara = desk_of(CLARA)
    assert clara.post(url, WORDS | {"on": day(91)}).status_code == 302
    return clara


def test_one_proposes_another_confirms(contract, url):
    clara = proposed(url)
    contract.refresh_from_db()
    assert contract.state == ContractState.ACTIVE
    assert contract.steps.filter(state=ContractState.ENDING).count() == 0
    assert "Une fin attend d’être confirmée" in clara.get(url.removesuffix("fin/")).content.decode()
    assert "Confirmer et annoncer" not in clara.get(url).content.decode()
    refused = clara.post(url, {"geste": "confirmer"}).content.decode()
    assert "Une autre personne que vous doit confirmer cette fin." in refused
    assert desk_of(HUGO).post(url, {"geste": "confirmer"}).status_code == 302
    contract.refresh_from_db()
    step = contract.steps.last()
    assert contract.state == ContractState.ENDING
    assert (step.by, step.agreed_by, step.referent) == (CLARA, HUGO, "Mme Roy, directrice")
    assert EndProposal.objects.get().is_confirmed


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"on": day(89)}, "quatre-vingt-dix jours"),
        ({"on": ""}, "Donnez un jour."),
        ({"referent": " "}, "Remplissez cette ligne."),
        ({"words": ""}, "Écrivez quelques mots."),
    ],
)
def test_the_law_is_asked_of_who_proposes(contract, url, typed, told):
    page = desk_of().post(url, WORDS | {"on": day(91)} | typed).content.decode()
    assert told in page
    assert not EndProposal.objects.exists()
    contract.refresh_from_db()
    assert contract.state == ContractState.ACTIVE


def test_the_days_are_counted_again_when_it_is_confirmed(contract, url):
    with platform_context():
        EndProposal.objects.create(
            contract=contract, effective_on=timezone.localdate(), proposed_by=biller(CLARA), **WORDS
        )  # fmt: skip
    page = desk_of(HUGO).post(url, {"geste": "confirmer"}).content.decode()
    assert "quatre-vingt-dix jours" in page
    assert EndProposal.objects.get().closed_at is None


def test_it_is_given_up_and_proposed_again(contract, url):
    clara = proposed(url)
    assert clara.post(url, {"geste": "abandonner"}).status_code == 302
    assert EndProposal.objects.get().is_confirmed is False
    proposed(url)
    assert EndProposal.objects.count() == 2


def test_a_contract_that_is_signed_only_has_no_end_to_announce(url):
    with platform_context():
        Contract.objects.update(state=ContractState.SIGNED)
    answer = desk_of().get(url, follow=True)
    assert answer.redirect_chain == [(url.removesuffix("fin/"), 302)]
    assert "État du contrat : signé." in answer.content.decode()


@pytest.mark.parametrize(("gesture", "state"), [("confirmer", "fin annoncée"), ("abandonner", "en cours")])
def test_an_answer_that_is_sent_twice_is_led_to_the_contract(contract, url, gesture, state):
    proposed(url)
    hugo = desk_of(HUGO)
    assert hugo.post(url, {"geste": gesture}).status_code == 302
    again = hugo.post(url, {"geste": gesture}, follow=True)
    assert again.redirect_chain == [(url.removesuffix("fin/"), 302)]
    assert f"État du contrat : {state}." in again.content.decode()
    assert contract.steps.filter(state=ContractState.ENDING).count() == (gesture == "confirmer")
