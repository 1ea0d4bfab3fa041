"""What comes again, at the desk: asked in one screen, shown, skipped, paused, changed, ended; nothing typed is lost."""

import pytest
from django.test import Client

from accounts.roles import AGENTS, COORDINATORS
from aid.configuration.enums import Mode
from aid.help_requests import series as recurring
from aid.help_requests.enums import RequestState, SeriesState
from aid.help_requests.models import HelpRequest, HelpSeries
from aid.proposals.modes import entrust
from aid.territory.models import CoveredCommune, Sector
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_person
from harness.loop import visits
from harness.series import WEEK, a_day, a_series, on, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
NEW = "/bureau/demande/nouvelle/"


@pytest.fixture
def agent(town):
    return make_account("accueil@ville.example", AGENTS)


@pytest.fixture
def desk(agent):
    client = Client(headers={"host": FIRST_TOWN})
    client.force_login(agent)
    return client


@pytest.fixture
def series(agent):
    return a_series(make_person(), agent)


def typed(person, **changes):
    return {
        "personne": str(person.uid),
        "kind": visits().pk,
        "day": a_day().isoformat(),
        "moment": "morning",
        "details": "Sonnez fort",
        "commune": CoveredCommune.objects.first().pk,
        "source": "phone",
        "asked_by": "self",
        "consent": "spoken",
    } | changes


def at(series, slug=""):
    return f"/bureau/demande-qui-revient/{series.uid}/{slug}"


def test_without_an_answer_it_is_asked_once(desk):
    assert desk.post(NEW, typed(make_person())).status_code == 302
    assert not HelpSeries.objects.exists()


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"repeats": "weekly"}, "FREQ=WEEKLY;BYDAY={day}"),
        ({"repeats": "fortnightly", "until": "{later}"}, "FREQ=WEEKLY;INTERVAL=2;BYDAY={day};UNTIL={until}"),
        ({"repeats": "weekly", "weekdays": ["{number}"]}, "FREQ=WEEKLY;BYDAY={day}"),
    ],
)
def test_a_few_answers_make_a_rule(desk, changes, rule):
    later = a_day() + 10 * WEEK
    known = {
        "later": later.isoformat(),
        "until": f"{later:%Y%m%d}",
        "number": a_day().weekday(),
        "day": ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][a_day().weekday()],
    }
    said = {
        name: [one.format(**known) for one in value] if isinstance(value, list) else value.format(**known)
        for name, value in changes.items()
    }
    assert desk.post(NEW, typed(make_person(), **said)).status_code == 302
    series = HelpSeries.objects.get()
    assert series.rule == rule.format(**known)
    assert series.skips_holidays is False, "the box was not ticked"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"repeats": "weekly", "weekdays": ["{other}"]}, "Le premier jour doit être"),
        ({"repeats": "weekly", "until": "2020-01-01"}, "vient après le premier"),
        ({"repeats": "weekly", "until": "un jour"}, "Écrivez un jour"),
        ({"repeats": "chaque jour"}, "Choisissez une réponse"),
        ({"repeats": "weekly", "weekdays": ["9"]}, "Choisissez des jours"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(desk, changes, said):
    other = str((a_day().weekday() + 1) % 7)
    asked = {
        name: [one.format(other=other) for one in value] if isinstance(value, list) else value
        for name, value in changes.items()
    }
    answer = desk.post(NEW, typed(make_person(), **asked))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert said in page
    assert "Sonnez fort" in page
    assert not HelpRequest.objects.exists()


def test_what_skips_holidays_begins_on_none(desk, monkeypatch):
    monkeypatch.setattr(recurring.public_holidays, "between", lambda first, last, _: {a_day()} & {first, last})
    asked = typed(make_person(), repeats="weekly")
    page = desk.post(NEW, asked | {"skips_holidays": "on"}).content.decode()
    assert "Ce jour est férié" in page
    assert "Sonnez fort" in page, "nothing typed is lost"
    assert not HelpRequest.objects.exists()
    assert desk.post(NEW, asked).status_code == 302, "holidays or not"


def test_its_page_shows_the_days_and_leads_to_each(desk, series, django_assert_max_num_queries):
    desk.get(at(series))
    with django_assert_max_num_queries(30):
        page = desk.get(at(series)).content.decode()
    assert str(on(series, a_day()).uid) in page
    assert "Mettre en pause" in page
    assert "3 rue Haute" in page
    assert at(series) in desk.get(f"/bureau/demande/{on(series, a_day()).uid}/").content.decode()


def test_each_gesture_asks_then_does_and_the_journal_says_who(desk, series, agent):
    second = a_day() + WEEK
    assert second.isoformat() not in desk.get(at(series, "sauter/")).content.decode()
    assert desk.post(at(series, "sauter/"), {"day": second.isoformat()}).status_code == 302
    assert on(series, second).state == RequestState.CANCELLED
    assert desk.post(at(series, "pause/")).status_code == 302
    series.refresh_from_db()
    assert series.state == SeriesState.PAUSED
    last = series.requests.order_by("day").last()
    assert [(one.name, one.by_account) for one in last.steps.all()][-1] == ("pause", agent)
    assert "en pause" in desk.post(at(series, "pause/"), follow=True).content.decode()
    assert desk.post(at(series, "reprendre/")).status_code == 302
    answer = desk.post(at(series, "arreter/"), {"words": ""})
    assert "Écrivez en quelques mots" in answer.content.decode()
    assert desk.post(at(series, "arreter/"), {"words": "Sa sœur emménage."}).status_code == 302
    series.refresh_from_db()
    assert series.state == SeriesState.ENDED
    assert "Rien n’a changé" in desk.post(at(series, "arreter/"), {"words": "Encore"}, follow=True).content.decode()
    assert desk.get(at(series, "inconnu/")).status_code == 404


def test_a_day_that_is_none_of_its_own_is_refused(desk, series):
    answer = desk.post(at(series, "sauter/"), {"day": a_day(4).isoformat()})
    assert answer.status_code == 200
    assert "l’un des jours à venir" in answer.content.decode()


def test_a_coordinator_of_elsewhere_finds_nothing(series, town):
    client = Client(headers={"host": FIRST_TOWN})
    account = make_account("coordinatrice@ville.example", COORDINATORS)
    sector = Sector.objects.create(name="Ailleurs")
    sector.coordinators.add(account)
    client.force_login(account)
    assert client.get(at(series)).status_code == 404
    assert client.post(at(series, "arreter/"), {"words": "Non"}).status_code == 404
    series.refresh_from_db()
    assert series.state == SeriesState.RUNNING


def modes_of(series):
    return list(series.requests.order_by("day").values_list("mode", flat=True))


def test_a_day_given_to_the_coordinator_gives_them_the_days_after(desk, series, monkeypatch):
    url = f"/bureau/demande/{on(series, a_day()).uid}/mise-en-relation/"
    assert "Choisissez une réponse de la liste." in desk.post(url, {"mode": "hasard"}).content.decode()
    assert modes_of(series) == [Mode.FIRST_YES] * 4
    desk.post(url, {"mode": "coordinator"})
    assert modes_of(series) == [Mode.COORDINATOR] * 4
    # A week later, one more is written.
    monkeypatch.setattr(recurring, "AHEAD", 5 * WEEK)
    assert recurring.draw(series.pk) == 1
    assert modes_of(series) == [Mode.COORDINATOR] * 5


def test_what_looks_already_and_what_the_hour_entrusted_are_one_day_alone(desk, series):
    first, second = on(series, a_day()), publish(on(series, a_day() + WEEK))
    entrust(first.pk, since=first.steps.latest("pk").pk)
    assert on(series, a_day()).mode == Mode.COORDINATOR
    series.refresh_from_db()
    assert series.mode == Mode.FIRST_YES, "nobody said it of the days to come"
    desk.post(f"/bureau/demande/{second.uid}/mise-en-relation/", {"mode": "candidates"})
    assert modes_of(series) == [Mode.COORDINATOR, Mode.CANDIDATES, Mode.CANDIDATES, Mode.CANDIDATES]
