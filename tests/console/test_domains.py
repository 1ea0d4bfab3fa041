"""The addresses of a town: added, made the first, taken away."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import Site

from aid.configuration.addresses import address_of
from console.models import ConsoleAct
from harness.console import operator_s, row_of
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.towns import entry_of
from tenants import domains
from tenants.context import PLATFORM, facing, town_context
from tenants.models import Domain
from tenants.registry import registry

pytestmark = pytest.mark.django_db
NEW = "entraide.pont.example"


@pytest.fixture
def row(db):
    with facing(PLATFORM):
        yield row_of(entry_of(FIRST_TOWN))


@pytest.fixture
def url(row) -> str:
    return f"/console/ville/{row.schema_name}/adresses/"


def test_an_address_is_added_chosen_then_the_former_is_removed(row, url):
    console = operator_s()
    pasted = " https://WWW.Entraide.Pont.example/accueil "
    assert console.post(url, {"geste": "ajouter", "domain": pasted}).status_code == 302
    added = Domain.objects.get(domain=NEW)
    assert (added.tenant_id, added.is_primary) == (row.pk, False)
    assert Client(headers={"host": NEW}).get("/").status_code == 200
    assert console.post(url, {"geste": "choisir", "adresse": added.pk}).status_code == 302
    assert list(row.domains.filter(is_primary=True).values_list("domain", flat=True)) == [NEW]
    with town_context(entry_of(NEW)):
        assert Site.objects.get().hostname == NEW
        assert address_of("/x/") == f"https://{NEW}/x/"
    assert Client(headers={"host": FIRST_TOWN}).get("/").status_code == 200, "it still answers"
    assert "principale" in console.post(url, {"geste": "retirer", "adresse": added.pk}).content.decode()
    former = Domain.objects.get(domain=FIRST_TOWN)
    assert console.post(url, {"geste": "retirer", "adresse": former.pk}).status_code == 302
    # The pulse beats at the commit, which this test has none of.
    registry.clear()
    assert Client(headers={"host": FIRST_TOWN}).get("/").status_code == 404
    story = console.get(f"/console/ville/{row.schema_name}/").content.decode()
    for words in ("Adresse ajoutée", "Adresse principale changée", "Adresse retirée", NEW, FIRST_TOWN):
        assert words in story
    assert ConsoleAct.objects.filter(town=row).count() == 3


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Écrivez un nom de domaine."),
        ("pas un nom", "par exemple entraide.ma-ville.fr"),
        ("localhost", "par exemple entraide.ma-ville.fr"),
        ("192.168.1.1", "par exemple entraide.ma-ville.fr"),
        ("a..example", "par exemple entraide.ma-ville.fr"),
        ("-a.example", "par exemple entraide.ma-ville.fr"),
        ("x" * 64 + ".example", "par exemple entraide.ma-ville.fr"),
        ("a." * 130 + "example", "par exemple entraide.ma-ville.fr"),
        ("a\u202e.example", None),
        ("é.example", None),
        (FIRST_TOWN, "déjà"),
        (SECOND_TOWN, "déjà"),
        ("console.localhost", "réservé à la plateforme"),
        ("a.b.localhost", "celui de la plateforme"),
        ("<script>.example", "par exemple entraide.ma-ville.fr"),
    ],
)
def test_what_is_no_domain_is_refused_beside_its_field_and_kept(row, url, typed, told):
    before = set(Domain.objects.values_list("domain", flat=True))
    answer = operator_s().post(url, {"geste": "ajouter", "domain": typed})
    if told is None:
        assert all(one.isascii() for one in Domain.objects.values_list("domain", flat=True))
        return
    assert answer.status_code == 200
    assert told in answer.content.decode().replace("&#x27;", "’")
    assert set(Domain.objects.values_list("domain", flat=True)) == before


def test_the_platform_s_own_name_is_refused(row, settings):
    settings.PLATFORM_DOMAIN = "palier.example"
    for typed in (
        "palier.example",
        "PALIER.example.",
        "www.palier.example",
        "x.y.palier.example",
        "console.palier.example",
    ):
        with pytest.raises(ValidationError):
            domains.read(typed)
    assert domains.read("morlaix.palier.example") == "morlaix.palier.example"


def test_another_town_s_address_is_not_touched(row, url):
    theirs = Domain.objects.get(domain=SECOND_TOWN)
    for gesture in ("choisir", "retirer"):
        for number in (theirs.pk, "0", "rien", ""):
            page = operator_s().post(url, {"geste": gesture, "adresse": number}).content.decode()
            assert domains.GONE in page
    with pytest.raises(ValidationError):
        domains.remove_domain(row, theirs)
    theirs.refresh_from_db()
    assert theirs.is_primary
