"""Urgency at the desk: asked on the telephone, told in words, and the most urgent read first."""

import pytest
from django.utils import timezone

from aid.configuration.models import KindOfHelp
from aid.desk import lists
from aid.help_requests.enums import RequestState, Urgency
from aid.help_requests.models import HelpRequest
from aid.territory.models import CoveredCommune
from harness.desk import make_person, make_request
from harness.requests import tomorrow
from harness.series import a_series

pytestmark = pytest.mark.django_db
NEW = "/bureau/demande/nouvelle/"


def typed(person, **changes):
    return {
        "personne": str(person.uid),
        "kind": KindOfHelp.objects.first().pk,
        "day": tomorrow().isoformat(),
        "moment": "morning",
        "commune": CoveredCommune.objects.first().pk,
        "source": "phone",
        "asked_by": "self",
        "consent": "spoken",
    } | changes


def page(desk, url, **query):
    return desk.get(url, query).content.decode()


def test_it_is_asked_on_the_telephone_and_told_in_words(desk, jeanne):
    assert 'value="usual" id="id_urgency_2" checked' in page(desk, NEW)
    refused = desk.post(NEW, typed(jeanne, urgency="hier")).content.decode()
    assert "Choisissez une réponse de la liste." in refused
    assert not HelpRequest.objects.exists()
    desk.post(NEW, typed(jeanne, urgency="now"))
    request = HelpRequest.objects.get()
    assert request.urgency == Urgency.NOW
    for url in (f"/bureau/demande/{request.uid}/", "/bureau/demandes/", "/bureau/"):
        assert '<span class="ds-tag" data-color="danger">urgente, tout de suite</span>' in page(desk, url)
    desk.post(NEW, typed(jeanne, details="Une autre"))
    usual = HelpRequest.objects.latest("pk")
    assert usual.urgency == Urgency.USUAL
    shown = page(desk, f"/bureau/demande/{usual.uid}/")
    assert "<dt>Urgence</dt><dd>Ordinaire</dd>" in shown
    assert ">ordinaire</span>" not in page(desk, "/bureau/demandes/"), "the usual one is not told in lists"


def test_it_is_changed_on_its_page(desk, asked):
    url = f"/bureau/demande/{asked.uid}/modifier/"
    assert 'name="urgency"' in page(desk, url)
    sent = {"day_choice": "tomorrow", "moment": "any", "address": asked.address, "details": asked.details}
    desk.post(url, sent | {"urgency": "later"})
    asked.refresh_from_db()
    assert (asked.urgency, asked.steps.last().words) == (Urgency.LATER, "l’urgence")


def test_so_is_that_of_what_comes_again(desk, agent, jeanne):
    series = a_series(jeanne, agent, urgency=Urgency.TODAY)
    url = f"/bureau/demande-qui-revient/{series.uid}/"
    assert "Urgente, dès aujourd’hui" in page(desk, url)
    sent = {"repeats": "weekly", "moment": "any", "commune": series.commune_id, "notice_days": 7}
    desk.post(f"{url}modifier/", sent)
    series.refresh_from_db()
    assert series.urgency == Urgency.TODAY, "nothing was said of it"
    desk.post(f"{url}modifier/", sent | {"urgency": "now"})
    series.refresh_from_db()
    assert series.urgency == Urgency.NOW


def test_the_most_urgent_is_read_first_among_those_of_one_day_and_among_those_that_wait(desk, agent):
    expected = ["Now", "Today", "Usual", "Later"]
    for state in (RequestState.OPEN, RequestState.TO_CHECK):
        for urgency in reversed(Urgency):
            make_request(make_person(urgency.name.capitalize(), state, ""), state, urgency=urgency)
    sooner = make_request(make_person("Sooner", "open", ""), day=timezone.localdate(), urgency=Urgency.LATER)
    board = lists.board(agent, timezone.now())
    assert [one.person.first_name for one in board.to_check.lines] == expected
    assert [one.person.first_name for one in board.looking.lines] == ["Sooner", *expected], "its day comes first"
    for state, names in (("open", [*expected[:3], "Sooner", "Later"]), ("to_check", expected)):
        shown = page(desk, "/bureau/demandes/", etat=state)
        assert "les plus urgentes d’abord" in shown
        places = [shown.index(f">{name} {state}<") for name in names]
        assert places == sorted(places)
    every = page(desk, "/bureau/demandes/")
    assert "la dernière reçue d’abord" in every
    assert every.index(">Sooner ") < every.index(">Now open<"), sooner
