"""To what people agree, in which words; taking it back cancels what is open."""

import pytest
from django.urls import reverse

from accounts.models import Account
from aid.help_requests.enums import RequestState
from aid.help_requests.models import HelpRequest
from aid.help_requests.needs import Need
from aid.help_requests.services import ask_for, ask_online
from aid.help_requests.texts import AGREEMENT
from aid.help_requests.times import town_now
from aid.privacy import consents
from aid.privacy.enums import Agreed, ConsentKind
from aid.privacy.forgetting import forget
from aid.privacy.models import Consent, ConsentText
from aid.territory.models import CoveredCommune
from core.models import AppendOnlyError
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_person
from harness.loop import JEANNE_PHONE, jeanne, visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
PAGE, TAKE_BACK = "/mon-espace/mes-informations/", "/mon-espace/mes-accords/ask/retirer/"


@pytest.fixture
def agent():
    return make_account("nadia@ccas.example", "Agents", first_name="Nadia", last_name="Benali")


@pytest.fixture
def desk(visit, agent):
    client = visit(FIRST_TOWN)
    client.force_login(agent)
    return client


@pytest.fixture
def asked(agent):
    """Jeanne phones; the agent reads her the words, and she agrees."""
    person = jeanne()
    person.account = Account.objects.create_account(phone=JEANNE_PHONE)
    person.save()
    return ask_for(
        person=person,
        kind=visits(),
        day=town_now().date(),
        commune=CoveredCommune.objects.first(),
        consent=Agreed.SPOKEN,
        by_account=agent,
    )


@pytest.fixture
def browser(visit, asked):
    client = visit(FIRST_TOWN)
    client.force_login(asked.person.account)
    return client


def test_the_web_and_the_telephone_keep_the_same_words_and_how(asked, agent):
    need = Need(kind=visits(), day=town_now().date(), commune=CoveredCommune.objects.first())
    ask_online(need=need, first_name="Rose", phone="06 39 98 00 42")
    spoken, screen = Consent.objects.order_by("pk")
    assert (spoken.how, spoken.by_account, spoken.person) == (Agreed.SPOKEN, agent, asked.person)
    assert (screen.how, screen.by_account) == (Agreed.ON_SCREEN, None)
    assert spoken.text == screen.text == ConsentText.objects.get(version=1)
    assert spoken.text.words == AGREEMENT


def test_people_are_shown_the_words_that_are_kept(visit, desk):
    assert AGREEMENT in desk.get("/bureau/demande/nouvelle/").content.decode().replace("\u00a0", " ")


def test_other_words_are_another_version_and_the_former_stay(asked, monkeypatch):
    monkeypatch.setitem(consents._words, ConsentKind.ASK, "D’autres mots.")
    for _ in range(2):
        consents.give(asked.person, kind=ConsentKind.ASK, how=Agreed.SPOKEN)
    assert list(ConsentText.objects.order_by("version").values_list("version", "words")) == [
        (1, AGREEMENT), (2, "D’autres mots."),
    ]  # fmt: skip
    assert Consent.objects.order_by("pk")[0].text.version == 1


def test_she_takes_it_back_and_what_is_open_is_cancelled(browser, asked):
    page = browser.get(PAGE).content.decode()
    assert "Ce que vous avez accepté" in page
    assert "annulons vos demandes en cours" in browser.get(TAKE_BACK).content.decode()
    assert Consent.objects.count() == 1, "looking changes nothing"
    assert browser.post(TAKE_BACK)["Location"] == PAGE
    asked = HelpRequest.objects.get(pk=asked.pk)
    assert (asked.state, asked.closing_words) == (RequestState.CANCELLED, "La personne a retiré son accord.")
    last = Consent.objects.order_by("-pk")[0]
    assert (last.is_given, last.how) == (False, Agreed.ON_SCREEN)
    assert "Vous avez retiré votre accord" in browser.get(PAGE).content.decode()
    for answer in (browser.get(TAKE_BACK), browser.post(TAKE_BACK), browser.get(TAKE_BACK.replace("ask", "rien"))):
        assert answer.status_code == 404


def test_an_agent_takes_it_back_for_who_phones(desk, agent, asked):
    url = reverse("desk:withdraw_consent", args=(asked.person.uid, "ask"))
    assert "Choisissez comment elle le dit." in desk.post(url).content.decode()
    desk.post(url, {"how": "spoken"})
    last = Consent.objects.order_by("-pk")[0]
    assert (last.is_given, last.by_account) == (False, agent)
    assert HelpRequest.objects.get().state == RequestState.CANCELLED
    assert "retiré de vive voix" in desk.get(reverse("desk:person_known", args=(asked.person.uid,))).content.decode()
    nobody = make_person("Odette")
    assert desk.get(reverse("desk:withdraw_consent", args=(nobody.uid, "ask"))).status_code == 404


def test_the_service_refuses_what_was_never_given_or_is_gone(asked):
    with pytest.raises(consents.NotGivenError):
        consents.withdraw(make_person("Odette"), kind=ConsentKind.ASK, how=Agreed.SPOKEN)
    consents.withdraw(asked.person, kind=ConsentKind.ASK, how=Agreed.SPOKEN)
    with pytest.raises(consents.NotGivenError):
        consents.withdraw(asked.person, kind=ConsentKind.ASK, how=Agreed.SPOKEN)
    kept = Consent.objects.order_by("pk")[0]
    kept.is_given = False
    with pytest.raises(AppendOnlyError):
        kept.save()


def test_the_proof_stays_by_number_when_she_is_forgotten(asked):
    consents.withdraw(asked.person, kind=ConsentKind.ASK, how=Agreed.SPOKEN)
    number = forget(asked.person)
    assert Consent.objects.filter(person=number).count() == 2
