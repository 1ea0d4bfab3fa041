"""Tables that people send: CSV or XLSX, told by what they hold and never by their name.

Whatever the file, little is read of it at once and nothing of it is run: a file that swells, or that is not what it
says, is refused before it is opened.
"""

import csv
import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

import openpyxl
from django.core.exceptions import ValidationError
from openpyxl.utils.exceptions import InvalidFileException

MEGABYTE = 1024 * 1024
LARGEST_FILE = 5 * MEGABYTE
# What the parts of an XLSX may weigh once unpacked, and how many they may be: its directory says it beforehand.
LARGEST_UNPACKED, MOST_PARTS = 50 * MEGABYTE, 300
MOST_COLUMNS = 60
# A sheet may say that its second row is the millionth: openpyxl gives each of those between.
MOST_LINES = 100_000
LONGEST_CELL = 2000
DELIMITERS = ";,\t"

ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
UNREADABLE = "Ce fichier ne se lit pas comme un tableau. Enregistrez-le au format CSV ou XLSX, puis réessayez."
TOO_LARGE = "Ce fichier est trop lourd : 5 Mo au plus. Coupez-le en plusieurs."
SWELLS = "Ce fichier est trop lourd une fois ouvert. Enregistrez-le au format CSV, puis réessayez."
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
# What a damaged or a hostile XLSX makes openpyxl raise. defusedxml refuses entities by a ValueError.
_FAULTS = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError, ValueError, KeyError, IndexError, TypeError,
    AttributeError, OSError, EOFError, NotImplementedError, RuntimeError,
)  # fmt: skip


def read_rows(file: BinaryIO, *, most: int) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, each with its number in the file; texts as they are, numbers without exponent.

    At most `most` rows are given. Raises ValidationError, in French, for what is no table of 5 Mo or less.
    """
    file.seek(0, io.SEEK_END)
    if file.tell() > LARGEST_FILE:
        raise ValidationError(TOO_LARGE)
    file.seek(0)
    beginning = file.read(len(ZIP))
    file.seek(0)
    if beginning == OLD_EXCEL:
        raise ValidationError("Ce fichier vient d’un ancien Excel. Enregistrez-le au format XLSX, puis réessayez.")
    rows = _xlsx_rows(file) if beginning == ZIP else _csv_rows(file.read())
    given = 0
    for number, row in rows:
        if len(row) > MOST_COLUMNS:
            raise ValidationError(f"Ce tableau a trop de colonnes : {MOST_COLUMNS} au plus.")
        if any(row):
            yield number, row
            given += 1
            if given == most:
                return


def _csv_rows(raw: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(raw)
    if _CONTROLS.search(text) or text.lstrip()[:1] == "<" or text.startswith(("%PDF", "{\\rtf")):
        raise ValidationError(UNREADABLE)
    first = next((line for line in text.splitlines() if line.strip()), "")
    try:
        delimiter = max(DELIMITERS, key=lambda one: len(next(csv.reader([first], delimiter=one), [])))
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            yield number, _shortened([cell.strip() for cell in row])
    except csv.Error as error:
        raise ValidationError(UNREADABLE) from error


def _decoded(raw: bytes) -> str:
    """UTF-16 and UTF-8 by their marks or by what they hold; else what French Windows writes."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in raw[:2]:
        encodings = ["utf-16-be" if raw[:1] == b"\x00" else "utf-16-le"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValidationError(UNREADABLE)


def _xlsx_rows(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    book = None
    try:
        _check_parts(file)
        # Without defusedxml, or by lxml (settings forbid it), entities would be read: better no import at all.
        if openpyxl.LXML or not openpyxl.DEFUSEDXML:
            raise ValidationError(UNREADABLE)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheet = next(one for one in book.worksheets if one.sheet_state == "visible")
        # What the file says of its own size is not believed.
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), 1):
            if number > MOST_LINES:
                return
            yield number, _shortened([_text(cell) for cell in row])
    except StopIteration as error:
        raise ValidationError(UNREADABLE) from error
    except ValidationError:
        raise
    except _FAULTS as error:
        raise ValidationError(UNREADABLE) from error
    finally:
        if book is not None:
            book.close()


def _check_parts(file: BinaryIO) -> None:
    """Look at the directory of an archive, before anything is unpacked. Python unpacks no more than it says."""
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise ValidationError(UNREADABLE)
    if any("vbaProject" in name for name in names):
        raise ValidationError("Ce fichier contient des macros. Enregistrez-le au format XLSX simple, puis réessayez.")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise ValidationError(SWELLS)
    file.seek(0)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    return str(cell).strip()


def _shortened(row: list[str]) -> list[str]:
    """A row without the empty cells at its end."""
    kept = len(row)
    while kept and not row[kept - 1]:
        kept -= 1
    return [cell[:LONGEST_CELL] for cell in row[:kept]]
