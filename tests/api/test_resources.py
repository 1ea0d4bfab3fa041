"""What everybody may read: never more than the pages show, nor a number that tells of somebody."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import throttles
from aid.configuration.models import KindOfHelp
from aid.directory.services import end
from aid.offers.services import welcome
from aid.onboarding.enums import SUSPEND, StepKind
from aid.onboarding.services import take
from aid.privacy import rights
from aid.privacy.enums import RightKind, Via
from aid.territory.models import CoveredCommune
from aid.territory.services import add_district
from harness.applications import API, an_application, caller
from harness.databases import FIRST_TOWN
from harness.directory import INSULT, a_referent
from harness.loop import open_request, request_of, somebody, visits, volunteer
from harness.requests import MOBILE
from harness.steps import a_step


@pytest.fixture
def anybody(town) -> Client:
    return caller()


def rows(client: Client, path: str) -> list[dict]:
    answer = client.get(API + path)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/json"
    return answer.json()["results"]


def test_kinds_are_those_that_people_may_ask_for(anybody):
    hidden = KindOfHelp.objects.offered()[0]
    KindOfHelp.objects.filter(pk=hidden.pk).update(is_offered=False)
    told = rows(anybody, "aides/")
    assert [one["slug"] for one in told] == list(KindOfHelp.objects.offered().values_list("slug", flat=True))
    assert anybody.get(f"{API}aides/{told[0]['slug']}/").json() == told[0]
    assert anybody.get(f"{API}aides/{hidden.slug}/").status_code == 404


def test_places_have_the_names_that_other_addresses_take(anybody):
    commune = CoveredCommune.objects.get()
    add_district(name="Les Terriers", commune=commune)
    assert rows(anybody, "lieux/") == [
        {"code": commune.commune_id, "name": str(commune), "districts": ["Les Terriers"]}
    ]


def test_needs_are_counts_that_tell_of_nobody(anybody):
    commune = CoveredCommune.objects.get()
    district = add_district(name="Les Terriers", commune=commune)
    for number in range(7):
        who = somebody(f"Zanzibar{number}", f"+3363998110{number}", last_name="Canari")
        open_request(who, district=district if number < 2 else None)
    request_of(somebody("Gustave", MOBILE))  # to check: it looks for nobody yet
    told = rows(anybody, "besoins/")
    here = {"kind": visits().slug, "commune": commune.commune_id}
    assert told == [
        here | {"district": "Les Terriers", "count": None, "words": "quelques-uns"},
        here | {"district": None, "count": 3, "words": "au moins 3"},
    ]


def test_offers_count_who_may_be_asked_where_they_live(anybody):
    commune = CoveredCommune.objects.get()
    helpers = [volunteer(f"Alice{number}", f"+3363998120{number}", commune=commune) for number in range(4)]
    here = {"kind": visits().slug, "commune": commune.commune_id, "district": None}
    assert rows(anybody, "offres/") == [here | {"count": 3, "words": "au moins 3"}]
    take(helpers[0], SUSPEND)
    rights.ask(person=helpers[1].person, kind=RightKind.OBJECT, via=Via.PHONE)
    assert rows(anybody, "offres/") == [here | {"count": None, "words": "quelques-uns"}]
    first, other = KindOfHelp.objects.offered()[:2]
    welcome(person=helpers[2].person, kinds=[first, other])
    a_step(StepKind.RECORD, name="Le casier").kinds.set([first])
    assert rows(anybody, "offres/") == [here | {"kind": other.slug, "count": None, "words": "quelques-uns"}]


def test_referents_are_what_their_page_shows(anybody):
    shown = a_referent(phone="+33199007010", days="le mardi")
    gone = a_referent(somebody("Nadia", "+33639981270"))
    end(gone)
    held = a_referent(somebody("Paul", "+33639981271"), words=INSULT)
    (told,) = rows(anybody, "referents/")
    assert told == {
        "uid": str(shown.uid),
        "name": "Alice M.",
        "title": "référente",
        "themes": [],
        "places": [],
        "words": "Je connais les bus du coin.",
        "phone": "+33199007010",
        "email": "",
        "days": "le mardi",
        "photo": None,
    }
    assert anybody.get(f"{API}referents/{shown.uid}/").json() == told
    for hidden in (gone, held):
        assert anybody.get(f"{API}referents/{hidden.uid}/").status_code == 404


def test_a_number_in_the_words_of_a_referent_is_masked_as_on_their_page(anybody):
    a_referent(words="Appelez-moi au 06 39 98 00 02.", days="le mardi, ou 06 39 98 00 03", phone="+33199007010")
    (told,) = rows(anybody, "referents/")
    assert told["phone"] == "+33199007010", "what they agreed to show is told"
    for name, shown in (("words", "Appelez-moi au ["), ("days", "le mardi, ou [")):
        assert told[name].startswith(shown)
        assert "39 98" not in told[name]


# --- How it answers


def test_pages_follow_each_other_by_cursors(anybody):
    for number in range(60):
        KindOfHelp.objects.create(name=f"Aide {number}", slug=f"aide-{number}", position=500)
    first = anybody.get(f"{API}aides/").json()
    second = anybody.get(first["next"]).json()
    slugs = [one["slug"] for one in first["results"] + second["results"]]
    assert len(first["results"]) == 50
    assert slugs == list(KindOfHelp.objects.offered().values_list("slug", flat=True))
    assert second["next"] is None


@pytest.mark.parametrize("cursor", ["x", "cD0wMA==", "cD1hYmM=", "cD0lMDA=", "bz05OTk5OTk5OTk5OTk5OTk5"])
@pytest.mark.parametrize("path", ["aides/", "lieux/", "besoins/"])
def test_a_cursor_that_is_not_ours_is_no_page(anybody, path, cursor):
    answer = anybody.get(f"{API}{path}?curseur={cursor}")
    assert answer.status_code in {200, 404}
    if cursor in {"x", "cD0lMDA="}:
        assert answer.status_code == 404


def test_what_is_not_there_is_told_in_json(anybody):
    for path in (f"{API}nulle-part/", "/api/v2/", f"{API}aides/é/", f"{API}aides/a%0Ab/", f"{API}aides/%00/"):
        answer = anybody.get(path)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
    assert anybody.post(f"{API}aides/").status_code == 405
    assert anybody.options(f"{API}aides/").status_code == 405
    assert anybody.get(f"{API}aides/", headers={"accept": "text/html"}).status_code == 406


def test_nobody_keeps_an_answer_nor_reads_it_from_another_site(anybody):
    answer = anybody.get(f"{API}aides/", headers={"origin": "https://ailleurs.example"})
    assert "no-store" in answer["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in answer
    hidden = KindOfHelp.objects.offered()[0]
    KindOfHelp.objects.filter(pk=hidden.pk).update(is_offered=False)
    assert hidden.slug not in anybody.get(f"{API}aides/").content.decode()


def test_calls_are_counted_by_address_and_by_application(town, monkeypatch):
    monkeypatch.setattr(throttles, "BY_ADDRESS", 3)
    monkeypatch.setattr(throttles, "BY_APPLICATION", 2)
    told = [caller().get(f"{API}aides/").status_code for _ in range(4)]
    assert told == [200, 200, 200, 429]
    _, token = an_application()
    _, another = an_application(name="Un autre")
    told = [caller(token).get(f"{API}aides/").status_code for _ in range(3)]
    assert told == [200, 200, 429]
    assert caller(another).get(f"{API}aides/").status_code == 200
    refused = caller(token).get(f"{API}moi/")
    assert refused["Retry-After"] == "60"
    assert "Réessayez dans une minute" in refused.json()["detail"]
    elsewhere = Client(headers={"host": FIRST_TOWN}, REMOTE_ADDR="203.0.113.9")
    assert elsewhere.get(f"{API}aides/").status_code == 200


def test_lists_cost_as_much_for_many_as_for_few(anybody):
    anybody.get(f"{API}aides/")  # the first of a minute sweeps what was counted
    told = []
    for first, last in ((0, 1), (1, 12)):
        for number in range(first, last):
            a_life(number)
        told.append({path: queries_of(anybody, path) for path in LISTS})
    assert told[0] == told[1]


LISTS = ("aides/", "lieux/", "besoins/", "offres/", "referents/")


def a_life(number: int) -> None:
    """One more of each thing that is listed."""
    commune = CoveredCommune.objects.get()
    district = add_district(name=f"Quartier {number}", commune=commune)
    KindOfHelp.objects.create(name=f"Aide {number}", slug=f"aide-{number}")
    open_request(somebody(f"Jeanne{number}", f"+336399813{number:02}"), district=district)
    volunteer(f"Lucie{number}", f"+336399814{number:02}", commune=commune, district=district)
    a_referent(somebody(f"Nour{number}", f"+336399815{number:02}"), communes=[commune], districts=[district])


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(API + path).json()["results"]
    return len(queries)
