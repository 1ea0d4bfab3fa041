"""The screening grid: written by an administrator, published as versions that nobody changes."""

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from django.test import Client

from accounts.roles import ADMINISTRATORS
from aid.partners import grids
from aid.partners.enums import Level
from aid.partners.models import Flag, GridVersion
from core.models import AppendOnlyError
from harness.databases import FIRST_TOWN
from harness.desk import make_account
from harness.partners import a_contact_with_a_link, come_in, filled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
EDITOR = "/bureau/partenaires/grille/"


@pytest.fixture
def administrator(town):
    return make_account("maire@ville.example", ADMINISTRATORS)


@pytest.fixture
def desk(administrator):
    client = Client(headers={"host": FIRST_TOWN})
    client.force_login(administrator)
    return client


def another_grid() -> grids.Grid:
    options = (grids.Option("Oui", 5), grids.Option("Non", 0))
    return grids.Grid(questions=(grids.Question("Vit-elle seule", "yes_no", options),), medium_from=1, high_from=5)


def typed(**changed: object) -> dict[str, object]:
    return {
        "q-TOTAL_FORMS": "2",
        "q-INITIAL_FORMS": "0",
        "q-0-text": "Vit-elle seule ?",
        "q-0-kind": "yes_no",
        "q-0-options": "Oui = 5\r\nNon = 0",
        "q-0-help": "",
        "q-0-position": "20",
        "q-1-text": "Qu’aime-t-elle ?",
        "q-1-kind": "text",
        "q-1-options": "",
        "q-1-help": "",
        "q-1-position": "10",
        "medium_from": "1",
        "high_from": "5",
    } | changed


def test_a_town_has_a_grid_from_the_first_day(town):
    version = grids.current()
    assert version.number == 1
    assert grids.current() == version
    assert len(grids.grid_of(version).questions) > 5
    grids.check(grids.grid_of(version))


def test_points_come_to_a_level(town):
    grid = grids.grid_of(grids.current())
    assert grids.score_of(grid, {}) == (0, Level.LOW)
    assert grids.score_of(grid, {"q1": "Jamais, ou presque", "q2": "Rarement"}) == (7, Level.MEDIUM)
    assert grids.score_of(grid, {"q1": "n’importe quoi", "q99": "Oui"}) == (0, Level.LOW)


def test_a_published_version_is_never_changed(town):
    version = grids.current()
    with pytest.raises(AppendOnlyError):
        version.save()
    with pytest.raises(AppendOnlyError):
        version.delete()
    with pytest.raises(ProgrammingError), connection.cursor() as cursor:
        cursor.execute("UPDATE partners_gridversion SET medium_from = 2")


def test_a_grid_changed_in_the_middle_takes_the_answers_of_the_version_that_was_shown(town, administrator):
    anne = come_in(Client(headers={"host": FIRST_TOWN}), a_contact_with_a_link())
    begun = filled()
    grids.save_draft(another_grid())
    new = grids.publish(by_account=administrator)
    page = anne.post("/partenaires/signaler/", begun | {"etape": "2"}).content.decode()
    assert "Reçoit-elle des visites" in page
    assert "Vit-elle seule" not in page
    assert anne.post("/partenaires/signaler/", begun).status_code == 302
    flag = Flag.objects.get()
    assert flag.grid.number == 1
    assert flag.score == 13
    later = anne.post("/partenaires/signaler/", filled(etape="2")).content.decode()
    assert "Vit-elle seule" in later
    assert new.number == 2
    for never in ("3", "0", "-1", "x", "9" * 40):
        assert anne.post("/partenaires/signaler/", begun | {"grille": never}).status_code == 404, never


def test_an_administrator_writes_then_publishes(desk):
    assert "version 1" in desk.get(EDITOR).content.decode()
    assert desk.post(EDITOR, typed()).status_code == 302
    assert GridVersion.objects.published().count() == 1, "a draft is shown to nobody"
    assert "pas encore publié" in desk.get(EDITOR).content.decode()
    assert desk.post(EDITOR, typed(publier="1")).status_code == 302
    version = grids.current()
    assert version.number == 2
    assert [one.text for one in grids.grid_of(version).questions] == ["Qu’aime-t-elle ?", "Vit-elle seule ?"]
    assert not grids.has_draft()
    assert grids.publish(by_account=None) == version, "nothing to publish is nothing published"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"q-0-options": "Oui"}, "un choix par ligne"),
        ({"q-0-options": "Oui = 5"}, "de 2 à 8 choix"),
        ({"q-0-options": "Oui = 5\r\nOui = 1"}, "tous différents"),
        ({"q-0-options": "Oui = 50\r\nNon = 0"}, "de 0 à 20 points"),
        ({"medium_from": "4", "high_from": "3"}, "commence après"),
        ({"high_from": "99"}, "ne dépasse pas 5 points"),
        ({"q-0-text": "", "q-1-text": ""}, "au moins une question"),
        ({"q-0-text": "x" * 10_000}, "signes au plus"),
        ({"medium_from": "beaucoup"}, "nombre de points"),
    ],
)
def test_a_grid_that_nobody_could_read_is_refused_and_stays_in_the_page(desk, changed, said):
    answer = desk.post(EDITOR, typed(**changed))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert said in page
    assert "Vit-elle seule" in page or not changed.get("q-0-text", "x") or "xxx" in page
    assert not grids.has_draft()
