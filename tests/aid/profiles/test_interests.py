"""The town's own list of interests: written at its opening, changed in the back-office."""

import pytest

from aid.profiles import blueprint
from aid.profiles.models import Interest
from aid.profiles.services import present
from harness.databases import FIRST_TOWN
from harness.desk import make_account, make_volunteer
from tenants import blueprints
from tenants.blueprints import Blueprint, BlueprintContentError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
# What seed 001 leaves out on purpose.
NEVER = ("âge", "ans", "métier", "travail", "famille", "enfant", "religion", "retraite", "célibataire")


def test_a_town_begins_with_what_people_like_and_nothing_of_what_they_are():
    names = list(Interest.objects.offered().values_list("name", flat=True))
    assert names[0] == "cuisiner"
    assert 15 <= len(names) <= 30
    assert [name for name in names for word in NEVER if word in name.split()] == []


def test_a_blueprint_may_set_its_own_and_nothing_unknown():
    Interest.objects.all().delete()
    blueprint.fill(Blueprint("essai", "Essai", "commune", {"profiles": {"interests": ["le fado", "la belote"]}}))
    assert list(Interest.objects.values_list("name", flat=True)) == ["le fado", "la belote"]
    with pytest.raises(BlueprintContentError, match="gouts"):
        blueprint.fill(Blueprint("essai", "Essai", "commune", {"profiles": {"gouts": []}}))
    assert "profiles" in {one.room for one in blueprints.installers()}


def test_an_administrator_changes_the_list(visit):
    browser = visit(FIRST_TOWN)
    browser.force_login(make_account("maire@ccas.example", "Administrateurs"))
    assert "cuisiner" in browser.get("/gestion/interests/").content.decode()
    assert "existe déjà" in browser.post(
        "/gestion/interests/new/", {"name": "Cuisiner", "position": "5", "is_offered": "on"}
    ).content.decode().replace("\u00a0", " ")
    browser.post("/gestion/interests/new/", {"name": "la pétanque", "position": "5", "is_offered": "on"})
    assert Interest.objects.first().name == "la pétanque"


def test_one_that_is_taken_away_leaves_presentations_and_nobody_else_changes():
    person, fishing = make_volunteer().person, Interest.objects.get(name="la pêche")
    profile = present(person=person, words="Bonjour", interests=[fishing])
    fishing.delete()
    assert list(profile.interests.all()) == []
    profile.refresh_from_db()
    assert profile.words == "Bonjour"
