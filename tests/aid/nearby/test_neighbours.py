"""« Qui peut m’aider près de chez moi ? »: counts by district, then who agreed to be shown."""

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aid.configuration.enums import Asking
from aid.configuration.models import KindOfHelp
from aid.moderation.blocks import block
from aid.moderation.enums import Reason, SanctionKind
from aid.moderation.sanctions import take
from aid.onboarding import services as onboarding
from aid.onboarding.enums import SUSPEND
from harness.databases import SECOND_TOWN
from harness.desk import make_account
from harness.nearby import LIST, SLUG, a_confirmed, a_district, a_neighbour

pytestmark = pytest.mark.django_db
ALL = f"{LIST}?aide={SLUG}"


def text_of(answer):
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").replace("\u00a0", " ").split())


def counts_of(answer):
    items = BeautifulSoup(answer.content, "html.parser").select("#quartiers li")
    return [" ".join(item.get_text().replace("\u00a0", " ").split()) for item in items]


def test_people_are_told_by_counts_and_few_of_them_as_some(stranger, kind):
    north, south = a_district("Le Nord", "49.31000", "2.61000"), a_district("Le Sud")
    for number in range(5):
        a_neighbour(f"Luc{number}", "", district=north, is_shown=False, address="12 rue du Canari-Postal")
    for number in range(2):
        a_neighbour(f"Zoé{number}", "", district=south, is_shown=False)
    a_neighbour("Ana", "", is_shown=False)
    answer = stranger.get(ALL)
    assert counts_of(answer) == [
        "Le Nord : au moins 3 voisins",
        "Le Sud : quelques-uns",
        "Pont-Sainte-Maxence : quelques-uns",
    ]
    page = answer.content.decode()
    assert 'data-map-lat="49.31"' in page
    for hidden in ("Luc", "Zoé", "Ana", "Canari"):
        assert hidden not in page, hidden
    assert (answer["X-Robots-Tag"], "no-store" in answer["Cache-Control"]) == ("noindex, nofollow", True)
    assert "Carte des voisins" in text_of(answer)
    # No tile is asked for: the map draws on its own.
    assert "img-src 'self'" in answer["Content-Security-Policy"]
    assert "data-map-tiles" not in page


def test_the_list_shows_who_agreed_the_nearest_first_in_bands_only(stranger, kind):
    here = a_district("Ici", "49.30000", "2.60000")
    near, far = a_district("Près", "49.31800", "2.60000"), a_district("Loin", "49.36000", "2.60000")
    rose = a_neighbour("Rose", "+33639980012", district=far)
    paul = a_neighbour("Paul", "+33639980013", district=near)
    ana = a_neighbour("Ana", "+33639980014", district=here)
    a_neighbour("Cachée", "+33639980015", district=here, is_shown=False)
    page = text_of(stranger.get(f"{ALL}&lieu=quartier-{here.pk}"))
    assert page.index("Ana M.") < page.index("Paul M.") < page.index("Rose M.")
    assert "Moins d’1 km" in page
    assert "1 à 3 km" in page
    assert "5 à 10 km" in page
    html = stranger.get(ALL).content.decode()
    for hidden in ("Cachée", "Morel", rose.person.phone, paul.person.phone, ana.person.phone, str(ana.person.uid)):
        assert hidden not in html, hidden


def test_who_is_suspended_or_blocked_is_gone_at_once_and_both_ways(stranger, signed_in, rose):
    jeanne, lise = a_confirmed("Jeanne", "+33639980001"), a_confirmed("Lise", "+33639980003")
    block(blocker=rose.person, blocked=jeanne)
    block(blocker=lise, blocked=rose.person)
    write = f"/pres-de-chez-moi/{rose.person.profile.uid}/ecrire/"
    for browser, is_seen in ((signed_in(jeanne), False), (signed_in(lise), False), (stranger, True)):
        answer = browser.get(ALL)
        assert ("Rose M." in text_of(answer)) is is_seen
        assert counts_of(answer) == ["Pont-Sainte-Maxence : quelques-uns"], (
            "a count that differs would tell who blocked whom"
        )
        assert browser.get(write).status_code == (200 if is_seen else 404)
    onboarding.take(rose, SUSPEND)
    assert "Rose" not in text_of(stranger.get(ALL))
    assert counts_of(stranger.get(ALL)) == []
    assert stranger.get(write).status_code == 404


def test_a_measure_takes_somebody_off_as_well(stranger, rose):
    agent = make_account("nadia@ccas.example", "Agents")
    take(
        person=rose.person, kind=SanctionKind.SUSPENSION, reason=Reason.CHARTER, words="Un incident.", by_account=agent
    )
    assert "Rose" not in text_of(stranger.get(ALL))


def test_a_town_where_nobody_chooses_has_no_such_page(stranger, town):
    assert stranger.get(LIST).status_code == 404
    assert "Près de chez moi" not in text_of(stranger.get("/"))


def test_the_menu_leads_there_and_nonsense_is_left_out(stranger, rose, visit):
    assert "Près de chez moi" in text_of(stranger.get("/"))
    page = text_of(stranger.get(LIST))
    assert "Prendre un café" in page
    assert "Rose M." not in page
    assert "Rose M." in text_of(stranger.get(f"{ALL}&lieu=quartier-99999&page=zz"))
    other = KindOfHelp.objects.exclude(slug=SLUG)[0]
    assert "Rose M." not in text_of(stranger.get(f"{LIST}?aide={other.slug}"))
    assert visit(SECOND_TOWN).get(ALL).status_code == 404


def test_the_menu_leads_nobody_to_an_absent_page(stranger, signed_in, rose, kind):
    KindOfHelp.objects.filter(pk=kind.pk).update(askers=[Asking.CARER])
    cache.clear()  # the commit's own pulse does it
    jeanne = signed_in(a_confirmed("Jeanne", "+33639980001"))
    assert "Près de chez moi" in text_of(jeanne.get("/"))
    page = jeanne.get(LIST)
    assert "pour un proche seulement" in text_of(page)
    assert f"?aide={SLUG}" not in page.content.decode()
    page = stranger.get(LIST)
    assert "pour un proche seulement" not in text_of(page)
    assert f"?aide={SLUG}" in page.content.decode()


def test_choosing_such_a_kind_when_asking_leads_to_neighbours(stranger, rose):
    answer = stranger.post("/demander/", {"kind": SLUG})
    assert answer["Location"] == ALL
    # The town may look instead: what was chosen is remembered.
    assert stranger.get("/demander/quand/").status_code == 200
    ordinary = KindOfHelp.objects.exclude(slug=SLUG)[0]
    assert stranger.post("/demander/", {"kind": ordinary.slug})["Location"] == "/demander/quand/"


def test_a_list_of_many_asks_as_many_questions_as_one_of_two(stranger, rose):
    counts = []
    for _ in range(2):
        stranger.get(ALL)
        with CaptureQueriesContext(connection) as log:
            stranger.get(ALL)
        counts.append(len(log))
        for number in range(30):
            a_neighbour(f"Paul{number}", "")
    assert counts[0] == counts[1]
    assert "Page 1 sur 3" in text_of(stranger.get(ALL))
    assert "lieu=" not in stranger.get(f"{ALL}&page=2").content.decode().split("pagination")[-1]
