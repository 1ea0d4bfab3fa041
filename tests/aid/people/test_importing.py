"""Lists of people are checked, then written down once, however often the worker dies."""

import csv
import io
from datetime import datetime, timedelta

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account
from aid.people import jobs
from aid.people.enums import Channel, ImportState, RowState
from aid.people.importing import services
from aid.people.importing.columns import guess
from aid.people.models import ImportedRow, PeopleImport, Person, private_storage
from aid.people.services import register_person
from aid.territory.models import CoveredCommune
from aid.territory.services import add_district
from core.csv_files import write_csv

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
TITLES = ["Prénom", "Nom", "Tél.", "Portable", "Courriel", "Commune", "Date de naissance"]


@pytest.fixture
def administrator(town):
    return Account.objects.create_account(email="admin@ccas.example")


@pytest.fixture
def send(administrator):
    """Send a list of these rows, under the usual titles, and have it checked."""

    def sent(*rows, titles=TITLES):
        raw = "\r\n".join(";".join(row) for row in [titles, *rows]).encode()
        made = services.start_import(file=io.BytesIO(raw), by_account=administrator)
        services.check_import(made, columns=made.columns)
        jobs.check_rows(people_import=made.pk)
        made.refresh_from_db()
        return made

    return sent


def write(made, *, creates_known=False):
    assert services.confirm_import(made, creates_known=creates_known)
    jobs.write_rows(people_import=made.pk)
    made.refresh_from_db()


def fates(made):
    return dict(made.rows.values_list("number", "state"))


def left_out(made):
    with private_storage().open(made.left_out_file.name) as file:
        return list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        (["NOM", "Prénom", "Tél"], {"first_name": 1, "last_name": 0, "phone": 2}),
        (["prenom", "mobile", "E-mail", "CP"], {"first_name": 0, "mobile": 1, "email": 2, "postal_code": 3}),
        (["Prénom", "Adresse e-mail", "Adresse", "Né(e) le"], {"first_name": 0, "email": 1, "address": 2, "birth": 3}),
        (["Ville", "Quartier", "Année de naissance"], {"commune": 0, "district": 1, "birth": 2}),
        (["x", "", "Civilité"], {}),
    ],
)
def test_columns_are_guessed_by_their_french_titles(headers, found):
    assert guess(headers) == found


def test_a_list_is_checked_then_written_down_with_who_sent_it(send, administrator):
    made = send(
        ["Zoé", "N’Guessan", "", "06 39 98 00 01", "", "", "12/03/1941"],
        ["Élise", "Le Goff-Ménard", "01 99 00 12 34", "", "Elise@Exemple.example", "", "1950"],
        ["Y", "O’Brien", "", "", "y@exemple.example", "", ""],
    )
    assert (made.state, services.counts(made)) == (ImportState.CHECKED, {RowState.NEW: 3})
    assert not Person.objects.exists()
    write(made)
    zoe, elise, y = Person.objects.order_by("pk")
    assert (zoe.full_name, zoe.phone, zoe.birth_year, zoe.channel) == (
        "Zoé N’Guessan", "+33639980001", 1941, Channel.SMS,
    )  # fmt: skip
    assert (elise.phone, elise.email, elise.channel) == ("+33199001234", "elise@exemple.example", Channel.EMAIL)
    assert (y.first_name, y.channel) == ("Y", Channel.EMAIL)
    assert {one.created_by for one in (zoe, elise, y)} == {administrator}
    assert {one.commune for one in (zoe, elise, y)} == {CoveredCommune.objects.get()}
    assert (made.state, made.created_by, made.file.name) == (ImportState.DONE, administrator, "")
    assert not private_storage().exists(f"imports/{made.uid}.table")
    assert set(made.rows.values_list("state", "person")) == {(RowState.CREATED, one.pk) for one in (zoe, elise, y)}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("06.39.98.00.01", "+33639980001"),
        ("639980001", "+33639980001"),  # a spreadsheet's number
        ("0033 1 99 00 12 34", "+33199001234"),
        ("+262 692 12 34 56", "+262692123456"),
        ("+590 590 27 12 34", "+590590271234"),
        ("+32 2 555 12 12", "+3225551212"),
    ],
)
def test_numbers_of_france_overseas_and_abroad_are_read(send, typed, kept):
    made = send(["Zoé", "", typed])
    write(made)
    assert Person.objects.get().phone == kept


def test_names_are_kept_as_they_look(send):
    write(send(["Jean\u200bne", "\u202eD\u202cupont"], ["E\u0301lise", "فاطمة"]))
    assert [one.full_name for one in Person.objects.order_by("pk")] == ["Jeanne Dupont", "Élise فاطمة"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["", "Martin"], "Écrivez au moins un prénom."),
        (["12"], "Écrivez un prénom avec des lettres."),
        (["x" * 81], "80"),
        (["Zoé", "", "12 34"], "Écrivez un numéro à dix chiffres"),
        (["Zoé", "", "", "", "pas une adresse"], "adresse e-mail"),
        (["Zoé", "", "", "", "", "Marseille"], "Cette commune n’est pas du territoire."),
        (["Zoé", "", "", "", "", "", "41"], "Écrivez l’année de naissance"),
        (["Zoé", "", "", "", "", "", "31/02/1941"], "Écrivez l’année de naissance"),
        (["Zoé", "", "", "", "", "", "2199"], "Écrivez l’année de naissance"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_reason_and_the_others_are_not(send, row, reason):
    made = send(row, ["Odette", "Morel"])
    assert fates(made) == {2: RowState.REFUSED, 3: RowState.NEW}
    assert reason in made.rows.get(number=2).reason
    write(made)
    assert Person.objects.get().first_name == "Odette"
    titles, line = left_out(made)
    assert titles[:3] == ["Ligne", "Pourquoi", "Prénom"]
    assert (line[0], line[2]) == ("2", row[0])


def test_the_refused_rows_are_no_formulas(send):
    made = send(["=1+1", "@x", "+33639980001", "", "-1"])
    assert left_out(made)[1][2:] == ["'=1+1", "'@x", "+33639980001", "", "'-1"]


def test_who_is_known_is_never_created_unless_the_administrator_says_so(send):
    jeanne = register_person(first_name="Jeanne", last_name="Dupont", phone="+33639980001", birth_year=1941)
    rows = (["Paul", "Dupont", "06 39 98 00 01"], ["Jane", "Dupond", "", "", "", "", "1941"], ["Jane", "Dupond"])
    made = send(*rows)
    assert fates(made) == {2: RowState.KNOWN, 3: RowState.KNOWN, 4: RowState.NEW}
    assert {row.person for row in made.rows.filter(state=RowState.KNOWN)} == {jeanne}
    write(made)
    assert Person.objects.count() == 2
    assert [line[0] for line in left_out(made)[1:]] == ["2", "3"]
    again = send(*rows[:2])
    write(again, creates_known=True)
    assert Person.objects.count() == 4


def test_what_a_list_repeats_is_created_once_and_a_couple_twice(send):
    made = send(
        ["Jeanne", "Dupont", "06 39 98 00 01"],
        ["Paul", "Dupont", "06 39 98 00 01"],
        ["Jeanne", "Dupont", "06 39 98 00 01"],
        ["Marie", "Roy", "", "", "", "", "1941"],
        ["Mari", "Roi", "", "", "", "", "1941"],
    )
    assert [number for number, state in fates(made).items() if state == RowState.KNOWN] == [4, 6]
    assert "ligne 2" in made.rows.get(number=4).reason
    write(made)
    assert Person.objects.count() == 3


def test_who_was_written_down_since_the_check_is_not_created_again(send):
    made = send(["Jeanne", "Dupont", "06 39 98 00 01"])
    register_person(first_name="Jeanne", phone="+33639980001")
    write(made)
    assert Person.objects.count() == 1
    assert fates(made) == {2: RowState.KNOWN}


def test_a_killed_worker_creates_nobody_twice(send, monkeypatch):
    monkeypatch.setattr(services, "BATCH", 2)
    made = send(*([f"Zoé{letter}", "", f"063998000{place}"] for place, letter in enumerate("ABCDE")))
    assert services.confirm_import(made, creates_known=False)
    batches = services._create
    left = [2]

    def dies(*args):
        left[0] -= 1
        batches(*args)
        if not left[0]:
            raise KeyboardInterrupt

    monkeypatch.setattr(services, "_create", dies)
    with pytest.raises(KeyboardInterrupt):
        jobs.write_rows(people_import=made.pk)
    assert Person.objects.count() == 2  # the batch under which it died was rolled back
    monkeypatch.setattr(services, "_create", batches)
    for _ in range(2):
        jobs.write_rows(people_import=made.pk)
    assert Person.objects.count() == 5
    assert services.counts(PeopleImport.objects.get()) == {RowState.CREATED: 5}


def test_a_check_goes_on_where_it_stopped(send, monkeypatch):
    made = send(["Zoé"], ["Odette"])
    made.rows.get(number=3).delete()
    PeopleImport.objects.update(state=ImportState.CHECKING)
    jobs.check_rows(people_import=made.pk)
    assert fates(made) == {2: RowState.NEW, 3: RowState.NEW}


def test_each_step_is_taken_once(send):
    made = send(["Zoé"])
    assert services.confirm_import(made, creates_known=False)
    assert not services.confirm_import(made, creates_known=True)
    assert not services.check_import(made, columns={"first_name": 0})
    assert not PeopleImport.objects.get().creates_known


def test_a_week_later_nothing_is_left_but_who_sent_it(send, administrator):
    made = send(["", "Martin"])
    assert private_storage().exists(made.left_out_file.name)
    for _ in range(2):
        jobs.forget_import(people_import=made.pk)
    made.refresh_from_db()
    assert (made.state, made.file.name, made.left_out_file.name) == (ImportState.ABANDONED, "", "")
    assert made.created_by == administrator
    for ending in ("table", "csv"):
        assert not private_storage().exists(f"imports/{made.uid}.{ending}")


def test_a_week_is_when_it_is_forgotten(administrator, monkeypatch):
    asked = []
    monkeypatch.setattr(jobs.forget_import, "defer", lambda **options: asked.append(options))
    made = services.start_import(file=io.BytesIO(write_csv([["Prénom"], ["Zoé"]])), by_account=administrator)
    assert asked[0]["people_import"] == made.pk
    assert abs(asked[0]["schedule_at"] - timezone.now() - timedelta(days=7)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "vide"),
        ("Prénom;Nom\r\n".encode(), "vide"),
        (b"Nom\r\n" + b"x\r\n" * 20_001, "trop longue"),
        (b"%PDF-1.7\nx", "ne se lit pas"),
    ],
)
def test_what_is_no_list_is_refused_and_nothing_is_kept(administrator, raw, said):
    with pytest.raises(ValidationError, match=said):
        services.start_import(file=io.BytesIO(raw), by_account=administrator)
    assert not PeopleImport.objects.exists()


def test_districts_are_those_of_the_commune(send):
    district = add_district(name="Les Terriers", commune=CoveredCommune.objects.get())
    titles = ["Prénom", "Quartier", "Code postal"]
    made = send(
        ["Zoé", "les terriers"], ["Odette", "Ailleurs"], ["Max", "", "60700"], ["Lucie", "", "13001"], titles=titles
    )
    assert fates(made) == {2: RowState.NEW, 3: RowState.REFUSED, 4: RowState.NEW, 5: RowState.REFUSED}
    write(made)
    assert Person.objects.get(first_name="Zoé").district == district


def test_a_batch_costs_the_same_whatever_it_holds(send):
    def statements(count):
        made = send(*([f"Zoé{chr(97 + place)}", "Morel", f"06399801{place:02}"] for place in range(count)))
        services.confirm_import(made, creates_known=False)
        with CaptureQueriesContext(connection) as log:
            jobs.write_rows(people_import=made.pk)
        Person.objects.all().delete()
        assert ImportedRow.objects.filter(people_import=made, state=RowState.CREATED).count() == count
        return len([one for one in log.captured_queries if "SAVEPOINT" not in one["sql"]])

    assert statements(3) == statements(24) <= 13


def test_an_xlsx_is_imported_as_a_csv_is(administrator):
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Prénom", "Nom", "Mobile", "Date de naissance"])
    book.active.append(["Zoé", "O’Brien", 639980001, datetime(1941, 3, 12)])  # noqa: DTZ001 (a spreadsheet has none)
    book.save(file)
    made = services.start_import(file=file, by_account=administrator)
    services.check_import(made, columns=made.columns)
    jobs.check_rows(people_import=made.pk)
    made.refresh_from_db()
    write(made)
    zoe = Person.objects.get()
    assert (zoe.full_name, zoe.phone, zoe.birth_year) == ("Zoé O’Brien", "+33639980001", 1941)


def test_a_list_abandoned_between_two_batches_goes_no_further(send, monkeypatch):
    monkeypatch.setattr(services, "BATCH", 1)
    made = send(["Zoé"], ["Odette"])
    services.confirm_import(made, creates_known=False)
    assert not services.forget_import(made.pk, unless_running=True)
    batches = services._create

    def forgotten_meanwhile(*args):
        batches(*args)
        services.forget_import(made.pk)

    monkeypatch.setattr(services, "_create", forgotten_meanwhile)
    jobs.write_rows(people_import=made.pk)
    assert PeopleImport.objects.get().state == ImportState.ABANDONED
    assert Person.objects.get().first_name == "Zoé"
    assert not private_storage().exists(f"imports/{made.uid}.csv")
