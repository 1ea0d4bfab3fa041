import hashlib
import zipfile
from contextlib import nullcontext
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from geography.models import AgeCount, Census
from geography.services import ImportRefusedError, import_ages

pytestmark = pytest.mark.django_db
HEADER = "CODGEO;P22_POP;P22_POP6074;P22_POP75P;P16_POP6074;P16_POP75P"


@pytest.fixture
def write(tmp_path):
    def write(*lines, header=HEADER):
        path = tmp_path / "base-cc-evol-struct-pop-2022.CSV"
        path.write_text("\n".join([header, *lines]), encoding="utf-8")
        return path

    return write


def fingerprint(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read(path):
    return import_ages(path, fingerprint(path))


def refusal(path):
    with pytest.raises(ImportRefusedError) as error:
        read(path)
    assert not AgeCount.objects.exists()
    assert not Census.objects.exists()
    return error.value.problems


def count(code):
    return AgeCount.objects.get(commune=code)


def test_columns_are_kept_as_read_with_their_vintage(write):
    path = write("60509;12361;2100.123456789012;1200.5;9;9", "58145;1251;300;280.25;9;9")
    done = read(path)
    assert (done.vintage, done.communes, done.unknown_codes) == (2022, 2, [])
    assert "Grenoble" in done.without_figures
    assert "Lormes" not in done.without_figures
    assert "Beaumont-en-Verdunois" not in done.without_figures
    row = count("60509")
    assert row.aged_60_to_74 == Decimal("2100.123456789012")
    assert row.aged_60_or_more == Decimal("3300.623456789012")
    census = Census.objects.get()
    assert (census.vintage, census.file_name, census.sha256) == (2022, path.name, fingerprint(path))


def test_communes_merged_since_are_added_up(write):
    done = read(write("01033;1;10.5;1;0;0", "01018;1;20.25;2;0;0", "01120;1;5;5;0;0", "XXXXX;1;1;1;0;0"))
    assert count("01033").aged_60_to_74 == Decimal("30.75")
    assert count("01262").aged_60_to_74 == Decimal(5)
    assert done.unknown_codes == ["XXXXX"]


def test_arrondissements_count_only_when_their_city_does_not(write):
    read(write("75056;1;100;100;0;0", "75101;1;7;7;0;0", "69381;1;3;3;0;0", "69382;1;4;4;0;0"))
    assert count("75056").aged_60_to_74 == 100
    assert count("69123").aged_60_to_74 == 7


def test_an_empty_cell_leaves_the_whole_commune_unknown(write):
    done = read(write("01033;1;10;1;0;0", "01018;1;;2;0;0", "60509;1;1;1;0;0"))
    assert done.communes == 1
    assert "Valserhône" in done.without_figures


def test_the_same_vintage_is_replaced_whole(write):
    read(write("60509;1;1;1;0;0", "58145;1;2;2;0;0"))
    read(write("60509;1;5;5;0;0"))
    assert [(row.commune_id, row.aged_60_to_74) for row in AgeCount.objects.all()] == [("60509", 5)]
    assert Census.objects.count() == 1


def test_the_zip_of_the_insee_is_read_as_it_is(write, tmp_path):
    path = write("60509;1;2;3;0;0")
    packed = tmp_path / "base_csv.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(path, "base-cc-evol-struct-pop-2022.CSV")
        archive.writestr("meta_base-cc-evol-struct-pop-2022.CSV", "COD_VAR;LIB_VAR\n")
    assert read(packed).communes == 1
    with zipfile.ZipFile(packed, "a") as archive:
        archive.write(path, "another.csv")
    with pytest.raises(ImportRefusedError, match="un seul fichier CSV"):
        read(packed)


def test_another_file_than_the_one_meant_is_refused(write):
    path = write("60509;1;2;3;0;0")
    with pytest.raises(ImportRefusedError, match=fingerprint(path)):
        import_ages(path, "0" * 64)
    assert import_ages(path, f" {fingerprint(path).upper()} ").communes == 1


def test_every_bad_line_is_said_and_nothing_is_kept(write):
    problems = refusal(
        write("60509;1;2;3;0;0", "58145;1;beaucoup;3;0;0", "60509;1;2;3;0;0", ";1;2;3;0;0", "38185;1;-1;NaN;0;0")
    )
    assert [problem.split("\N{NO-BREAK SPACE}:")[0] for problem in problems] == [
        "Ligne 3",
        "Ligne 4",
        "Ligne 5",
        "Ligne 6",
    ]


@pytest.mark.parametrize(
    ("lines", "header", "said"),
    [
        (["60509;1"], HEADER, "Ligne 2\N{NO-BREAK SPACE}: 2 colonnes"),
        (["60509;1;2"], "CODGEO;P22_POP6074;P19_POP75P", "CODGEO, P…_POP6074 et P…_POP75P"),
        (["60509;1;2"], "COM;P22_POP6074;P22_POP75P", "CODGEO, P…_POP6074 et P…_POP75P"),
        ([], HEADER, "aucune commune"),
        ([], "", "aucune commune"),
    ],
)
def test_a_file_of_another_shape_is_refused(write, lines, header, said):
    assert said in refusal(write(*lines, header=header))[0]


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "ages.csv"
    path.write_bytes(HEADER.encode() + b"\n\xff\xfe\x00")
    assert refusal(path) == ["Ce fichier n’est pas du texte en UTF-8."]


def test_an_absent_file_is_said(tmp_path):
    with pytest.raises(ImportRefusedError, match="ne se lit pas"):
        import_ages(tmp_path / "absent.csv", "0" * 64)


def test_the_command(write, capsys, monkeypatch):
    monkeypatch.setattr("tenants.walls.provisioning", nullcontext)
    path = write("60509;1;2;3;0;0", "XXXXX;1;1;1;0;0")
    call_command("import_ages", str(path), "--sha256", fingerprint(path))
    said = capsys.readouterr().out
    assert "Recensement de 2022. Communes renseignées\N{NO-BREAK SPACE}: 1." in said
    assert "XXXXX" in said
    with pytest.raises(CommandError, match="Rien n’a été importé"):
        call_command("import_ages", str(path), "--sha256", "0" * 64)
