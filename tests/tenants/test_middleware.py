"""How a request finds its town, and what it keeps."""

import pytest
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from aid.facts.enums import FactKind
from aid.facts.models import Fact
from aid.facts.services import record_fact
from harness.databases import FIRST_TOWN, SECOND_TOWN
from tenants.context import facing, platform_context, town_context
from tenants.lifecycle import TransitionError, change_state
from tenants.middleware import EnterTown, FindTown
from tenants.models import Domain, Town
from tenants.registry import host_of, registry


def test_each_host_answers_with_its_own_town(db, visit):
    first, second = visit(FIRST_TOWN).get("/"), visit(SECOND_TOWN).get("/")
    assert first.status_code == second.status_code == 200
    assert "Pont-Sainte-Maxence" in first.content.decode()
    assert "Pont-Sainte-Maxence" not in second.content.decode()
    assert "Lormes" in second.content.decode()


@pytest.mark.parametrize("host", ["inconnu.localhost", "pont-sainte-maxence.example.org", "127.0.0.1", "a..b"])
def test_an_unknown_host_gets_a_404_that_names_nobody(db, visit, host):
    response = visit(host).get("/")
    html = response.content.decode()
    assert response.status_code in {400, 404}
    assert "Maxence" not in html
    assert "Lormes" not in html
    assert "inconnu" not in html
    assert "<a " not in html


def test_the_platform_answers_on_its_own_domain(db, visit):
    assert "Palier" in visit("localhost").get("/").content.decode()
    assert visit("localhost").get("/gestion/").status_code == 404


@pytest.mark.parametrize(
    ("raw", "host"),
    [
        ("Lormes.localhost:8000", "lormes.localhost"),
        ("www.lormes.localhost", "lormes.localhost"),
        ("lormes.localhost.", "lormes.localhost"),
        ("[::1]:8000", ""),
    ],
)
def test_a_host_is_read_without_port_case_or_www(raw, host):
    assert host_of(raw) == host


def test_a_new_domain_is_seen_at_once_and_a_removed_one_forgotten(own_database, visit):
    assert visit("nouveau.example.org").get("/").status_code == 404
    with platform_context():
        Domain.objects.create(tenant=Town.objects.get(name="Lormes"), domain="nouveau.example.org", is_primary=False)
    assert "Lormes" in visit("nouveau.example.org").get("/").content.decode()
    with platform_context():
        Domain.objects.filter(domain="nouveau.example.org").delete()
    assert visit("nouveau.example.org").get("/").status_code == 404


def test_a_known_host_costs_one_query(db, django_assert_num_queries):
    registry.find(FIRST_TOWN)
    with django_assert_num_queries(1):
        registry.find(FIRST_TOWN)


def test_a_suspended_town_shows_its_telephone_and_nothing_else(own_database, visit):
    with platform_context():
        change_state(Town.objects.get(name="Pont-Sainte-Maxence"), "suspend")
    response = visit(FIRST_TOWN).get("/mentions-legales/")
    html = response.content.decode()
    assert response.status_code == 503
    assert response["Retry-After"]
    assert 'href="tel:+33344720000"' in html
    assert "03\u00a044\u00a072\u00a000\u00a000" in html
    assert visit(SECOND_TOWN).get("/").status_code == 200
    with platform_context():
        town = change_state(Town.objects.get(name="Pont-Sainte-Maxence"), "open")
        with pytest.raises(TransitionError, match="ouverte"):
            change_state(town, "archive")
    assert visit(FIRST_TOWN).get("/").status_code == 200


@pytest.mark.parametrize("outcome", ["kept", "refused", "broken"])
def test_a_request_keeps_all_of_what_it_wrote_or_nothing(own_database, outcome):
    def view(request: HttpRequest) -> HttpResponse:
        record_fact(kind=FactKind.SERVICE_DONE, happened_on="2026-11-21", minutes=30)
        if outcome == "refused":
            raise Http404
        return HttpResponse(status=500 if outcome == "broken" else 200)

    # Django turns an exception into an answer below the middleware, after `process_exception`.
    def answer(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except Http404 as error:
            middleware.process_exception(request, error)
            return HttpResponse(status=404)

    middleware = EnterTown(answer)
    entry, _ = registry.find(FIRST_TOWN)
    with facing(entry):
        with town_context(entry):
            before = Fact.objects.count()
        middleware(RequestFactory().get("/"))
        with town_context(entry):
            assert Fact.objects.count() - before == (1 if outcome == "kept" else 0)


def test_the_connection_is_back_where_it_was_after_a_request_that_raises(db):
    def explode(request: HttpRequest) -> HttpResponse:
        assert connection.schema_name == registry.find(FIRST_TOWN)[0].schema_name
        raise RuntimeError

    request = RequestFactory().get("/", headers={"host": FIRST_TOWN})
    with pytest.raises(RuntimeError):
        FindTown(explode)(request)
    assert connection.schema_name == "public"
    with platform_context():
        assert Town.objects.exists()


def test_a_town_overseas_tells_its_own_time(own_database):
    from django.utils import timezone

    from tenants.opening import Request, open_town

    opened = open_town(Request(blueprint="bip-pop", name="Saint-Denis", communes=["97411"]))
    zones = []

    def note(request: HttpRequest) -> HttpResponse:
        zones.append(timezone.get_current_timezone_name())
        return HttpResponse()

    FindTown(note)(RequestFactory().get("/", headers={"host": opened.domain}))
    FindTown(note)(RequestFactory().get("/", headers={"host": FIRST_TOWN}))
    assert zones == ["Indian/Reunion", "Europe/Paris"]
    assert timezone.get_current_timezone_name() == "Europe/Paris"


def test_a_database_that_is_down_shows_a_page_that_needs_none(own_database, visit, monkeypatch, tmp_path):
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", str(tmp_path))
    try:
        client = visit(FIRST_TOWN)
        client.raise_request_exception = False
        response = client.get("/")
    finally:
        connection.close()
    html = response.content.decode()
    assert response.status_code == 500
    assert "<h1" in html
    assert str(tmp_path) not in html
    assert "Maxence" not in html
