"""An administrator imports a list, screen by screen, and exports everybody."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from aid.people import jobs
from aid.people.enums import ImportState
from aid.people.models import PeopleImport, Person
from harness.databases import FIRST_TOWN, SECOND_TOWN
from harness.desk import make_account, make_person
from tenants.context import facing

pytestmark = pytest.mark.django_db
HERE = "/bureau/personnes/importer/"
LIST = "Prénom;Nom;Téléphone\r\nZoé;N’Guessan;06 39 98 00 01\r\nOdette;Roy;12\r\nJeanne;Martin;01 99 00 12 34\r\n"


@pytest.fixture
def administrator(town):
    client = Client(headers={"host": FIRST_TOWN})
    client.force_login(make_account("admin@ccas.example", "Administrateurs", first_name="Farida"))
    return client


def send(client, text=LIST, name="Liste de Mme Dupont.csv"):
    raw = text.encode() if isinstance(text, str) else text
    return client.post(HERE, {"fichier": SimpleUploadedFile(name, raw)})


COLUMNS = {"geste": "verifier", "first_name": "0", "last_name": "1", "phone": "2"}


def test_a_list_is_sent_checked_confirmed_and_told(administrator):
    make_person()
    page = send(administrator)["Location"]
    made = PeopleImport.objects.get()
    assert page == f"{HERE}{made.uid}/"
    columns = administrator.get(page).content.decode()
    assert '<option value="2" selected>Téléphone</option>' in columns
    assert "N’Guessan" in columns
    assert administrator.post(page, COLUMNS)["Location"] == page
    assert "0 ligne sur 3" in administrator.get(page).content.decode()
    jobs.check_rows(people_import=made.pk)
    checked = administrator.get(page).content.decode()
    assert "Ce qui serait fait" in checked
    assert "Ligne 3\u00a0: Écrivez un numéro à dix chiffres" in checked
    assert "Voir la fiche de Jeanne Martin" in checked
    assert Person.objects.count() == 1
    assert administrator.post(page, {"geste": "importer", "deja_connues": "non"})["Location"] == page
    assert "2 lignes sur 3" in administrator.get(page).content.decode()
    jobs.write_rows(people_import=made.pk)
    done = administrator.get(page).content.decode()
    assert "C’est fini" in done
    assert Person.objects.count() == 2
    file = administrator.get(f"{page}lignes/")
    assert file["Content-Disposition"].startswith('attachment; filename="lignes-a-revoir-')
    assert "Odette" in file.content.decode("utf-8-sig")
    assert "Farida" in administrator.get(HERE).content.decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Ce fichier est vide."),
        (b"%PDF-1.7\n;;", "ne se lit pas comme un tableau"),
        (b"x" * (5 * 1024 * 1024 + 1), "trop lourd"),
        ("Prénom\r\n", "Ce fichier est vide"),
    ],
)
def test_a_file_that_is_no_list_is_refused_by_its_field(administrator, text, said):
    answer = send(administrator, text, name="liste.xlsx")
    assert answer.content.decode().count(said) == 2
    assert not PeopleImport.objects.exists()
    assert "Choisissez un fichier." in administrator.post(HERE).content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"first_name": ""}, "Choisissez la colonne du prénom."),
        ({"first_name": "99"}, "Choisissez une colonne de la liste."),
        ({"last_name": "0"}, "Cette colonne sert déjà"),
    ],
)
def test_columns_are_chosen_well(administrator, sent, said):
    page = send(administrator)["Location"]
    assert said in administrator.post(page, COLUMNS | sent).content.decode()
    assert PeopleImport.objects.get().state == ImportState.MAPPING


def test_columns_may_be_chosen_again_and_a_list_abandoned(administrator):
    page = send(administrator)["Location"]
    administrator.post(page, COLUMNS)
    jobs.check_rows(people_import=PeopleImport.objects.get().pk)
    assert "Que contient chaque colonne" in administrator.get(f"{page}?colonnes=1").content.decode()
    administrator.post(f"{page}?colonnes=1", COLUMNS | {"phone": ""})
    jobs.check_rows(people_import=PeopleImport.objects.get().pk)
    assert "À corriger</dt><dd>0" in administrator.get(page).content.decode()
    administrator.post(page, {"geste": "abandonner"})
    assert "Son fichier est effacé" in administrator.get(page).content.decode()
    assert administrator.get(f"{page}lignes/").status_code == 404
    assert administrator.post(page, {"geste": "importer", "deja_connues": "oui"}).status_code == 302
    assert not Person.objects.exists()


def test_what_a_list_holds_is_text_and_nothing_else(administrator):
    page = send(administrator, "Prénom;<script>alert(1)</script>\r\n<img src=x>;y\r\n")["Location"]
    shown = administrator.get(page).content.decode()
    assert "<script>alert" not in shown
    assert "<img src=x>" not in shown


def test_a_list_is_the_administrators_and_the_towns_own(administrator, desk, other_town):
    page = send(administrator)["Location"]
    made = PeopleImport.objects.get()
    administrator.post(page, COLUMNS)
    jobs.check_rows(people_import=made.pk)
    for path in (HERE, page, f"{page}lignes/", "/bureau/personnes/exporter/"):
        assert administrator.get(path).status_code == 200
        assert desk.get(path).status_code == 404  # an agent
    assert "Importer une liste" not in desk.get("/bureau/personnes/").content.decode()
    with facing(other_town):
        elsewhere = Client(headers={"host": SECOND_TOWN})
        elsewhere.force_login(make_account("admin@ailleurs.example", "Administrateurs"))
    for path in (page, f"{page}lignes/"):
        assert elsewhere.get(path).status_code == 404
        assert elsewhere.post(path, {"geste": "abandonner"}).status_code in {404, 405}
    for path in (f"/fichiers/imports/{made.uid}.table", f"/fichiers/imports/{made.uid}.csv"):
        assert administrator.get(path).status_code == 404


def test_everybody_is_exported_without_formulas(administrator, django_assert_max_num_queries):
    make_person("=cmd()", "@Martin", address="-1", birth_year=1941)
    make_person("Zoé", "O’Brien", phone="")
    with django_assert_max_num_queries(12):
        answer = administrator.get("/bureau/personnes/exporter/")
    assert answer["Content-Disposition"].startswith('attachment; filename="personnes-')
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [row[:3] for row in rows] == [
        ["Prénom", "Nom", "Téléphone"],
        ["'=cmd()", "'@Martin", "+33199001234"],
        ["Zoé", "O’Brien", ""],
    ]
    assert rows[1][7:9] == ["'-1", "1941"]
