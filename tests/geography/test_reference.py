import json
import lzma

import pytest
from django.db import IntegrityError, connection, transaction

from geography.models import Commune, Department, FormerCommune, Intercommunality, ReferenceEdition, Region
from geography.services import load_reference, reference
from geography.tables import REFERENCE_TABLES

pytestmark = pytest.mark.django_db


def test_a_second_load_costs_one_query_and_says_nothing(django_assert_num_queries):
    lines = []
    connection.cursor().close()  # the wall of the transaction is set by the first one
    with django_assert_num_queries(1):
        load_reference(lines.append)
    assert lines == []


def test_the_whole_of_france_is_there():
    assert Commune.objects.current().count() == 34_969
    assert Intercommunality.objects.current().count() == 1_255
    assert (Department.objects.count(), Region.objects.count()) == (109, 26)
    quesnoy = Commune.objects.get(code="59481")
    assert quesnoy.name == "Le Quesnoy"
    assert quesnoy.postal_codes == ["59530"]
    assert quesnoy.intercommunality.name == "CC du Pays de Mormal"
    assert quesnoy.intercommunality.communes.count() == 52
    assert (float(quesnoy.latitude), float(quesnoy.longitude)) == (50.24797, 3.63656)


@pytest.mark.long
def test_a_later_edition_keeps_what_it_drops_and_what_was_imported(tmp_path, monkeypatch):
    Commune.objects.filter(code="60509").update(latitude="49.1", longitude="2.1")
    france = json.loads(lzma.decompress(reference.REFERENCE.read_bytes()))
    france["edition"] = "2027"
    france["communes"] = [
        [*row[:4], 1 if row[0] == "60509" else row[4], *row[5:]] for row in france["communes"] if row[0] != "01002"
    ]
    france["former_communes"].append(["01002", "L’Abergement-de-Varey", "delegated", "01001"])
    later = tmp_path / "france.json.xz"
    later.write_bytes(lzma.compress(json.dumps(france).encode(), preset=0))
    monkeypatch.setattr(reference, "REFERENCE", later)

    lines = []
    load_reference(lines.append)

    assert lines == ["Géographie 2027\N{NO-BREAK SPACE}: 34968 communes, 1255 intercommunalités."]
    assert ReferenceEdition.objects.get().edition == "2027"
    assert list(Commune.objects.filter(is_current=False).values_list("code", flat=True)) == ["01002"]
    assert FormerCommune.objects.get(code="01002").commune_id == "01001"
    kept = Commune.objects.get(code="60509")
    assert (kept.population, float(kept.latitude)) == (1, 49.1)


def test_towns_may_read_these_tables_and_they_exist():
    assert set(REFERENCE_TABLES) <= set(connection.introspection.table_names())


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"latitude": 48}, "geography_commune_centre"),
        ({"latitude": 91, "longitude": 2}, "geography_commune_centre"),
        ({"code": "6050"}, "geography_commune_code"),
    ],
)
def test_the_database_refuses_a_commune_that_cannot_be(changes, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Commune.objects.create(**{"code": "60999", "name": "X", "department_id": "60"} | changes)
