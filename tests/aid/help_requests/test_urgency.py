"""Urgency: asked on the site, over the API and amended; what each of the four levels changes, and who is not woken."""

import datetime
import zoneinfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from aid.configuration.models import KindOfHelp, Rules
from aid.help_requests.amending import amend
from aid.help_requests.enums import Urgency
from aid.help_requests.models import HelpRequest
from aid.help_requests.needs import Need
from aid.help_requests.series_changes import amend as amend_series
from aid.help_requests.texts import follow_path
from aid.notifications.models import Message
from aid.notifications.quiet import waits_until
from aid.proposals import jobs, waves
from aid.proposals.services import ask_volunteers
from harness import requests as make
from harness.databases import FIRST_TOWN
from harness.desk import make_account
from harness.loop import ALICE_PHONE, agree, jeanne, open_request, visits, volunteer
from harness.series import WEEK, a_day, a_series, on, wanted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
WHAT, WHEN, YOU = "/demander/", "/demander/quand/", "/demander/vous/"
ABOUT_WHEN = {"day_choice": "tomorrow", "moment": "any"}
PARIS = zoneinfo.ZoneInfo("Europe/Paris")


@pytest.fixture
def due(monkeypatch):
    """When the town looks, and when its coordinator does, for each time that was settled."""
    told = {"town": [], "coordinator": []}
    monkeypatch.setattr(jobs.notice_silence, "defer", lambda *, request, schedule_at: told["town"].append(schedule_at))
    monkeypatch.setattr(
        jobs.entrust, "defer", lambda *, request, since, schedule_at: told["coordinator"].append(schedule_at)
    )
    return told


def hours_until(moment):
    return round((moment - timezone.now()).total_seconds() / 3600)


def as_it_is(request, **changes):
    names = ("kind", "day", "hour", "moment", "commune", "district", "address", "details")
    return Need(**{name: getattr(request, name) for name in names} | changes)


# --- Asked


@pytest.mark.parametrize(
    ("typed", "kept", "said"),
    [
        ({}, Urgency.USUAL, "Non, une réponse à temps suffit"),
        ({"urgency": ""}, Urgency.USUAL, "Non, une réponse à temps suffit"),
        ({"urgency": "now"}, Urgency.NOW, "Oui, tout de suite"),
        ({"urgency": "later"}, Urgency.LATER, "Non, quand vous pourrez"),
    ],
)
def test_it_is_asked_last_and_nobody_has_to_answer(visit, typed, kept, said):
    browser = visit(FIRST_TOWN)
    browser.post(WHAT, {"kind": KindOfHelp.objects.offered().first().slug})
    page = browser.get(WHEN).content.decode()
    assert 'value="usual" id="id_urgency_2" checked' in page
    assert page.index('name="repeats"') < page.index('name="urgency"')
    refused = browser.post(WHEN, ABOUT_WHEN | {"urgency": "hier"})
    assert (refused.status_code, "Choisissez une réponse de la liste." in refused.content.decode()) == (422, True)
    assert browser.post(WHEN, ABOUT_WHEN | typed)["Location"] == YOU
    assert said in browser.get(YOU).content.decode()
    assert f'value="{kept}" id="id_urgency_{list(Urgency).index(kept)}" checked' in browser.get(WHEN).content.decode()
    browser.post(YOU, {"first_name": "Jeanne", "phone": "06 39 98 00 01"})
    assert HelpRequest.objects.get().urgency == kept


def test_one_that_nobody_knows_is_refused_by_the_services_and_by_the_database():
    with pytest.raises(ValidationError) as refused:
        make.asked_online(urgency="hier")
    assert refused.value.message_dict == {"urgency": ["Cette urgence n’existe pas. Choisissez-en une de la liste."]}
    assert not HelpRequest.objects.exists()
    request = make.asked_online(urgency=Urgency.TODAY)
    assert request.urgency == Urgency.TODAY
    request.urgency = "hier"
    with pytest.raises(ValidationError, match="Cette urgence n’existe pas"):
        request.validate_constraints()
    with pytest.raises(IntegrityError, match="request_has_a_known_urgency"), transaction.atomic():
        request.save()


def test_it_is_changed_like_the_rest_and_kept_where_nothing_is_said(visit):
    browser, request = visit(FIRST_TOWN), open_request(jeanne(), urgency=Urgency.TODAY)
    url = follow_path(request) + "modifier/"
    assert 'value="today" id="id_urgency_1" checked' in browser.get(url).content.decode()
    sent = {"day_choice": "other", "day": request.day.isoformat(), "moment": "hour", "hour": "14:00"}
    assert browser.post(url, sent | {"urgency": "hier"}).status_code == 422
    browser.post(url, sent | {"details": "Le code a changé."})
    assert HelpRequest.objects.get().urgency == Urgency.TODAY
    browser.post(url, sent | {"details": "Le code a changé.", "urgency": "now"})
    request = HelpRequest.objects.get()
    assert (request.urgency, request.steps.last().words) == (Urgency.NOW, "l’urgence")


def test_every_day_of_what_comes_again_has_it_and_follows_its_change(visit):
    agent = make_account("agent@ville.example", "Agents")
    series = a_series(make.a_known_person(), agent, urgency=Urgency.LATER)
    assert {one.urgency for one in series.requests.all()} == {series.urgency} == {Urgency.LATER}
    agreed = agree(on(series, a_day()), volunteer("Alice", make.OTHER_MOBILE))
    amend_series(series, wanted(series, urgency=Urgency.USUAL), by_account=agent)
    assert on(series, a_day() + WEEK).urgency == Urgency.USUAL
    agreed.refresh_from_db()
    assert agreed.urgency == Urgency.LATER, "what was agreed for one day is that day's own"
    with pytest.raises(ValidationError, match="Cette urgence n’existe pas"):
        amend_series(series, wanted(series, urgency="hier"), by_account=agent)


# --- What it changes


@pytest.mark.parametrize(
    ("urgency", "hours", "entrusted"),
    [(Urgency.NOW, 1, 1), (Urgency.TODAY, 4, 4), (Urgency.USUAL, 24, 10), (Urgency.LATER, 48, 20)],
)
def test_the_town_and_its_coordinator_look_sooner_into_what_is_urgent(due, urgency, hours, entrusted):
    KindOfHelp.objects.filter(pk=visits().pk).update(hours_before_coordinator=10)
    open_request(jeanne(), days=9, urgency=urgency)
    assert [hours_until(one) for one in due["town"]] == [hours]
    assert [hours_until(one) for one in due["coordinator"]] == [entrusted]


def test_a_town_that_waits_for_less_waits_for_less(due):
    Rules.objects.update_or_create(pk=1, defaults={"hours_before_followup": 2})
    open_request(jeanne(), days=9, urgency=Urgency.TODAY)
    assert [hours_until(one) for one in due["town"]] == [2]


def test_what_becomes_urgent_is_looked_into_sooner_and_nobody_is_asked_twice(due):
    volunteer("Alice", ALICE_PHONE)
    request = open_request(jeanne(), days=9)
    ask_volunteers(request.pk)
    request = amend(request, as_it_is(request, urgency=Urgency.TODAY))
    assert [hours_until(one) for one in due["town"]] == [24, 4]
    assert Message.objects.filter(recipient=ALICE_PHONE).count() == 1
    amend(request, as_it_is(request))
    assert len(due["town"]) == 2, "what is the same changes nothing"


def test_who_goes_has_nothing_to_read_anew(due):
    request = agree(open_request(jeanne(), days=9), volunteer("Alice", ALICE_PHONE))
    request = amend(request, as_it_is(request, urgency=Urgency.NOW))
    assert request.urgency == Urgency.NOW
    assert not Message.objects.filter(kind="amended").exists()
    assert len(due["town"]) == 1, "nobody is looked for"
    amend(request, as_it_is(request, details="Le code a changé."))
    assert Message.objects.filter(kind="amended", recipient=ALICE_PHONE).exists()


# --- At night


@pytest.fixture
def night(monkeypatch, settings):
    """Half past ten in the evening, in a town that is quiet from 21 h to 8 h."""
    settings.OUTBOX = False
    now = datetime.datetime(2027, 1, 12, 22, 30, tzinfo=PARIS)
    monkeypatch.setattr(timezone, "now", lambda: now)
    return now


@pytest.mark.parametrize(
    ("urgency", "days", "rings"),
    [
        (Urgency.NOW, 1, True),
        (Urgency.TODAY, 1, False),
        (Urgency.USUAL, 1, False),
        (Urgency.LATER, 1, False),
        (Urgency.NOW, 9, False),
    ],
)
def test_only_what_cannot_wait_for_the_morning_rings_at_night(night, urgency, days, rings):
    KindOfHelp.objects.filter(pk=visits().pk).update(wave_size=1, wave_minutes=60)
    volunteer("Alice", ALICE_PHONE)
    request = open_request(jeanne(), days=days, urgency=urgency)
    ask_volunteers(request.pk)
    message = Message.objects.get(kind="proposal", recipient=ALICE_PHONE)
    with timezone.override(PARIS):
        assert (waits_until(message, Rules(), night) is None) is rings
        assert (waves.due_at(request, night) == night + datetime.timedelta(hours=1)) is rings
