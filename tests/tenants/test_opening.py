"""Opening towns: what is refused, what is made, and that it is equal to its template."""

import errno
import random
import re

import pytest
from django.contrib.auth.models import Group
from django.db import OperationalError, connection
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st
from psycopg.errors import DiskFull
from stdnum.fr import siret as siret_number
from wagtail.models import Page, Site

from accounts.models import Account
from aid.configuration.models import Identity
from aid.territory.models import CoveredCommune
from geography.models import Commune, Department, Intercommunality
from harness.catalog import catalog_of, rows_of
from harness.letters import caught
from tenants import addresses, dump, files, walls
from tenants.context import platform_context, town_context
from tenants.lifecycle import erase_town
from tenants.models import BlueprintBuild, Domain, Pulse, Town
from tenants.opening import Opened, OpeningError, Request, open_town
from tenants.registry import registry

pytestmark = pytest.mark.usefixtures("own_database")


def opened(name: str, **asked: object) -> Opened:
    """Open a town from the first blueprint."""
    return open_town(Request(**({"blueprint": "bip-pop", "name": name} | asked)))


def test_where_a_town_names_its_communes_those_of_france_are_not_read():
    town = opened("Chamonix-Mont-Blanc", communes=["74056"])
    with town_context(town.town):
        plan = CoveredCommune.objects.all().explain()
    assert "Seq Scan on geography_commune" not in plan, plan


def test_a_town_answers_at_once_with_its_name_telephone_and_administrator():
    town = opened("Annecy", communes=["74010"], telephone="04.50.33.00.00", admin_email="Maire@Annecy.example")
    client = Client(headers={"host": "annecy.localhost"})
    html = client.get("/").content.decode()
    assert "Annecy" in html
    assert 'href="tel:+33450330000"' in html
    with town_context(town.town):
        account = Account.objects.get()
        assert account.email == "maire@annecy.example"
        assert not account.has_usable_password()
        assert list(account.groups.values_list("name", flat=True)) == ["Administrateurs"]
        assert Identity.objects.get().place_phrase == "d’Annecy"
        assert Site.objects.get().hostname == "annecy.localhost"
        assert list(CoveredCommune.objects.values_list("commune_id", flat=True)) == ["74010"]
    assert town.sign_in_path == "/connexion/?next=/gestion/"
    with caught() as letters:
        asked = client.post(town.sign_in_path, {"login": "Maire@annecy.example"})
        signed_in = client.post(asked["Location"], {"code": letters.left[0].code}, follow=True)
    # Its first administrator then makes ready the second step.
    assert [path for path, _ in signed_in.redirect_chain] == [
        "/gestion/",
        "/securite/verification/?next=/gestion/",
        "/securite/activer/?next=/gestion/",
    ]
    assert "Annecy" in signed_in.content.decode()


@pytest.mark.parametrize("several", [1, pytest.param(7, marks=pytest.mark.long)])
def test_towns_drawn_from_the_data_answer_with_their_exact_names(several):
    draw = random.Random(20261121 + several)
    with platform_context():
        communes = draw.sample(list(Commune.objects.current().filter(population__gt=0)), 2 * several)
        groups = draw.sample(list(Intercommunality.objects.filter(is_current=True)), several)
        departments = draw.sample(list(Department.objects.exclude(code__in=["975", "977", "978", "984", "986"])), 1)
    asked = [(one.name, {"communes": [one.code]}) for one in communes]
    asked += [(one.name, {"epci": one.siren}) for one in groups]
    asked += [(one.name, {"departement": one.code}) for one in departments]
    for name, where in asked:
        town = opened(name, **where)
        answer = Client(headers={"host": town.domain}).get("/")
        assert answer.status_code == 200
        shown = re.search(r'class="brand__name"[^>]*>([^<]+)<', answer.content.decode())
        assert shown, f"{name}: no name in the header"
        assert shown[1].replace("&#x27;", "'").strip() == name
        with platform_context():
            expected = set(town.town.communes.values_list("pk", flat=True))
        with town_context(town.town):
            assert set(CoveredCommune.objects.values_list("commune_id", flat=True)) == expected


def test_a_town_is_equal_to_its_template_but_for_what_is_its_own():
    town = opened("Vannes", communes=["56260"]).town
    with walls.provisioning():
        template = BlueprintBuild.objects.get(slug="bip-pop")
        assert catalog_of(template.schema_name) == catalog_of(town.schema_name)
        differing = {
            table
            for table, digest in rows_of(template.schema_name).items()
            if digest != rows_of(town.schema_name)[table]
        }
        assert differing <= {
            "configuration_identity",
            "territory_coveredcommune",
            "wagtailcore_page",
            "wagtailcore_site",
            "wagtailsearch_indexentry",
            "wagtailcore_modellogentry",
            "wagtailcore_referenceindex",
        }
        # Nothing of the town leads back to the template.
        assert template.schema_name not in "".join(dump.definitions(town.schema_name)[town.schema_name])


def test_schemas_told_at_once_are_those_told_alone():
    with walls.provisioning():
        schemas = list(BlueprintBuild.objects.order_by("pk").values_list("schema_name", flat=True))[:2]
        alone = [dump.definitions(schema) for schema in schemas]
        assert dump.definitions(*schemas) == alone[0] | alone[1]
        assert dump.definitions() == {}


def test_the_budget_of_tables_and_indexes_holds():
    town = opened("Auray", communes=["56007"]).town
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE relkind = 'r'), count(*) FILTER (WHERE relkind = 'i'), "
            "count(*) FILTER (WHERE relkind = 'i' AND relname LIKE '%%\\_like') "
            "FROM pg_class WHERE relnamespace = %s::regnamespace",
            [town.schema_name],
        )
        tables, indexes, twins = cursor.fetchone()
    assert tables <= 150
    assert indexes <= 600
    assert twins == 0


def test_towns_of_one_name_get_distinct_addresses_that_tell_where_they_are():
    first = opened("Saint-Denis", communes=["93066"])
    second = opened("Saint-Denis", communes=["97411"])
    third = opened("Saint-Denis", communes=["11339"])
    assert [one.domain for one in (first, second, third)] == [
        "saint-denis.localhost",
        "saint-denis-974.localhost",
        "saint-denis-11.localhost",
    ]
    with pytest.raises(OpeningError, match="déjà ouverte"):
        opened("Saint-Denis", communes=["93066"])


def state() -> tuple[int, int, int, set[str], set[str]]:
    """All that an opening may leave behind."""
    with walls.provisioning(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace")
        schemas = cursor.fetchone()[0]
        # Roles are the server's: other workers of the tests make theirs meanwhile.
        cursor.execute("SELECT count(*) FROM pg_roles WHERE starts_with(rolname, %s)", [walls.role("")])
        roles = cursor.fetchone()[0]
        towns = set(Town.objects.values_list("name", flat=True))
        return schemas, roles, Pulse.objects.count(), towns, files.schemas_with_files()


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"blueprint": "inconnu"}, "n’existe pas"),
        ({"communes": ["99999"]}, "99999"),
        ({"communes": []}, "Indiquez au moins une commune"),
        ({"communes": ["55039"]}, "sans habitants"),
        ({"communes": ["01003"]}, "fait aujourd’hui partie d.*utilisez le code"),
        ({"epci": "123456789"}, "intercommunalité"),
        ({"departement": "999"}, "département"),
        ({"siret": "12345678901234"}, "SIRET"),
        ({"siren": "123"}, "SIREN"),
        ({"siren": "213805195", "siret": "21380519500019"}, "SIRET|SIREN"),
        ({"kind": "royaume"}, "royaume|choix"),
        ({"name": ""}, "vide|nom|sous-domaine"),
        ({"name": "…"}, "sous-domaine"),
        ({"name": "n" * 200}, "120"),
        ({"subdomain": "www"}, "réservé"),
        ({"subdomain": "api"}, "réservé"),
        ({"subdomain": "admin"}, "réservé"),
        ({"subdomain": "mail"}, "réservé"),
        ({"subdomain": "pont-sainte-maxence"}, "déjà pris"),
        ({"subdomain": "-tiret"}, "sous-domaine possible"),
        ({"subdomain": "é"}, "sous-domaine possible"),
        ({"subdomain": "a.b"}, "sous-domaine possible"),
        ({"subdomain": "a/b"}, "sous-domaine possible"),
        ({"subdomain": "x" * 64}, "sous-domaine possible"),
        ({"subdomain": "xn--caf-dma"}, "sous-domaine possible"),
        ({"admin_email": "pas une adresse"}, "e-mail|courriel|adresse"),
        ({"telephone": "12"}, "dix chiffres"),
    ],
)
def test_what_cannot_be_opened_leaves_nothing(asked, why):
    before = state()
    with pytest.raises(OpeningError, match=why):
        open_town(Request(**({"blueprint": "bip-pop", "name": "Quimper", "communes": ["29232"]} | asked)))
    assert state() == before


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Y", "y"),
        ("L’Haÿ-les-Roses", "l-hay-les-roses"),
        ("Château-d'Œx (« la Neuve ») / Est", "chateau-d-oex-la-neuve-est"),
        ("Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson", "saint-remy-en-bouzemont-saint-genest-et-isson"),
        ("Beaujeu-Saint-Vallier-Pierrejux-et-Quitteur-sur-les-Monts-x", None),
        ("a" * 80, "a" * 63),
        (
            "Communauté d’agglomération du Grand Paris Sud Seine-Essonne-Sénart",
            "communaute-d-agglomeration-du-grand-paris-sud-seine-essonne",
        ),
    ],
)
def test_a_label_made_of_a_name_is_one_that_dns_takes(name, label):
    made = addresses.label_of(name)
    assert addresses.LABEL.fullmatch(made)
    if label:
        assert made == label


@given(st.text(max_size=150))
@example("www")
@example("-" * 70)
def test_any_name_gives_a_label_or_nothing(name):
    made = addresses.label_of(name)
    assert made == "" or addresses.LABEL.fullmatch(made)


@given(st.text(alphabet="abc-", min_size=1, max_size=100), st.integers(min_value=1, max_value=63))
def test_a_cut_label_fits_and_ends_well(label, length):
    made = addresses.cut(label.strip("-") or "a", length)
    assert 0 < len(made) <= length
    assert not made.endswith("-")


def test_a_reserved_name_is_opened_beside():
    assert opened("Support", communes=["09001"]).domain == "support-09.localhost"


def test_a_town_that_is_erased_leaves_nothing_and_may_come_back():
    before = state()
    town = opened("Fontenay", communes=["36075"]).town
    schema = town.schema_name
    files.folder_of(schema, "MEDIA_ROOT").mkdir(parents=True)
    (files.folder_of(schema, "MEDIA_ROOT") / "image.png").write_bytes(b"x")
    registry.find("fontenay.localhost")
    erase_town(town)
    assert state() == before
    assert registry.find("fontenay.localhost")[0] is None
    assert opened("Fontenay", communes=["36075"]).domain == "fontenay.localhost"


def test_administrators_have_their_pages_and_no_more():
    town = opened("Redon", communes=["35236"], admin_email="a@redon.example")
    with town_context(town.town):
        account = Account.objects.get()
        assert not account.is_superuser
        assert account.has_perm("wagtailadmin.access_admin")
        assert account.has_perm("configuration.change_identity")
        assert not account.has_perm("wagtailcore.change_site")
        assert set(Group.objects.values_list("name", flat=True)) == {"Administrateurs", "Agents", "Coordinateurs"}
        assert Page.objects.filter(depth=2).count() == 1


def test_the_public_rows_of_a_town_are_all_there():
    with platform_context():
        siren = Commune.objects.get(code="35360").siren
    siret = next(f"{siren}000{count:02}" for count in range(100) if siret_number.is_valid(f"{siren}000{count:02}"))
    town = opened("Vitré", communes=["35360"], siret=siret)
    with platform_context():
        domain = Domain.objects.get(tenant=town.town)
        assert (domain.domain, domain.is_primary) == ("vitre.localhost", True)
        assert town.town.siren == siren
        assert town.town.opened_at


@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "No space left on device"), DiskFull("could not extend file")])
def test_a_full_disk_is_told_and_leaves_nothing(monkeypatch, fault):
    before = state()

    def fill_the_disk(*args: object, **kwargs: object) -> None:
        if isinstance(fault, OSError):
            raise fault
        raise OperationalError(str(fault)) from fault

    monkeypatch.setattr(files, "copy", fill_the_disk)
    with pytest.raises(OpeningError, match="disque est plein"):
        opened("Dinan", communes=["22050"])
    assert state() == before
    monkeypatch.undo()
    erase_town(opened("Dinan", communes=["22050"]).town)
