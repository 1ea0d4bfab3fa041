"""Jeanne would like company every Tuesday: asked once by telephone, Alice comes each time, Bernard when she cannot.

Then a Tuesday too many, a fortnight at her son's, another hour, and the end of it.
"""

import datetime

import pytest
from django.test import Client

from accounts.roles import AGENTS
from aid.help_requests import series as recurring
from aid.help_requests.enums import RequestState, SeriesState
from aid.help_requests.models import HelpSeries
from aid.help_requests.texts import follow_path
from aid.help_requests.times import town_now
from aid.notifications.models import Message
from aid.proposals.enums import Outcome
from aid.proposals.models import Proposal
from aid.proposals.services import accept, ask_again
from aid.proposals.texts import answer_path, withdraw_path
from aid.territory.models import CoveredCommune
from harness.databases import FIRST_TOWN
from harness.desk import make_account
from harness.loop import visits, volunteer
from harness.requests import OTHER_MOBILE, a_known_person
from harness.series import WEEK, asked, on, publish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
TUESDAY = 1


def next_tuesday() -> datetime.date:
    today = town_now().date()
    return today + datetime.timedelta(days=(TUESDAY - today.weekday()) % 7 or 7)


def test_every_tuesday(town):
    jeanne = a_known_person()
    alice, bernard = volunteer("Alice", OTHER_MOBILE), volunteer("Bernard", "+33639980066")
    desk, visitor = Client(headers={"host": FIRST_TOWN}), Client(headers={"host": FIRST_TOWN})
    desk.force_login(make_account("accueil@ville.example", AGENTS))
    first = next_tuesday()

    # She phones once.
    typed = {
        "personne": str(jeanne.uid),
        "kind": visits().pk,
        "day": first.isoformat(),
        "hour": "15:00",
        "moment": "any",
        "repeats": "weekly",
        "weekdays": [str(TUESDAY)],
        "until": "",
        "details": "Le scrabble est sur la table.",
        "commune": CoveredCommune.objects.first().pk,
        "address": "3 rue Haute",
        "source": "phone",
        "asked_by": "self",
        "consent": "spoken",
    }
    answer = desk.post("/bureau/demande/nouvelle/", typed)
    assert answer.status_code == 302, answer.content.decode()
    series = HelpSeries.objects.get()
    assert (series.rule, series.starts_on, series.state) == ("FREQ=WEEKLY;BYDAY=TU", first, SeriesState.RUNNING)
    assert "Chaque mardi" in desk.get(answer["Location"]).content.decode()
    assert desk.post("/bureau/demande/nouvelle/", typed).status_code == 302
    assert HelpSeries.objects.count() == 1, "pressing twice is once"

    # Alice goes, then each time; Jeanne is told each time, and calls nobody.
    proposal = asked(on(series, first), alice)
    visitor.post(answer_path(proposal), {"answer": "yes"})
    assert "J’y vais à chaque fois" in visitor.get(answer_path(proposal)).content.decode()
    visitor.post(answer_path(proposal), {"answer": "each_time"})
    second = publish(on(series, first + WEEK))
    assert (second.state, second.volunteer) == (RequestState.AGREED, alice)
    assert Message.objects.filter(person=jeanne, kind="agreed").count() == 2

    # She cannot once: Bernard comes, and Alice is back the week after.
    hers = second.proposals.get(volunteer=alice)
    visitor.post(withdraw_path(hers), {"words": ""})
    ask_again(second.pk)
    assert accept(Proposal.objects.with_page_related_data().get(request=second, volunteer=bernard)) is Outcome.ACCEPTED
    assert publish(on(series, first + 2 * WEEK)).volunteer == alice

    # Not that Tuesday: Jeanne says so herself, by the link of any day.
    page = follow_path(on(series, first))
    assert "chaque mardi" in visitor.get(page).content.decode()
    here = f"{page}chaque-fois/"
    assert "Pas cette fois" in visitor.get(here).content.decode()
    skipped = first + 2 * WEEK
    assert visitor.post(here, {"day": skipped.isoformat()}).status_code == 302
    assert on(series, skipped).state == RequestState.CANCELLED
    assert "pas cette fois" in visitor.get(here).content.decode()

    # A fortnight at her son's, then another hour.
    at = f"/bureau/demande-qui-revient/{series.uid}/"
    assert desk.post(f"{at}pause/").status_code == 302
    assert "en pause" in desk.get(at).content.decode()
    assert desk.post(f"{at}reprendre/").status_code == 302
    changes = {
        "repeats": "weekly",
        "weekdays": [str(TUESDAY)],
        "until": "",
        "hour": "10:00",
        "moment": "any",
        "details": series.details,
        "commune": series.commune_id,
        "address": series.address,
        "notice_days": "7",
    }
    assert desk.post(f"{at}modifier/", changes).status_code == 302
    last = on(series, first + 3 * WEEK)
    assert (last.hour, on(series, first).hour) == (datetime.time(10), datetime.time(15))
    assert "à 10 h" in Message.objects.get(person=alice.person, kind="amended").body
    visitor.post(answer_path(proposal), {"answer": "each_time"})

    # Her sister moves in: it ends at one word, and whoever was to come is told.
    assert visitor.post(here, {"arreter": "1"}).status_code == 302
    series.refresh_from_db()
    assert (series.state, series.volunteer) == (SeriesState.ENDED, alice)
    assert set(series.requests.values_list("state", flat=True)) == {RequestState.CANCELLED}
    assert "libre" in Message.objects.get(key=f"series_ended:{series.pk}").body
    assert "C’est arrêté" in visitor.get(here).content.decode()
    assert recurring.draw(series.pk) == 0
