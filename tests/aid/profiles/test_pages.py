"""« Vos voisins » and « Me présenter », as each reader sees them."""

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aid.configuration.models import KindOfHelp
from aid.moderation.blocks import block
from aid.moderation.models import Report
from aid.offers.services import welcome
from aid.onboarding.enums import SUSPEND
from aid.onboarding.services import take
from aid.profiles.models import Interest, Profile
from aid.profiles.services import present
from aid.profiles.texts import AGREEMENT
from aid.territory.models import CoveredCommune
from aid.territory.services import add_district
from harness.databases import SECOND_TOWN
from harness.desk import make_person

pytestmark = pytest.mark.django_db
LIST, MINE = "/voisins/", "/mon-espace/me-presenter/"


def text_of(answer):
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


def page_of(person):
    return reverse("profiles:neighbour", args=[person.profile.uid])


@pytest.fixture
def two(alice, jeanne, likes):
    """Alice, a volunteer, and Jeanne, a resident, both presented."""
    welcome(person=alice.person, kinds=KindOfHelp.objects.all()[:2])
    present(person=alice.person, words="J’ai le temps.", interests=[likes["cuisiner"], likes["marcher"]])
    present(person=jeanne, words="", interests=[likes["cuisiner"], likes["lire"]])
    return alice.person, jeanne


def test_strangers_see_volunteers_by_first_name_and_nothing_more(stranger, two):
    alice, jeanne = two
    answer = stranger.get(LIST)
    page = text_of(answer)
    assert "Alice M." in page
    assert KindOfHelp.objects.all()[0].name in page
    assert "Jeanne" not in page
    assert (answer["X-Robots-Tag"], "no-store" in answer["Cache-Control"]) == ("noindex, nofollow", True)
    assert b'<meta name="robots" content="noindex, nofollow">' in answer.content
    assert stranger.get(page_of(jeanne)).status_code == 404
    one = stranger.get(page_of(alice)).content.decode()
    for hidden in ("Morel", "Canari", alice.phone, "1941", str(alice.uid), "Moi aussi"):
        assert hidden not in one + answer.content.decode(), hidden
    assert "J’ai le temps." in one


def test_who_has_signed_in_sees_residents_too_and_what_they_have_in_common(signed_in, two):
    alice, jeanne = two
    hers = signed_in(jeanne)
    page = text_of(hers.get(LIST))
    assert "Jeanne C." in page
    assert "En commun avec vous : cuisiner" in page
    assert page.count("En commun avec vous") == 1, "not with oneself"
    assert "« Moi aussi ! » Vous aussi, vous aimez cuisiner." in text_of(hers.get(page_of(alice)))
    assert "Moi aussi" not in text_of(hers.get(page_of(jeanne)))
    newcomer = make_person("Zoé", "Petit", phone="")
    assert "Moi aussi" not in text_of(signed_in(newcomer).get(page_of(alice)))


def test_who_is_suspended_is_gone_from_the_very_next_page(stranger, two, alice):
    person, _ = two
    assert stranger.get(page_of(person)).status_code == 200
    take(alice, SUSPEND)
    assert stranger.get(page_of(person)).status_code == 404
    assert "Alice" not in text_of(stranger.get(LIST))


def test_each_choice_of_the_search_narrows_it_and_nonsense_is_left_out(stranger, two, likes):
    alice, _ = two
    alice.district = add_district(name="Le Moulin", commune=CoveredCommune.objects.first())
    alice.save()
    for query, is_found in (
        (f"gout={likes['marcher'].pk}", True),
        (f"gout={likes['danser'].pk}", False),
        (f"aide={KindOfHelp.objects.all()[0].slug}", True),
        (f"aide={KindOfHelp.objects.all()[2].slug}", False),
        (f"lieu=quartier-{alice.district.pk}", True),
        ("lieu=quartier-999999&aide=rien&gout=x&page=zz", True),
        (f"lieu=quartier-{alice.district.pk}&gout={likes['danser'].pk}", False),
    ):
        assert ("Alice M." in text_of(stranger.get(f"{LIST}?{query}"))) == is_found, query


def test_a_list_of_many_asks_as_many_questions_as_one_of_two(signed_in, two, likes):
    _, jeanne = two
    browser, counts = signed_in(jeanne), []
    for _ in range(2):
        browser.get(LIST)
        with CaptureQueriesContext(connection) as log:
            browser.get(LIST)
        counts.append(len(log))
        for number in range(30):
            person = make_person(f"Paul{number}", "Roy", phone="")
            welcome(person=person, kinds=KindOfHelp.objects.all()[:1])
            present(person=person, words="", interests=[likes["lire"]])
    assert counts[0] == counts[1]
    assert counts[0] <= 26, counts
    assert "Page 1 sur 3" in text_of(browser.get(LIST))


def test_the_foot_of_pages_leads_there_once_there_is_somebody(stranger, alice):
    assert "Vos voisins" not in text_of(stranger.get("/"))
    present(person=alice.person, words="Bonjour", interests=[])
    cache.clear()  # the commit's own pulse does it
    assert "Vos voisins" in text_of(stranger.get("/?x=1"))


def test_one_sees_it_before_then_publishes_changes_and_withdraws(signed_in, stranger, alice, likes):
    browser = signed_in(alice.person)
    typed = {"interests": [likes["cuisiner"].pk], "words": "Appelez-moi au 06 39 98 00 01."}
    assert AGREEMENT in text_of(browser.get(MINE))
    seen = text_of(browser.post(MINE, {**typed, "geste": "voir"}))
    assert "Voici ce que vos voisins liront" in seen
    assert "numéro masqué" in seen
    assert not Profile.objects.exists(), "looking keeps nothing"
    answer = browser.post(MINE, {**typed, "geste": "publier"})
    assert answer["Location"] == f"{MINE}?publiee=1"
    page = text_of(browser.get(answer["Location"]))
    assert "C’est enregistré." in page
    assert "sont masqués" in page
    url = page_of(alice.person)
    assert "06 39 98 00 01" not in text_of(stranger.get(url))
    assert browser.post("/mon-espace/me-presenter/retirer/")["Location"] == f"{MINE}?retiree=1"
    assert "nous n’avons rien gardé" in text_of(browser.get(f"{MINE}?retiree=1"))
    assert stranger.get(url).status_code == 404


def test_what_is_refused_is_said_by_its_field_and_nothing_typed_is_lost(signed_in, alice, likes):
    browser = signed_in(alice.person)
    words = "Trop long. " * 60
    answer = browser.post(MINE, {"interests": [likes["lire"].pk], "words": words, "geste": "publier"})
    html = BeautifulSoup(answer.content, "html.parser")
    assert html.select_one("textarea").text.strip() == words.strip()
    assert html.select_one(f"input[value='{likes['lire'].pk}']").has_attr("checked")
    assert "400 signes au plus" in text_of(answer)
    assert "Cochez des réponses de la liste" in text_of(
        browser.post(MINE, {"interests": ["999999"], "geste": "publier"})
    )
    attack = "<script>alert(1)</script>"
    browser.post(MINE, {"words": attack, "geste": "publier"})
    assert attack not in browser.get(page_of(alice.person)).content.decode()


def test_what_the_town_does_not_propose_any_more_stays_with_who_chose_it(signed_in, alice, likes):
    present(person=alice.person, words="", interests=[likes["danser"]])
    Interest.objects.filter(name="danser").update(is_offered=False)
    assert "danser" in text_of(signed_in(alice.person).get(MINE))
    other = make_person("Zoé", "Petit", phone="")
    assert "danser" not in text_of(signed_in(other).get(MINE))


def test_a_presentation_can_be_reported_by_anybody(stranger, two):
    html = BeautifulSoup(stranger.get(page_of(two[0])).content, "html.parser")
    url = html.select_one("a.report-link")["href"]
    assert stranger.get(url).status_code == 200
    stranger.post(url, {"reason": "false", "words": "Je ne la reconnais pas."})
    assert Report.objects.count() == 1
    assert stranger.get(page_of(two[0])).status_code == 200, "it stays until somebody has read"


def test_who_is_blocked_is_not_seen(signed_in, two):
    alice, jeanne = two
    block(blocker=jeanne, blocked=alice)
    browser = signed_in(jeanne)
    assert "Alice" not in text_of(browser.get(LIST))
    assert browser.get(page_of(alice)).status_code == 404


def test_an_agent_does_it_for_who_phones(desk, stranger, jeanne, alice, likes):
    url = reverse("desk:person_profile", args=[alice.person.uid])
    typed = {"interests": [likes["cuisiner"].pk], "words": "Bonjour", "geste": "publier"}
    assert "Lisez-lui le texte" in text_of(desk.post(url, typed))
    assert not Profile.objects.exists()
    assert "Ce que ses voisins liront" in text_of(desk.post(url, {**typed, "how": "spoken", "geste": "voir"}))
    assert desk.post(url, {**typed, "how": "spoken"})["Location"] == url
    assert "Bonjour" in text_of(stranger.get(page_of(alice.person)))
    assert "how" not in desk.get(url).context["form"].fields
    desk.post(reverse("desk:withdraw_profile", args=[alice.person.uid]))
    assert stranger.get(page_of(alice.person)).status_code == 404


def test_another_town_knows_nothing_of_it(visit, town, other_town, two):
    elsewhere = visit(SECOND_TOWN)
    assert elsewhere.get(page_of(two[0])).status_code == 404


def test_the_way_there_from_my_space(signed_in, alice):
    assert MINE in signed_in(alice.person).get("/mon-espace/").content.decode()
