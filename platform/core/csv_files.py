"""CSV files that go to somebody's spreadsheet, where a cell that begins like a formula would be run as one."""

import csv
import io
import re
from collections.abc import Iterable

# What spreadsheets take for the beginning of a formula, in its full-width forms too.
FORMULA_SIGNS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
# Digits alone are no formula: a number with its country stays readable, and can be dialled.
_PHONE = re.compile(r"\+[0-9]{6,15}")


def neutralise(text: str) -> str:
    """Return a cell that no spreadsheet runs: with an apostrophe before what begins like a formula.

    Nothing of the text is lost, and neutralising twice changes nothing more.
    """
    bare = text.lstrip(" \u00a0")
    if (bare[:1] in FORMULA_SIGNS and bare) and not _PHONE.fullmatch(text):
        return f"'{text}"
    return text


def write_csv(rows: Iterable[Iterable[object]]) -> bytes:
    """A CSV as French spreadsheets open it: UTF-8 with its mark, semicolons; every cell neutralised."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([neutralise("" if cell is None else str(cell)) for cell in row])
    return written.getvalue().encode("utf-8-sig")
