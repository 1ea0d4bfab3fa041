"""A town's pages: what they say, when they change, what they cost."""

import datetime
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from aid.configuration.enums import ASKING_ON_SITE
from aid.configuration.models import Identity
from aid.configuration.services import identity
from aid.facts.enums import FactKind
from aid.facts.services import record_fact
from cms.pages.models import ContentPage, HomePage, LegalPage
from harness.databases import FIRST_TOWN, SECOND_TOWN
from tenants import blueprints
from tenants.context import town_context
from tenants.registry import registry


def text_of(response) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def test_every_page_of_a_new_town_says_whom_to_call(db, visit, settings):
    settings.OUTBOX = False
    for path in ("/", "/mentions-legales/", "/donnees-personnelles/", "/accessibilite/"):
        response = visit(FIRST_TOWN).get(path)
        page = BeautifulSoup(response.content, "html.parser")
        assert response.status_code == 200
        assert page.html["lang"] == "fr"
        assert len(page.find_all("h1")) == 1
        assert page.title.string.endswith("– Pont-Sainte-Maxence")
        assert page.header.find("a", href="tel:+33344720000")
        footer = page.footer.get_text(" ")
        assert "Accessibilité : non conforme" in footer.replace("\u00a0", " ")
        rights = page.footer.find("nav", attrs={"aria-labelledby": "pied-vos-droits"})
        assert [link["href"] for link in rights.find_all("a")] == [
            "/accessibilite/",
            "/mentions-legales/",
            "/donnees-personnelles/",
        ]


def test_legal_pages_are_written_from_the_identity(own_database, visit):
    town, _ = registry.find(FIRST_TOWN)
    assert "Éditrice Modèle" not in text_of(visit(FIRST_TOWN).get("/mentions-legales/"))
    with town_context(town):
        Identity.objects.update(publication_director="Éditrice Modèle", privacy_contact="dpo@example.org")
    assert "Éditrice Modèle" in text_of(visit(FIRST_TOWN).get("/mentions-legales/"))
    assert "dpo@example.org" in text_of(visit(FIRST_TOWN).get("/donnees-personnelles/"))
    assert "Éditrice Modèle" not in text_of(visit(SECOND_TOWN).get("/mentions-legales/"))


def test_a_town_without_a_telephone_shows_no_empty_number(own_database, visit):
    town, _ = registry.find(SECOND_TOWN)
    with town_context(town):
        Identity.objects.update(telephone="")
    html = visit(SECOND_TOWN).get("/").content.decode()
    assert "tel:" not in html


def test_the_home_costs_few_queries_cold_and_one_warm(own_database, visit, django_assert_max_num_queries):
    registry.clear()
    caches["default"].clear()
    caches["pages"].clear()
    with CaptureQueriesContext(connection) as cold:
        assert visit(FIRST_TOWN).get("/").status_code == 200
    assert len(cold) <= 12, "\n".join(query["sql"] for query in cold)
    with CaptureQueriesContext(connection) as warm:
        assert visit(FIRST_TOWN).get("/").status_code == 200
    assert [query["sql"].split()[0] for query in warm] == ["SELECT"]


def test_a_change_is_seen_by_the_next_request(own_database, visit):
    town, _ = registry.find(FIRST_TOWN)
    before = text_of(visit(FIRST_TOWN).get("/"))
    assert "service rendu" not in before
    with town_context(town):
        record_fact(kind=FactKind.SERVICE_DONE, happened_on=datetime.date(2026, 11, 21), minutes=90)
    after = text_of(visit(FIRST_TOWN).get("/"))
    assert "service rendu" in after
    assert "1 heure donnée" not in before
    with town_context(town):
        home = HomePage.objects.get()
        home.hero_title = "Un nouveau titre"
        home.save_revision().publish()
    assert "Un nouveau titre" in text_of(visit(FIRST_TOWN).get("/"))
    assert "Un nouveau titre" not in text_of(visit(SECOND_TOWN).get("/"))


def test_a_change_that_is_undone_is_never_seen(own_database, visit):
    town, _ = registry.find(FIRST_TOWN)
    visit(FIRST_TOWN).get("/")

    def write_read_and_fail() -> None:
        with town_context(town):
            Identity.objects.update(public_name="Nom de passage")
            # Read, and so cached, inside the transaction that is about to be undone.
            caches["default"].clear()
            assert identity().public_name == "Nom de passage"
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_read_and_fail()
    caches["pages"].clear()
    assert "Nom de passage" not in visit(FIRST_TOWN).get("/").content.decode()


@pytest.mark.long
def test_another_process_sees_the_change_too(own_database, visit):
    """Two processes, each with its memory: the second one's change reaches the first one's next request."""
    visit(FIRST_TOWN).get("/")
    script = f"""
import sys
sys.path[:0] = {[path for path in sys.path if path]!r}
import django
from django.conf import settings
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = {own_database!r}
from aid.configuration.enums import ASKING_ON_SITE
from aid.configuration.models import Identity
from tenants.context import town_context
from tenants.registry import registry
with town_context(registry.find({FIRST_TOWN!r})[0]):
    Identity.objects.update(tagline="Écrit par un autre programme")
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
    assert "Écrit par un autre programme" in visit(FIRST_TOWN).get("/").content.decode()


def test_who_chose_large_letters_is_not_given_the_small_ones(own_database, visit):
    small = visit(FIRST_TOWN)
    assert 'data-size="md"' in small.get("/").content.decode()
    large = visit(FIRST_TOWN)
    large.cookies["taille_du_texte"] = "lg"
    assert 'data-size="lg"' in large.get("/").content.decode()
    assert 'data-size="md"' in small.get("/").content.decode()


def test_somebody_signed_in_is_never_answered_from_memory(own_database, visit):
    visit(FIRST_TOWN).get("/")
    client = visit(FIRST_TOWN)
    client.cookies["sessionid"] = "x" * 32
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    assert len(queries) > 1


def test_a_page_in_the_menu_is_linked_from_all_and_gone_once_unpublished(own_database, visit):
    town, _ = registry.find(FIRST_TOWN)
    with town_context(town):
        home = HomePage.objects.get()
        page = home.add_child(instance=ContentPage(title="Nos bénévoles", slug="benevoles", show_in_menus=True))
    html = visit(FIRST_TOWN).get("/accessibilite/").content.decode()
    assert 'href="/benevoles/"' in html
    assert visit(FIRST_TOWN).get("/benevoles/").status_code == 200
    assert visit(SECOND_TOWN).get("/benevoles/").status_code == 404
    with town_context(town):
        ContentPage.objects.get(pk=page.pk).unpublish()
    assert 'href="/benevoles/"' not in visit(FIRST_TOWN).get("/accessibilite/").content.decode()
    assert visit(FIRST_TOWN).get("/benevoles/").status_code == 404


def test_legal_pages_are_one_a_kind_and_not_made_by_hand(town):
    home = HomePage.objects.get()
    assert LegalPage.objects.count() == 3
    assert not LegalPage.can_create_at(home)
    assert HomePage.objects.count() == Page.objects.filter(depth=2).count() == 1


@pytest.mark.parametrize("slug", blueprints.slugs())
def test_every_blueprint_makes_a_town_that_answers(own_database, visit, slug):
    from tenants.opening import Request, open_town

    opened = open_town(Request(blueprint=slug, name=f"Essai {slug}", communes=["38185"]))
    page = visit(opened.domain).get("/")
    told = blueprints.load(slug)
    assert page.status_code == 200
    assert told.section("cms")["hero_title"] in BeautifulSoup(page.content, "html.parser").h1.get_text()
    for kind in told.section("configuration")["kinds"]:
        # Associations, or the town, ask for theirs elsewhere.
        is_asked_here = not set(kind.get("askers", ASKING_ON_SITE)).isdisjoint(ASKING_ON_SITE)
        assert (kind["name"] in text_of(page)) is is_asked_here, kind["name"]
    html = BeautifulSoup(page.content, "html.parser")
    inside = {link["href"] for link in html.find_all("a", href=True) if link["href"].startswith("/")}
    # The request's own pages are tested in their room; changing the text size comes back to this page.
    leads = sorted(href for href in inside if not href.startswith(("/demander/", "/taille-du-texte/")))
    assert len(leads) > 8
    for href in leads:
        assert visit(opened.domain).get(href).status_code == 200, href
