"""No cell of ours is run by a spreadsheet."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.csv_files import FORMULA_SIGNS, neutralise, write_csv


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-1+1", "'-1+1"),
        ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        (" =1", "' =1"),
        ("＝1", "'＝1"),
        ("+33639980001", "+33639980001"),
        ("+3225551212", "+3225551212"),
        ("O’Brien", "O’Brien"),
        ("Le Goff-Ménard", "Le Goff-Ménard"),
        ("", ""),
    ],
)
def test_what_begins_like_a_formula_gets_an_apostrophe(cell, written):
    assert neutralise(cell) == written


@given(st.text() | st.builds("{}{}".format, st.sampled_from(FORMULA_SIGNS), st.text()))
def test_nothing_neutralised_is_a_formula_and_nothing_is_lost(text):
    cell = neutralise(text)
    assert cell in {text, f"'{text}"}
    assert neutralise(cell) == cell
    is_number = cell[:1] == "+" and cell[1:].isascii() and cell[1:].isdigit()
    assert is_number or not cell.lstrip(" \u00a0").startswith(tuple(FORMULA_SIGNS))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), min_size=1))
def test_a_row_written_is_read_again(row):
    read = next(csv.reader(io.StringIO(write_csv([row]).decode("utf-8-sig"), newline=""), delimiter=";"))
    assert read == [neutralise(cell) for cell in row]
