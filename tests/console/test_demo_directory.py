"""The directory of a demonstration town, by the services that everybody uses."""

import pytest
from django.test import Client
from django.utils import timezone

from aid.directory.enums import ProfessionalState
from aid.directory.models import Professional, Referent, Theme
from aid.directory.welcoming import waiting
from console.demo.directory import tell_directory
from console.demo.people import people_town
from harness.databases import FIRST_TOWN, SECOND_TOWN
from tenants.context import facing

pytestmark = pytest.mark.django_db
THEMES = ("La mobilité", "L’emploi", "Le logement", "Les loisirs", "La santé", "La solidarité")


def play(domain: str, telephone: str) -> str:
    tell_directory(people_town(domain=domain, telephone=telephone, today=timezone.localdate()))
    return Client(headers={"host": domain}).get("/referents/").content.decode()


def test_each_theme_and_some_places_have_a_referent(town):
    for rank, name in enumerate(THEMES):
        Theme.objects.create(name=name, position=rank)
    page = play(FIRST_TOWN, "03 53 01 00 01")
    assert Referent.objects.on_site().count() == len(THEMES) + 2
    assert "Camille, à l’accueil" in page
    assert waiting().get().person.first_name == "Rosalie"
    assert not Professional.objects.exists(), "its rule does not show any"


def test_where_professionals_are_shown_there_are_some_and_one_waits(other_town):
    with facing(other_town):
        assert "1 personne" not in play(SECOND_TOWN, "03 53 01 00 02")
        assert Professional.objects.shown().count() == 3
        assert Professional.objects.get(state=ProfessionalState.PROPOSED).created_by is None
