"""Private pages stay private, although whether a town has any is kept in memory."""

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from cms.pages.models import ContentPage, HomePage
from harness import databases
from tenants.context import town_context
from tenants.registry import registry

pytestmark = pytest.mark.usefixtures("own_database")


def test_a_page_made_private_is_refused_at_once_and_leaves_the_menu():
    town, _ = registry.find(databases.FIRST_TOWN)
    visitor = Client(headers={"host": databases.FIRST_TOWN})
    with town_context(town):
        home = HomePage.objects.get()
        for title in ("Nos voisins", "Nos horaires"):
            home.add_child(instance=ContentPage(title=title, body=[], show_in_menus=True))
    assert visitor.get("/nos-voisins/").status_code == 200
    assert "Nos voisins" in visitor.get("/").text

    with town_context(town):
        kept = ContentPage.objects.get(slug="nos-voisins")
        PageViewRestriction.objects.create(page=kept, restriction_type=PageViewRestriction.LOGIN)

    assert visitor.get("/nos-voisins/").status_code == 302
    assert visitor.get("/nos-horaires/").status_code == 200
    first_page = visitor.get("/").text
    assert "Nos voisins" not in first_page
    assert "Nos horaires" in first_page
