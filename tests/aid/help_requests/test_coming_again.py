"""What comes again, on the site: asked in one answer more, followed, skipped and ended by who proved their number."""

import pytest
from django.test import Client

from aid.help_requests import series as recurring
from aid.help_requests import services
from aid.help_requests.enums import RequestState, SeriesState
from aid.help_requests.models import HelpRequest, HelpSeries
from aid.help_requests.texts import ASKED, follow_path
from aid.relations.enums import Consent, Scope
from aid.relations.models import ActedFor
from aid.relations.services import grant
from aid.territory.models import CoveredCommune
from harness import requests as make
from harness.databases import FIRST_TOWN
from harness.desk import make_account
from harness.loop import visits
from harness.mandates import ACT, CLAIRE_PHONE, JEANNE_PHONE, browser_of, known
from harness.series import a_day, a_series, on, weekly

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


@pytest.fixture
def browser():
    return Client(headers={"host": FIRST_TOWN})


def ask(browser, repeats, **who):
    browser.post("/demander/", {"kind": visits().slug})
    typed = {"day_choice": "tomorrow", "moment": "morning", "repeats": repeats, "address": "3 rue Haute"}
    if CoveredCommune.objects.count() > 1:
        typed["commune"] = CoveredCommune.objects.first().pk
    answer = browser.post("/demander/quand/", typed)
    assert answer.status_code == 302, answer.content.decode()
    recap = browser.get("/demander/vous/").content.decode()
    assert browser.post("/demander/vous/", {"details": "", **who}).status_code == 302
    return recap


@pytest.mark.parametrize(
    ("repeats", "words"),
    [("weekly", "puis chaque "), ("fortnightly", "puis toutes les 2 semaines"), ("monthly", "puis chaque mois")],
)
def test_it_is_asked_in_one_answer_and_begins_once_the_number_is_confirmed(browser, repeats, words):
    assert words in ask(browser, repeats, first_name="Rose", phone="06 39 98 00 31")
    series = HelpSeries.objects.get()
    assert (series.state, series.requests.count()) == (SeriesState.TO_CHECK, 1)
    browser.post("/demander/code/", {"code": make.code_sent_to("+33639980031")})
    recurring.draw(series.pk)
    series.refresh_from_db()
    assert series.state == SeriesState.RUNNING


def test_once_is_once(browser):
    assert "puis" not in ask(browser, "once", first_name="Rose", phone="06 39 98 00 31")
    assert not HelpSeries.objects.exists()
    assert HelpRequest.objects.get().series is None


@pytest.fixture
def series(town):
    return a_series(make.a_known_person(), make_account("agent@ville.example"))


def test_who_proved_nothing_sees_nothing_of_it(browser):
    asked = make.asked_online(phone="06 39 98 00 44", day=a_day())
    series = recurring.begin(asked, weekly(asked.day))
    page = follow_path(asked, ASKED)
    assert "revient" not in browser.get(page).content.decode()
    assert browser.get(f"{page}chaque-fois/").status_code == 404
    assert browser.post(f"{page}chaque-fois/", {"arreter": "1"}).status_code == 404
    series.refresh_from_db()
    assert series.state == SeriesState.TO_CHECK
    # The link of the message proves the number, and opens it; that of what comes once opens nothing of the sort.
    assert browser.get(f"{follow_path(asked)}chaque-fois/").status_code == 200
    once = make.asked_online(phone="06 39 98 00 45")
    assert browser.get(f"{follow_path(once)}chaque-fois/").status_code == 404


def test_a_day_that_is_none_of_its_own_changes_nothing(browser, series):
    here = f"{follow_path(on(series, a_day()))}chaque-fois/"
    for day, told in (
        (a_day(4).isoformat(), "l’un des jours à venir"),
        ("2020-01-01", "l’un des jours à venir"),
        ("demain", "Choisissez un jour"),
    ):
        answer = browser.post(here, {"day": day})
        assert (answer.status_code, told in answer.content.decode()) == (422, True), day
    series.refresh_from_db()
    assert series.skips == []
    assert series.requests.filter(state=RequestState.CANCELLED).count() == 0


def test_who_acts_for_her_does_the_same_and_it_is_kept(town):
    jeanne, claire = known("Jeanne", JEANNE_PHONE), known("Claire", CLAIRE_PHONE)
    mandate = grant(representative=claire, principal=jeanne, scope=[Scope.REQUESTS], consent=Consent.ON_PAPER)
    browser = browser_of(claire)
    browser.post(ACT, {"mandat": mandate.uid})
    ask(browser, "weekly")
    series = HelpSeries.objects.get()
    assert (series.person, series.asked_by_person, series.consent) == (jeanne, claire, "mandate")
    first = series.requests.order_by("day")[0]
    here = f"/mon-espace/demande/{first.uid}/chaque-fois/"
    assert "Arrêter cette demande" in browser.get(here).content.decode()
    second = series.requests.order_by("day")[1]
    browser.post(here, {"day": second.day.isoformat()})
    second.refresh_from_db()
    assert (second.state, second.steps.last().by_person) == (RequestState.CANCELLED, claire)
    browser.post(here, {"arreter": "1"})
    series.refresh_from_db()
    assert series.state == SeriesState.ENDED
    assert ActedFor.objects.filter(subject=series.uid, representative=claire).count() == 2


def test_nobody_else_reads_it_in_mon_espace(series):
    jules = known("Jules", "+33639980055")
    first = on(series, a_day())
    assert browser_of(jules).get(f"/mon-espace/demande/{first.uid}/chaque-fois/").status_code == 404


def test_what_was_confirmed_by_a_call_begins_too(town):
    agent = make_account("agent@ville.example")
    asked = make.asked_online(phone=make.LANDLINE, day=a_day())
    series = recurring.begin(asked, weekly(asked.day))
    services.confirm(asked, by_account=agent)
    recurring.draw(series.pk)
    series.refresh_from_db()
    assert series.state == SeriesState.RUNNING
