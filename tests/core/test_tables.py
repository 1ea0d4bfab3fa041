"""Tables are read whatever wrote them; what is no table is refused before it is opened."""

import io
import zipfile

import openpyxl
import pytest
from django.core.exceptions import ValidationError

from core import tables
from core.tables import read_rows

ROWS = [["Prénom", "Nom", "Téléphone"], ["Zoé", "N’Guessan", "0639980001"]]


def read(raw, most=100):
    return [row for _, row in read_rows(io.BytesIO(raw), most=most)]


def xlsx(rows, **parts):
    """An XLSX of these rows; `parts` replace some of its files."""
    book, written = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(written)
    replaced = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(replaced, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, parts.get(name, source.read(name)))
        for name in parts.keys() - set(source.namelist()):
            target.writestr(name, parts[name])
    return replaced.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_csv_is_read_in_each_encoding_and_with_each_separator(encoding, delimiter):
    text = "\r\n".join(delimiter.join(row) for row in ROWS)
    assert read(text.encode(encoding)) == ROWS


def test_cells_hold_what_they_like():
    assert read(b'Nom;Adresse\r\n"O;Brien";"1 rue\nA"\r\n;\r\nX;Y\r\n') == [
        ["Nom", "Adresse"],
        ["O;Brien", "1 rue\nA"],
        ["X", "Y"],
    ]


def test_rows_keep_the_number_that_the_spreadsheet_shows():
    assert [number for number, _ in read_rows(io.BytesIO(b"a\n\n\nb\n"), most=9)] == [1, 4]


def test_an_xlsx_is_read_and_its_numbers_are_no_floats():
    assert read(xlsx([["Tél", "Né"], [639980001.0, 1941], [None, None], ["x"]])) == [
        ["Tél", "Né"],
        ["639980001", "1941"],
        ["x"],
    ]


def test_no_more_rows_are_read_than_asked():
    assert len(read(b"a\n" * 50, most=10)) == 10
    assert len(read(xlsx([["a"]] * 50), most=10)) == 10


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
CELL = '<c r="A1" t="inlineStr"><is><t>&b;</t></is></c>'


@pytest.mark.parametrize(
    "raw",
    [
        b"%PDF-1.7 x;y",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"MZ\x90\x00\x03",
        b"\x7fELF\x02\x01\x01\x00",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"<html><script>alert(1)</script>",
        b"\x81\x8d\x8f",
        b"\xff\xfe\x00\xd8\x00\x00",
        b"PK\x03\x04 not an archive",
        xlsx(ROWS, **{SHEET: b"<broken"}),
        xlsx(ROWS, **{"xl/vbaProject.bin": b"macro"}),
        b";".join([b"x"] * 61),
        b'"' + b"x" * 200_000 + b'";y',
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused(raw):
    with pytest.raises(ValidationError):
        read(raw)


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml"])
def test_entities_are_refused_wherever_they_are(part):
    sheet = f'{BOMB}<worksheet xmlns="{MAIN}"><sheetData><row r="1">{CELL}</row></sheetData></worksheet>'
    with pytest.raises(ValidationError):
        read(xlsx(ROWS, **{part: sheet.encode()}))


def test_an_archive_that_swells_is_refused_before_it_is_unpacked(monkeypatch):
    raw = xlsx(ROWS, **{"xl/media/x.xml": b"0" * (tables.LARGEST_UNPACKED + 1)})
    assert len(raw) < tables.MEGABYTE
    unpacked = []
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *args, **options: unpacked.append(args))
    with pytest.raises(ValidationError, match="une fois ouvert"):
        read(raw)
    assert unpacked == []


def test_an_archive_of_another_sort_is_refused():
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("people.csv", "Prénom;Nom")
    with pytest.raises(ValidationError):
        read(written.getvalue())


def test_a_sheet_that_says_it_is_a_million_rows_and_columns_is_read_as_it_is():
    cells = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c></row><row r="1048576"><c r="A1"><v>3</v></c></row>'
    )
    sheet = f'<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>{cells}</sheetData></worksheet>'
    assert read(xlsx(ROWS, **{SHEET: sheet.encode()})) == [["1"]]


def test_a_file_that_is_too_heavy_is_refused():
    with pytest.raises(ValidationError, match="5 Mo"):
        read(b"x" * (tables.LARGEST_FILE + 1))
