import hashlib
import json
from contextlib import nullcontext

import pytest
from django.core.management import CommandError, call_command

from geography.models import Commune
from geography.services import ImportRefusedError, import_coordinates

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(tmp_path):
    def write(content):
        path = tmp_path / "communes"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return write


def fingerprint(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read(path):
    return import_coordinates(path, fingerprint(path))


def centre_of(code):
    commune = Commune.objects.get(code=code)
    return commune.latitude and (float(commune.latitude), float(commune.longitude))


def point(longitude, latitude):
    return {"type": "Point", "coordinates": [longitude, latitude]}


def feature(code, *coordinates):
    return {"type": "Feature", "properties": {"code": code}, "geometry": point(*coordinates)}


@pytest.mark.parametrize(
    "content",
    [
        {"type": "FeatureCollection", "features": [feature("2A001", 8.9, 41.95), feature("01018", 5, 46)]},
        [{"code": "2A001", "centre": point(8.9, 41.95)}, {"code": "01018", "centre": point(5, 46)}],
        "code,latitude,longitude\n2A001,41.95,8.9\n01018,46,5\n",
        "nom;LON;LAT;CODGEO\nAfa;8.9;41.95;2a001\nAncrans;5;46;01018\n",
    ],
    ids=["geojson", "json", "csv", "csv of the INSEE"],
)
def test_each_format_places_communes_and_reports_codes_of_before(write, content):
    assert centre_of("2A001") is None
    done = read(write(content))
    assert (done.placed, done.unknown_codes) == (1, ["01018"])
    assert centre_of("2A001") == (41.95, 8.9)


def test_an_import_replaces_what_shipped(write):
    read(write("code,latitude,longitude\n60509,49.3,2.6\n"))
    assert centre_of("60509") == (49.3, 2.6)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("code,latitude,longitude\n60509,49.3,2.6\n2A001,north,8\n", "Ligne 3"),
        ("code,latitude,longitude\n60509,91,2.6\n", "ne sont pas des degrés"),
        ("code,latitude,longitude\n60509,49,2\n60509,49,2\n", "donné deux fois"),
        ("code,latitude,longitude\n,49,2\n", "le code INSEE manque"),
        ("code,latitude,longitude\n", "aucune commune"),
        ("code,nom\n60509,Pont\n", "colonnes code, latitude et longitude"),
        ("code,latitude,longitude\n60509,49\n", "Ligne 2"),
        ("{", "JSON"),
        ({"communes": []}, "GeoJSON"),
        ([{"code": "60509"}], "Élément 1"),
        ([{"code": "60509", "centre": {"type": "Polygon", "coordinates": [[[1, 2]]]}}], "Élément 1"),
        (["60509"], "Élément 1"),
        ([{"code": "60509", "centre": point("2", None)}], "ne sont pas des degrés"),
    ],
)
def test_a_wrong_file_is_refused_whole(write, content, said):
    before = centre_of("60509")
    with pytest.raises(ImportRefusedError, match=said):
        read(write(content))
    assert centre_of("60509") == before


def test_many_problems_are_not_all_shown(write):
    rows = "".join(f"{code},x,y\n" for code in range(10_000, 10_050))
    with pytest.raises(ImportRefusedError) as error:
        read(write(f"code,latitude,longitude\n{rows}"))
    assert len(error.value.problems) == 50
    assert str(error.value).endswith("… et 30 autres lignes refusées.")


def test_the_command(write, capsys, monkeypatch):
    monkeypatch.setattr("tenants.walls.provisioning", nullcontext)
    path = write("code,latitude,longitude\n2A001,41.95,8.9\n01018,46,5\n")
    call_command("import_coordinates", str(path), "--sha256", fingerprint(path))
    said = capsys.readouterr().out
    assert "Communes placées\N{NO-BREAK SPACE}: 1." in said
    assert "01018" in said
    with pytest.raises(CommandError, match="Rien n’a été importé"):
        call_command("import_coordinates", str(path), "--sha256", "0" * 64)
